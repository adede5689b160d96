'use client'

import type { QueryClient } from '@tanstack/react-query'
import { queries } from '@/lib/api/queries'
import type { ChangeItem } from '@/lib/api/schemas/config/changes'
import { invert } from '@/lib/changes/difference/invert'
import { useChangeReview } from './review-context'
import { nameOf } from './words'

/** Opens the review that takes a change back. The promise fails when the change cannot be read. */
export function useRevert(client: QueryClient): (id: string) => Promise<void> {
  const { review } = useChangeReview()
  return async (id) => {
    const change = await client.fetchQuery({ ...queries.change(id), staleTime: 0 })
    const changes: ChangeItem[] = invert(change.objects, change.knownBy === 'watch')
    if (changes.length === 0)
      throw new Error('This change applied nothing that is known, so there is nothing to take back.')
    const [first] = change.objects
    const what = change.objects.length === 1 && first ? nameOf(first.ref, false) : `${changes.length} objects`
    review({
      title: `Revert the change of ${what}`,
      changes,
      reason: `Revert of ${id}${change.reason === null ? '' : ` (${change.reason})`}`.slice(0, 1_000),
      reverts: id,
      confirmLabel: 'Revert',
    })
  }
}
