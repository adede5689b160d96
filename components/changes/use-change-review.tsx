'use client'

import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import { useCallback, useMemo, useState } from 'react'
import type { ChangeProposal } from './review-context'
import { ReviewContext } from './review-context'

export type { ChangeProposal } from './review-context'
export { useChangeReview } from './review-context'

const ReviewDialog = dynamic(() => import('./review/ReviewDialog'), { ssr: false })

/** Mounted once, in the frame of all pages; the dialog itself is fetched when it is first needed. */
export function ChangeReviewProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<{ proposal: ChangeProposal; id: number } | null>(null)
  const review = useCallback(
    (proposal: ChangeProposal) => setOpen((last) => ({ proposal, id: (last?.id ?? 0) + 1 })),
    [],
  )
  const value = useMemo(() => ({ review }), [review])
  return (
    <ReviewContext value={value}>
      {children}
      {open ? (
        <ReviewDialog
          key={open.id}
          proposal={open.proposal}
          onClose={() => {
            setOpen(null)
            open.proposal.onClosed?.()
          }}
        />
      ) : null}
    </ReviewContext>
  )
}
