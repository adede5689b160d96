/**
 * Names of things in the mesh and the readable ids built from them.
 * A bare name identifies nothing: cluster and namespace always belong to it.
 */

/** Word that Istio's proxies write where they know nothing of an end. */
export const UNKNOWN = 'unknown'

export const NODE_KINDS = ['workload', 'app', 'service', 'external', 'unknown'] as const
export type NodeKind = (typeof NODE_KINDS)[number]

interface NamespaceRef {
  cluster: string
  namespace: string
}

/** What a node id says; `version` only for an app's version. */
export interface NodeRef extends NamespaceRef {
  kind: NodeKind
  name: string
  version?: string
}

/** `{cluster}/{namespace}/{kind}/{name}[/{version}]`; parts are percent-encoded where they hold a slash. */
export function nodeId(ref: NodeRef): string {
  const parts = [ref.cluster, ref.namespace, ref.kind, ref.name]
  if (ref.version !== undefined) parts.push(ref.version)
  return parts.map(escapePart).join('/')
}

/** The parts of a node id, or undefined when it is not one. */
export function parseNodeId(id: string): NodeRef | undefined {
  const parts = id.split('/')
  if (parts.length !== 4 && parts.length !== 5) return undefined
  let plain: string[]
  try {
    plain = parts.map(decodeURIComponent)
  } catch {
    return undefined
  }
  const [cluster, namespace, kind, name, version] = plain as [string, string, string, string, string?]
  if (!NODE_KINDS.includes(kind as NodeKind) || name === '') return undefined
  const ref: NodeRef = { cluster, namespace, kind: kind as NodeKind, name }
  return version === undefined ? ref : { ...ref, version }
}

/** `{source id}>{target id}#{protocol}`: one edge per protocol and pair. */
export function edgeId(source: string, target: string, protocol: string): string {
  return `${source}>${target}#${protocol}`
}

function escapePart(part: string): string {
  return part.replace(/[%/>#]/g, encodeURIComponent)
}
