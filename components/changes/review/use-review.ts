'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiFailure } from '@/lib/api/fetch'
import type { ApplyAnswer, ChangeItem, ChangeSummary, PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { applyChange, findByToken, previewChange } from '@/lib/api/write-changes'
import type { ChangeProposal } from '../review-context'
import { guardedItems, isWordOfHeddle, newToken } from './sent'

/** How long a change whose answer was lost is looked for before it counts as never recorded. */
const SEARCH_MS = 30_000
const SEARCH_EVERY_MS = 2_000

export type Outcome =
  | { kind: 'answered'; answer: ApplyAnswer }
  /** the answer was lost; `found`: what the history says, null: nothing is recorded, undefined: still looking */
  | { kind: 'lost'; found: ChangeSummary | null | undefined; isSearchOver: boolean }

/** One review from preview to result: what was asked of the server, and what it said. */
export function useReview(proposal: ChangeProposal) {
  const client = useQueryClient()
  const [items, setItems] = useState<readonly ChangeItem[]>(proposal.changes)
  const [attempt, setAttempt] = useState(0)
  const [token, setToken] = useState(newToken)
  const [lostAt, setLostAt] = useState<number | null>(null)
  const key = ['change-preview', token, attempt] as const

  const preview = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => previewChange(bodyOf(items, proposal.reverts), signal),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

  const apply = useMutation({
    mutationFn: ({ preview: seen, reason }: { preview: PreviewAnswer; reason: string }) =>
      applyChange({
        ...bodyOf(guardedItems(items, seen), proposal.reverts),
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        token,
      }),
    // neither again nor later: a write happens when it was asked for, or not at all
    networkMode: 'always',
    retry: false,
    onSuccess: (answer) => {
      refreshAll()
      proposal.onApplied?.(answer)
    },
    onError: (error) => {
      if (!isWordOfHeddle(error)) setLostAt(Date.now())
    },
  })

  const search = useQuery({
    queryKey: ['change-by-token', token],
    queryFn: async () => {
      const found = (await findByToken(token)) ?? null
      if (found && found.status !== 'pending') refreshAll()
      return { found }
    },
    enabled: lostAt !== null,
    gcTime: 0,
    retry: false,
    networkMode: 'always',
    refetchInterval: ({ state }) => {
      const found = state.data?.found
      if (found && found.status !== 'pending') return false
      return !found && isOver(state.dataUpdatedAt, lostAt) ? false : SEARCH_EVERY_MS
    },
  })

  /** Whatever pages show may be another now. */
  function refreshAll() {
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] })
  }

  function restart(next: readonly ChangeItem[]) {
    setItems(next)
    setAttempt((last) => last + 1)
    setToken(newToken())
    setLostAt(null)
    apply.reset()
  }

  const isSearchOver = isOver(search.dataUpdatedAt, lostAt)
  const outcome: Outcome | null = apply.data
    ? { kind: 'answered', answer: apply.data }
    : lostAt === null
      ? null
      : { kind: 'lost', found: search.data?.found, isSearchOver }
  const failure = apply.error ?? preview.error
  return { items, preview, apply, outcome, failure: outcome ? null : failure, restart }
}

/** The history answered, long enough after the answer was lost: what is not there by then was not recorded. */
function isOver(answeredAt: number, lostAt: number | null): boolean {
  return lostAt !== null && answeredAt > lostAt + SEARCH_MS
}

function bodyOf(items: readonly ChangeItem[], reverts: string | undefined) {
  return { changes: [...items], ...(reverts === undefined ? {} : { reverts }) }
}

/** The versions of a conflict, when the failure is one. */
export function conflictIn(failure: Error | null): unknown {
  return failure instanceof ApiFailure && failure.code === 'conflict' ? failure.details : null
}
