/** One weighted rule inside an object, whoever made it: where it is, and how its API writes a destination. */
import { applyJsonPatch, type JsonPatchOperation } from '@/lib/changes/difference/json-patch'
import type { ConfigObject } from '@/lib/mesh/inventory'

export type Fields = Readonly<Record<string, unknown>>

/** A destination as both APIs can say it; `subset` is Istio's only. */
export interface BackendRef {
  /** as written: a host of a virtual service, the name of a service of a route */
  host: string
  /** of a route's service when it is another's; null: the object's own */
  namespace: string | null
  subset: string | null
  port: number | null
}

export interface SplitRule {
  api: 'istio' | 'gateway'
  protocol: 'http' | 'grpc' | 'tcp' | 'tls'
  /** JSON pointers */
  rule: string
  list: string
  /** place of the rule among those of its kind */
  place: number
  fields: Fields
  entries: Fields[]
}

/** What an edit comes to, or why it cannot be made. */
export type Edited = { patch: JsonPatchOperation[]; object: ConfigObject } | { problem: string }

const PATH = /^spec\.(http|tcp|tls|rules)\[(\d+)\]\.(route|backendRefs)$/

/** The rule whose destinations are at `spec.http[0].route`; undefined when the object has no such rule (any more). */
export function findSplitRule(object: ConfigObject, path: string): SplitRule | undefined {
  const [, section, index, field] = PATH.exec(path) ?? []
  if (section === undefined || index === undefined || field === undefined) return undefined
  const rules = asFields(object.spec)[section]
  const place = Number(index)
  const fields: unknown = Array.isArray(rules) ? rules[place] : undefined
  if (typeof fields !== 'object' || fields === null) return undefined
  const entries = asFields(fields)[field]
  if (!Array.isArray(entries)) return undefined
  const rule = `/spec/${section}/${place}`
  return {
    api: section === 'rules' ? 'gateway' : 'istio',
    protocol: protocolOf(object.kind, section),
    rule,
    list: `${rule}/${field}`,
    place,
    fields: asFields(fields),
    entries: entries.map(asFields),
  }
}

function protocolOf(kind: string, section: string): SplitRule['protocol'] {
  if (section === 'http' || section === 'tcp' || section === 'tls') return section
  if (kind === 'GRPCRoute') return 'grpc'
  return kind === 'TCPRoute' ? 'tcp' : kind === 'TLSRoute' ? 'tls' : 'http'
}

/** Where one entry of a rule sends to. */
export function backendOf({ api }: SplitRule, entry: Fields): BackendRef {
  const at = api === 'istio' ? asFields(entry.destination) : entry
  const port = api === 'istio' ? asFields(at.port).number : at.port
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  return {
    host: text(api === 'istio' ? at.host : at.name) ?? '',
    namespace: api === 'istio' ? null : text(at.namespace),
    subset: api === 'istio' ? text(at.subset) : null,
    port: typeof port === 'number' ? port : null,
  }
}

/** A destination as the API writes it, without weight. */
export function writtenBackend(api: SplitRule['api'], backend: BackendRef): Fields {
  const { host, namespace, subset, port } = backend
  if (api === 'istio') {
    return {
      destination: {
        host,
        ...(subset === null ? {} : { subset }),
        ...(port === null ? {} : { port: { number: port } }),
      },
    }
  }
  return {
    group: '',
    kind: 'Service',
    name: host,
    ...(namespace === null ? {} : { namespace }),
    ...(port === null ? {} : { port }),
  }
}

/** Operations that hold the patch to the destinations it was made for, so that it never lands on others. */
export function testsOf({ api, list, entries }: SplitRule): JsonPatchOperation[] {
  return entries.map((entry, at): JsonPatchOperation =>
    api === 'istio'
      ? { op: 'test', path: `${list}/${at}/destination`, value: entry.destination }
      : { op: 'test', path: `${list}/${at}/name`, value: entry.name },
  )
}

/** The patch with the object it leads to. */
export function edited(object: ConfigObject, patch: JsonPatchOperation[]): Edited {
  const result = applyJsonPatch(object, patch)
  // applied to the very object it was made from, a patch of ours leaves an object
  return 'problem' in result ? { problem: result.problem } : { patch, object: result.value as ConfigObject }
}

export const GONE = 'The rule is not in the object any more: somebody changed it. Load it again.'

export function asFields(value: unknown): Fields {
  // arrays are no fields; everything else that is an object is read by name
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}
