/** How changes are named for a person. Pure. */
import type { ChangeStatus, KnownRef, Operation } from '@/lib/api/schemas/config/changes'

export const OPERATION_WORDS: Record<Operation, string> = {
  create: 'Create',
  update: 'Change',
  patch: 'Change',
  delete: 'Delete',
}

export const STATUS_WORDS: Record<ChangeStatus | 'skipped', string> = {
  applied: 'Applied',
  failed: 'Failed',
  skipped: 'Not sent',
  pending: 'Under way',
  unknown: 'Not known',
}

/** `bookinfo/reviews`, with the cluster where there are several. */
export function placeOf({ cluster, namespace, name }: KnownRef, withCluster = true): string {
  return [withCluster ? cluster : '', namespace, name].filter((part) => part !== '').join('/')
}

/** `VirtualService bookinfo/reviews`; the id of an object in keys too. */
export function nameOf(ref: KnownRef, withCluster = true): string {
  return `${ref.kind} ${placeOf(ref, withCluster)}`
}
