/** Objects that outlive their deletion: finalizers keep them until whoever set those removes them. */
import type { ConfigObject } from '@/lib/mesh/inventory'

/** Code of an object whose deletion the API server took and has not done. */
export const DELETION_PENDING = 'deletion-pending'

/** Marked for deletion and still there. Proxies are configured by it as before. */
export function isBeingDeleted(object: ConfigObject): boolean {
  return typeof object.metadata['deletionTimestamp'] === 'string'
}

/**
 * What the deletion of an object waits for, as a sentence; null when it goes at once.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
 */
export function deletionWait({ metadata }: ConfigObject): string | null {
  const { finalizers } = metadata as { finalizers?: unknown }
  if (!Array.isArray(finalizers) || finalizers.length === 0) return null
  return `A deletion only marks it: it stays, and stays in effect, until its finalizers are removed by those who set them (${finalizers.join(', ')}).`
}
