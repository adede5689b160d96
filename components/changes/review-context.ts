'use client'

import { createContext, useContext } from 'react'
import type { ApplyAnswer, ChangeItem } from '@/lib/api/schemas/config/changes'

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

export const ReviewContext = createContext<Review | null>(null)

/** Every write goes through this: it opens the review of a change over the page. */
export function useChangeReview(): Review {
  const review = useContext(ReviewContext)
  if (!review) throw new Error('useChangeReview needs a ChangeReviewProvider above it')
  return review
}
