/** What is told to somebody who may not see all namespaces, without the names of what lies in the others. Pure. */

export type IsHidden = (namespace: string) => boolean

const INSTEAD = '(not yours to see)'
/** `[{cluster}/]{namespace}/{name}` as sentences have it; ids and paths are longer, and versions of an API have dots before. */
const PLACED = /(?<![\w./-])(?:[\w.-]+\/)?([\w-]+)\/[\w*](?:[\w.*-]*[\w*])?(?![\w*/-])/g

/** `PeerAuthentication istio-system/default` becomes `PeerAuthentication (not yours to see)`. */
export function withoutHiddenNames(sentence: string, isHidden: IsHidden): string {
  return sentence.replaceAll(PLACED, (whole, namespace: string) => (isHidden(namespace) ? INSTEAD : whole))
}

/** Fields that hold sentences; ids, hosts and what somebody wrote are none. */
const SENTENCES = new Set(['message', 'reason', 'reasons', 'text', 'words', 'why', 'by', 'who', 'commands'])
/** Fields that say where a sentence comes from. */
const SOURCES = new Set(['source', 'object'])

/**
 * The same value with the sentences in it told so, however deep they lie, and without the objects they come from: those
 * become null. Nothing is changed in place.
 */
export function hideNames<T>(value: T, isHidden: IsHidden): T
export function hideNames(value: unknown, isHidden: IsHidden): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => hideNames(one, isHidden))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      if (SENTENCES.has(key)) return [key, inSentences(inner, isHidden)]
      if (SOURCES.has(key) && isOfHidden(inner, isHidden)) return [key, null]
      return [key, hideNames(inner, isHidden)]
    }),
  )
}

function inSentences(value: unknown, isHidden: IsHidden): unknown {
  if (typeof value === 'string') return withoutHiddenNames(value, isHidden)
  return Array.isArray(value)
    ? value.map((one: unknown) => inSentences(one, isHidden))
    : hideNames(value, isHidden)
}

function isOfHidden(value: unknown, isHidden: IsHidden): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { namespace, name, workload } = value as Readonly<Record<string, unknown>>
  return typeof namespace === 'string' && name !== undefined && workload === undefined && isHidden(namespace)
}
