'use client'

import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import { createContext, useCallback, useContext, useMemo, useState } from 'react'
import type { ApplyAnswer, ChangeItem } from '@/lib/api/schemas/changes'

/** A change somebody wants to make, as the review shows it before anything is written. */
export interface ChangeProposal {
  title: string
  changes: ChangeItem[]
  /** a first suggestion; the person may write another */
  reason?: string
  /** what the page knows about it that the preview cannot: shown first */
  warning?: string
  /** where production can break: the text that must be typed before the change can be applied */
  typeToConfirm?: { text: string; why: string }
  confirmLabel?: string
  /** id of the change this one takes back */
  reverts?: string
  onApplied?(answer: ApplyAnswer): void
  onClosed?(): void
}

interface Review {
  review(proposal: ChangeProposal): void
}

const ReviewContext = createContext<Review | null>(null)

const ReviewDialog = dynamic(() => import('./review/ReviewDialog'), { ssr: false })

/** Every write goes through this: it opens the review of a change over the page. */
export function useChangeReview(): Review {
  const review = useContext(ReviewContext)
  if (!review) throw new Error('useChangeReview needs a ChangeReviewProvider above it')
  return review
}

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
