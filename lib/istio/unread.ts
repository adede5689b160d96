/**
 * Kinds that may not be read: that no object of one is known says nothing of how many there are. Workloads are known by
 * their pods too, so that none is there is known where Pods may be read.
 */
import type { ClusterInventory } from '@/lib/mesh/inventory'

/** Whether objects of a kind may be there unseen. */
export function isUnread(
  { inventory }: { inventory: Pick<ClusterInventory, 'unread'> },
  kind: string,
): boolean {
  return inventory.unread?.some((one) => one === kind || one.startsWith(`${kind}.`)) ?? false
}

/** In place of a mode that PeerAuthentications decide; a clause without its full stop. */
export const MODE_UNREAD = 'The mode is not known: Heddle may not read PeerAuthentications'
