/**
 * Kinds that may not be read: that no object of one is known says nothing of how many there are. Workloads are known by
 * their pods too, so that none is there is known where Pods may be read.
 */
import type { ClusterInventory } from '@/lib/mesh/inventory'

/** What pods run for: a selector chooses from these. */
export const WORKLOADS: readonly string[] = [
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Rollout', 'Pod'],
]

/** Whether objects of a kind may be there unseen. */
export function isUnread(
  { inventory }: { inventory: Pick<ClusterInventory, 'unread'> },
  kind: string,
): boolean {
  return inventory.unread?.some((one) => one === kind || one.startsWith(`${kind}.`)) ?? false
}

/** Of some kinds those whose objects may be there unseen, in the order in which they were asked for. */
export function unreadAmong(inventory: Pick<ClusterInventory, 'unread'>, kinds: readonly string[]): string[] {
  // nearly always all may be read, and every object of a large mesh asks
  return inventory.unread ? kinds.filter((kind) => isUnread({ inventory }, kind)) : []
}

const MOST_NAMED = 5

/** Kinds as the objects of a sentence: `VirtualServices, DestinationRules and Events`. */
export function wordsOfKinds(kinds: readonly string[]): string {
  const named = kinds.slice(0, MOST_NAMED).map(manyOf)
  const rest = kinds.length - named.length
  const all = rest > 0 ? [...named, `${rest} more ${rest === 1 ? 'kind' : 'kinds'}`] : named
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : (all[0] ?? '')
}

function manyOf(kind: string): string {
  if (/[^aeiou]y$/.test(kind)) return `${kind.slice(0, -1)}ies`
  return kind.endsWith('s') ? `${kind}es` : `${kind}s`
}

/** In place of a mode that PeerAuthentications decide; a clause without its full stop. */
export const MODE_UNREAD = 'The mode is not known: Heddle may not read PeerAuthentications'
