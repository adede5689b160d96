/** YAML as kubectl, the API server and istiod read it. */
import {
  isScalar,
  parseDocument,
  type Document,
  type DocumentOptions,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml'

export const YAML_LIMITS = {
  /** how many nodes one alias may stand for: what a YAML bomb multiplies */
  aliases: 100,
  /** fields and items within each other; Kubernetes objects have about twenty */
  depth: 200,
} as const

/**
 * All of them read with one library, for which `yes` and `off` are booleans, `0644` is octal and `<<` takes a map in,
 * as in YAML 1.1; dates and numbers to the base of 60 are texts.
 * https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
export const AS_KUBERNETES_READS: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: 'yaml-1.1',
  customTags: (tags) => [
    ...tags.filter((tag) => typeof tag === 'string' || !(isTime(tag) || tag.tag.endsWith(':timestamp'))),
    'intOct',
  ],
}

function isTime(tag: object): boolean {
  return 'format' in tag && tag.format === 'TIME'
}

/** The value of a text of one document, or why it has none; never throws, since the text may be anybody's. */
export function readYaml(text: string): { value: unknown } | { problem: string } {
  const document = parseDocument(text, AS_KUBERNETES_READS)
  const [error] = document.errors
  return error ? { problem: yamlMessage(error) } : valueOf(document)
}

/** True when a document says nothing, as what follows a last `---`. */
export function isEmptyDocument({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null)
}

/** The value of a document without errors, or what keeps it from being one that JSON can hold. */
export function valueOf(document: Document): { value: unknown } | { problem: string } {
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: YAML_LIMITS.aliases })
  } catch (error) {
    return { problem: aliasProblem(error instanceof Error ? error.message : '') }
  }
  const problem = jsonProblem(value)
  return problem === undefined ? { value } : { problem }
}

function aliasProblem(message: string): string {
  const unresolved = /^Unresolved alias .*: (.*)$/.exec(message)
  if (unresolved) {
    return `no anchor &${unresolved[1] ?? ''} stands before the alias *${unresolved[1] ?? ''}`
  }
  return message.startsWith('Excessive alias count')
    ? `its aliases stand for more than ${YAML_LIMITS.aliases} copies; write the values out`
    : 'what << takes in must be a map, or an alias of one that stands before it'
}

/** What keeps a value from being sent as JSON, undefined when nothing does. A value within itself has no end either. */
export function jsonProblem(value: unknown): string | undefined {
  const pending: [unknown, number][] = [[value, 1]]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [at, depth] = next
    if (depth > YAML_LIMITS.depth) return `its values are nested more than ${YAML_LIMITS.depth} levels deep`
    if (typeof at === 'number' && !Number.isFinite(at)) return `JSON has no number ${at}; write another`
    if (typeof at !== 'object' || at === null) continue
    for (const part of Object.values(at)) pending.push([part, depth + 1])
  }
  return undefined
}

/** What keeps a text from being YAML, in the parser's words without the place, which is said apart. */
export function yamlMessage(error: { message: string }): string {
  return (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '') || 'not YAML'
}
