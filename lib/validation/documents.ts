/** Text of YAML documents to objects that remember their lines. */
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml'
import { z } from 'zod'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { FieldPath } from './finding'
import { AS_KUBERNETES_READS, isEmptyDocument, valueOf, yamlMessage } from './yaml'

export const LIMITS = {
  /** characters of all documents together */
  characters: 5_000_000,
  documents: 10_000,
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
  const documents = parseAllDocuments(text, { lineCounter: lines, ...AS_KUBERNETES_READS }) as Document[]
  if (documents.length > LIMITS.documents) {
    problems.push({
      message: `there are ${documents.length} documents; at most ${LIMITS.documents} are read`,
      line: null,
    })
    return done()
  }

  const add = (value: unknown, root: Node) => {
    const parsed = kubernetesObject.safeParse(value)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const line = lineAt(
        root,
        lines,
        (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part))),
      )
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
