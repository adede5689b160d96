/** Text of YAML documents to objects that remember their lines. */
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml'
import { z } from 'zod'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { FieldPath } from './finding'

export const LIMITS = {
  /** characters of all documents together */
  characters: 5_000_000,
  documents: 10_000,
  /** how many nodes one alias may stand for: what a YAML bomb multiplies */
  aliases: 100,
  /** fields and items within each other; Kubernetes objects have about twenty */
  depth: 200,
} as const

/** Why the text is no set of Kubernetes objects, and where. */
export interface DocumentProblem {
  message: string
  /** from 1; null when it is about the text as a whole */
  line: number | null
}

export interface ParsedDocuments {
  objects: ConfigObject[]
  problems: DocumentProblem[]
  /** line of a place in an object of `objects`; the nearest enclosing one when the place is absent */
  lineOf(object: ConfigObject, path: FieldPath | null): number | null
}

const strings = z.record(z.string(), z.string()).nullish()
const kubernetesObject = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().nullish(),
    labels: strings,
    annotations: strings,
  }),
})

/**
 * Every Kubernetes object in the text; `List` objects are opened; empty documents are passed over.
 * Objects of namespaced kinds without a namespace get `defaultNamespace`.
 * A document that is no object is a problem with its line, and the others are still answered.
 */
export function parseDocuments(text: string, defaultNamespace = 'default'): ParsedDocuments {
  const objects: ConfigObject[] = []
  const problems: DocumentProblem[] = []
  const sources = new WeakMap<ConfigObject, { root: Node; lines: LineCounter }>()

  const done = (): ParsedDocuments => ({
    objects,
    problems,
    lineOf: (object, path) => {
      const source = sources.get(object)
      return source ? lineAt(source.root, source.lines, path ?? []) : null
    },
  })

  if (text.length > LIMITS.characters) {
    problems.push({
      message: `the text has ${text.length} characters; at most ${LIMITS.characters} are read`,
      line: null,
    })
    return done()
  }
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true }) as Document[]
  if (documents.length > LIMITS.documents) {
    problems.push({
      message: `there are ${documents.length} documents; at most ${LIMITS.documents} are read`,
      line: null,
    })
    return done()
  }

  const add = (value: unknown, root: Node) => {
    const line = lineAt(root, lines, [])
    const parsed = kubernetesObject.safeParse(value)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const place = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
      problems.push({ message: `not a Kubernetes object: ${place}${issue?.message}`, line })
      return
    }
    const object = parsed.data as unknown as ConfigObject
    if (!object.metadata.namespace && !CLUSTER_SCOPED.has(object.kind))
      object.metadata.namespace = defaultNamespace
    objects.push(object)
    sources.set(object, { root, lines })
  }

  for (const document of documents) {
    const error = document.errors[0]
    if (error) {
      problems.push({
        message: yamlMessage(error),
        line: error.linePos?.[0].line ?? null,
      })
      continue
    }
    const root = document.contents
    if (!root || isEmptyDocument(document)) continue
    const plain = valueOf(document)
    if ('problem' in plain) {
      problems.push({ message: plain.problem, line: lineAt(root, lines, []) })
      continue
    }
    const { value } = plain
    const items = isMap(root) ? root.get('items') : undefined
    if (isSeq(items) && isMap(root) && String(root.get('kind') ?? '').endsWith('List')) {
      const values = (value as { items: unknown[] }).items
      items.items.forEach((item, index) => add(values[index], item as Node))
    } else {
      add(value, root)
    }
  }
  return done()
}

/** True when a document says nothing, as what follows a last `---`. */
export function isEmptyDocument({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null)
}

/** The value of a document without errors, or what keeps it from being one that JSON can hold. */
export function valueOf(document: Document): { value: unknown } | { problem: string } {
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: LIMITS.aliases })
  } catch (error) {
    const unresolved = /^Unresolved alias .*: (.*)$/.exec(error instanceof Error ? error.message : '')
    const problem = unresolved
      ? `no anchor &${unresolved[1] ?? ''} stands before the alias *${unresolved[1] ?? ''}`
      : `its aliases stand for more than ${LIMITS.aliases} copies; write the values out`
    return { problem }
  }
  const problem = jsonProblem(value)
  return problem === undefined ? { value } : { problem }
}

/** What keeps a value from being sent as JSON, undefined when nothing does. A value within itself has no end either. */
export function jsonProblem(value: unknown): string | undefined {
  const pending: [unknown, number][] = [[value, 1]]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [at, depth] = next
    if (depth > LIMITS.depth) return `its values are nested more than ${LIMITS.depth} levels deep`
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

/** Kinds without a namespace that documents commonly hold. */
const CLUSTER_SCOPED = new Set([
  'Namespace',
  'Node',
  'GatewayClass',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'PersistentVolume',
  'StorageClass',
  'PriorityClass',
])

function lineAt(root: Node, lines: LineCounter, path: FieldPath): number | null {
  let node: Node = root
  let offset = root.range?.[0]
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part))
      if (!pair) break
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset
      if (!pair.value) break
      node = pair.value as Node
    } else if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part] as Node | undefined
      if (!item) break
      node = item
      offset = node.range?.[0] ?? offset
    } else break
  }
  return offset === undefined ? null : lines.linePos(offset).line
}
