/** Which PeerAuthentication decides how a pod is spoken to. */
import type { World } from '../world'
import { selects, type Labels } from './selectors'
import { peerPolicies, widePolicy, type PeerPolicy } from './wide-tls'

export interface Decision {
  /** undefined where nobody sets a mode */
  policy: PeerPolicy | undefined
  /** single ports have modes of their own */
  hasPorts: boolean
}

/**
 * The policy whose mode holds for a pod with these labels: its own, else its namespace's, else the mesh's, the oldest
 * of each; an unset mode asks the next one.
 */
export function decisionFor(world: World, pod: { namespace: string; labels: Labels }): Decision {
  const root = world.mesh.rootNamespace
  const isRoot = pod.namespace === root
  const selecting = isRoot
    ? undefined
    : peerPolicies(world, pod.namespace).find(
        ({ selector }) => Object.keys(selector).length > 0 && selects(selector, pod.labels),
      )
  return {
    policy:
      ifSet(selecting) ??
      (isRoot ? undefined : ifSet(widePolicy(world, pod.namespace))) ??
      ifSet(widePolicy(world, root)),
    hasPorts: selecting?.hasPorts ?? false,
  }
}

function ifSet(policy: PeerPolicy | undefined): PeerPolicy | undefined {
  return policy?.mode ? policy : undefined
}
