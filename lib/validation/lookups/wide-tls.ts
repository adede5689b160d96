/** TLS settings that hold for a mesh or a namespace, on the side of servers and of callers. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asText, asTextMap, fullName, isFields, specOf } from '../read'
import { append, namespaceOf, type World } from '../world'
import { DESTINATION_RULE, PEER_AUTHENTICATION } from './kinds'
import type { Labels } from './selectors'

const MESH_HOSTS = new Set(['*', '*.local', '*.cluster.local', '*.svc.cluster.local'])

/** Whom a destination rule is for, where that is more than a service: a namespace's name, or `*` for the mesh. */
export function widthOf(rule: ConfigObject): string | undefined {
  const host = asText(specOf(rule).host)
  if (MESH_HOSTS.has(host)) return '*'
  return /^\*\.([^.*]+)\.svc\.cluster\.local$/.exec(host)?.[1]
}

export function clientMode(rule: ConfigObject): string {
  return asText(asFields(asFields(specOf(rule).trafficPolicy).tls).mode)
}

/** Destination rules for more than one service, by `*` or namespace. */
function indexWideRules(world: World): ReadonlyMap<string, readonly ConfigObject[]> {
  const byWidth = new Map<string, ConfigObject[]>()
  for (const rule of world.list(DESTINATION_RULE)) {
    const width = widthOf(rule)
    if (width !== undefined) byWidth.set(width, [...(byWidth.get(width) ?? []), rule])
  }
  return byWidth
}

export function wideRules(world: World, width: string): readonly ConfigObject[] {
  return world.lookup(indexWideRules, width) ?? []
}

/** What a PeerAuthentication sets: an edit that sets nothing else leaves it the same. */
export interface PeerPolicy {
  /** `namespace/name` */
  name: string
  /** of the pods it is for; empty: all of them */
  selector: Labels
  /** empty: that of the policy above */
  mode: string
  /** single ports have modes of their own */
  hasPorts: boolean
}

/** By namespace, the oldest first. */
function indexPeerPolicies(world: World): ReadonlyMap<string, readonly PeerPolicy[]> {
  const byNamespace = new Map<string, PeerPolicy[]>()
  for (const object of [...world.list(PEER_AUTHENTICATION)].sort(byAge)) {
    const { selector, portLevelMtls } = specOf(object)
    const mode = modeOf(object)
    append(byNamespace, namespaceOf(object), {
      name: fullName(object),
      selector: asTextMap(asFields(selector).matchLabels),
      mode: mode === 'UNSET' ? '' : mode,
      hasPorts: Object.keys(asFields(portLevelMtls)).length > 0,
    })
  }
  return byNamespace
}

/** PeerAuthentications of a namespace, the oldest first. */
export function peerPolicies(world: World, namespace: string): readonly PeerPolicy[] {
  return world.lookup(indexPeerPolicies, namespace) ?? []
}

/** The one of a namespace without selector, the oldest of several. */
export function widePolicy(world: World, namespace: string): PeerPolicy | undefined {
  return peerPolicies(world, namespace).find(({ selector }) => Object.keys(selector).length === 0)
}

/** The mode PeerAuthentications without selector set for a namespace alone, the oldest one; empty for none. */
export function serverMode(world: World, namespace: string): string {
  return widePolicy(world, namespace)?.mode ?? ''
}

export function modeOf(policy: ConfigObject): string {
  return asText(asFields(specOf(policy).mtls).mode)
}

export function isForAll(policy: ConfigObject): boolean {
  const { selector } = specOf(policy)
  return !isFields(selector) || Object.keys(asTextMap(selector.matchLabels)).length === 0
}

/** The oldest first, of equals the first by name; what is not made yet is younger than all there is. */
function byAge(a: ConfigObject, b: ConfigObject): number {
  const ageOf = ({ metadata }: ConfigObject) => metadata.creationTimestamp ?? '9'
  const nameOf = (object: ConfigObject) => `${namespaceOf(object)}/${object.metadata.name}`
  const [first, second] = [`${ageOf(a)} ${nameOf(a)}`, `${ageOf(b)} ${nameOf(b)}`]
  return Number(first > second) - Number(first < second)
}
