/** What is said of a change as a whole that was sent. Pure. */
import type { AppliedObject, ChangeStatus } from '@/lib/api/schemas/config/changes'
import { DELETION_PENDING } from '@/lib/changes/deletion'

export interface Verdict {
  kind: 'good' | 'problem' | 'warning'
  title: string
  text: string
  /** words of the way back; null while there is none: what is not settled cannot be taken back yet */
  wayBack: string | null
}

/** `title` says what the change does. */
export function verdictOf(
  {
    status,
    objects,
  }: {
    status: ChangeStatus
    objects: readonly (Pick<AppliedObject, 'status'> & { error?: AppliedObject['error'] })[]
  },
  title: string,
): Verdict {
  if (status === 'applied') return { kind: 'good', title: 'Applied', text: title, wayBack: 'Revert' }
  const isPartly = objects.some((object) => object.status === 'applied')
  const open = objects.filter((object) => object.status === 'pending')
  if (status === 'pending' && open.every(({ error }) => error?.code === DELETION_PENDING)) {
    return {
      kind: 'warning',
      title: 'Marked for deletion, not deleted yet',
      text: 'The API server took the deletion and keeps the object until its finalizers are removed. Heddle marks the change as applied when it is gone.',
      wayBack: null,
    }
  }
  if (status === 'pending') {
    return {
      kind: 'warning',
      title: isPartly ? 'Applied in part; the rest is not known' : 'Not known whether it was applied',
      text: 'The API server did not answer in time. Heddle compares the object with the record and settles it within a few minutes.',
      wayBack: null,
    }
  }
  const wayBack = isPartly ? 'Roll back what was applied' : null
  if (status === 'unknown') {
    return {
      kind: 'warning',
      title: isPartly ? 'Applied in part; the rest is not known' : 'Not known whether it was applied',
      text: 'An object is neither as it was before nor as it was sent: somebody else changed it since.',
      wayBack,
    }
  }
  const hasFailed = objects.some((object) => object.status === 'failed')
  if (!isPartly) return { kind: 'problem', title: 'Not applied', text: 'Nothing was changed.', wayBack }
  return {
    kind: 'problem',
    title: 'Applied in part',
    text: `${hasFailed ? 'One object failed' : 'One object was not done in time'}, so those after it were not sent. What was applied stands until it is rolled back.`,
    wayBack,
  }
}
