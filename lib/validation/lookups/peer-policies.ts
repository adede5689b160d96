/** Which PeerAuthentication decides how a pod is spoken to. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asTextMap, specOf } from '../read'
import type { World } from '../world'
import { PEER_AUTHENTICATION } from './kinds'
import { selects, type Labels } from './selectors'
import { byAge, isForAll, modeOf } from './wide-tls'

export interface Decision {
  /** undefined where nobody sets a mode */
  policy: ConfigObject | undefined
  /** single ports have modes of their own */
  hasPorts: boolean
}

/**
 * The policy whose mode holds for a pod with these labels: its own, else its namespace's, else the mesh's, the oldest
 * of each; an unset mode asks the next one.
 */
export function decisionFor(world: World, pod: { namespace: string; labels: Labels }): Decision {
  const root = world.mesh.rootNamespace
  const own = pod.namespace === root ? [] : oldestFirst(world.inNamespace(PEER_AUTHENTICATION, pod.namespace))
  const selecting = own.find((one) => !isForAll(one) && selects(selectorOf(one), pod.labels))
  const wide = own.find(isForAll)
  const mesh = oldestFirst(world.inNamespace(PEER_AUTHENTICATION, root)).find(isForAll)
  return {
    policy: [selecting, wide, mesh].find((one) => one !== undefined && !['', 'UNSET'].includes(modeOf(one))),
    hasPorts: Object.keys(asFields(selecting && specOf(selecting).portLevelMtls)).length > 0,
  }
}

function selectorOf(object: ConfigObject): Labels {
  return asTextMap(asFields(specOf(object).selector).matchLabels)
}

function oldestFirst(objects: readonly ConfigObject[]): ConfigObject[] {
  return [...objects].sort(byAge)
}
