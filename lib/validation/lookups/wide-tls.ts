/** TLS settings that hold for a mesh or a namespace, on the side of servers and of callers. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asText, asTextMap, isFields, specOf } from '../read'
import { namespaceOf, type World } from '../world'
import { DESTINATION_RULE, PEER_AUTHENTICATION } from './kinds'

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

/** The mode PeerAuthentications without selector set for a namespace alone, the oldest one; empty for none. */
export function serverMode(world: World, namespace: string): string {
  const policy = world.inNamespace(PEER_AUTHENTICATION, namespace).filter(isForAll).sort(byAge)[0]
  const mode = policy ? modeOf(policy) : ''
  return mode === 'UNSET' ? '' : mode
}

export function modeOf(policy: ConfigObject): string {
  return asText(asFields(specOf(policy).mtls).mode)
}

export function isForAll(policy: ConfigObject): boolean {
  const { selector } = specOf(policy)
  return !isFields(selector) || Object.keys(asTextMap(selector.matchLabels)).length === 0
}

/** The oldest first, of equals the first by name; what is not made yet is younger than all there is. */
export function byAge(a: ConfigObject, b: ConfigObject): number {
  const ageOf = ({ metadata }: ConfigObject) => metadata.creationTimestamp ?? '9'
  const nameOf = (object: ConfigObject) => `${namespaceOf(object)}/${object.metadata.name}`
  const [first, second] = [`${ageOf(a)} ${nameOf(a)}`, `${ageOf(b)} ${nameOf(b)}`]
  return Number(first > second) - Number(first < second)
}
