'use client'

import { Modal, Skeleton } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Failure } from '@/components/ui/messages/Failure'
import { useFocusBack } from '@/components/hooks/use-focus-back'
import { Callout } from '@/components/ui/messages/Callout'
import { ConflictVersions } from '@/lib/api/schemas/config/changes'
import type { ChangeProposal } from '../review-context'
import { Conflict } from './Conflict'
import { OutcomeView } from './OutcomeView'
import { Ready } from './Ready'
import classes from './Review.module.css'
import { conflictIn, useReview } from './use-review'
import { ApiFailure } from '@/lib/api/fetch'

/** One change from preview to result. The page below keeps what was edited until it hears that it was applied. */
export default function ReviewDialog({
  proposal,
  onClose,
}: {
  proposal: ChangeProposal
  onClose: () => void
}) {
  const { items, preview, apply, outcome, failure, restart } = useReview(proposal)
  // kept through conflicts and refusals
  const [reason, setReason] = useState(proposal.reason ?? '')
  const versions = ConflictVersions.safeParse(conflictIn(failure))
  useLeaveGuard(apply.isPending)
  useFocusBack(true)
  // an answer that is under way is not left by accident
  const close = () => (apply.isPending ? undefined : onClose())
  return (
    <Modal
      opened
      onClose={close}
      title={proposal.title}
      size="min(1120px, 94vw)"
      yOffset="4vh"
      // its style sheet for the page below would have no nonce; pages scroll inside themselves
      closeOnClickOutside={false}
      closeOnEscape={!apply.isPending}
      closeButtonProps={{ 'aria-label': 'Close', disabled: apply.isPending }}
      classNames={{ title: classes.title, header: classes.header, body: classes.body }}
      transitionProps={{ duration: 150 }}
    >
      {outcome ? (
        <OutcomeView
          outcome={outcome}
          title={proposal.title}
          onAgain={() => restart(items)}
          onClose={onClose}
        />
      ) : versions.success ? (
        <Conflict
          versions={versions.data}
          items={items}
          message={failure?.message ?? ''}
          onRebased={restart}
          onClose={onClose}
        />
      ) : preview.data ? (
        <Ready
          proposal={proposal}
          preview={preview.data}
          reason={reason}
          onReason={setReason}
          isApplying={apply.isPending}
          refusal={apply.error}
          onApply={() => apply.mutate({ preview: preview.data, reason })}
          onClose={onClose}
        />
      ) : preview.error ? (
        <div className={classes.part}>
          {preview.error instanceof ApiFailure && !preview.error.retryable ? (
            <Callout kind="problem" title="This change cannot be made">
              {preview.error.message} Nothing was applied; close this to correct it.
            </Callout>
          ) : (
            <Failure
              error={preview.error}
              title="The change could not be previewed"
              onRetry={() => void preview.refetch()}
            />
          )}
        </div>
      ) : (
        <Loading />
      )}
    </Modal>
  )
}

function Loading() {
  return (
    <div className={classes.columns} role="status" aria-label="Asking what the change would do" aria-busy>
      <div className={classes.part}>
        <Skeleton height={14} width="40%" />
        <Skeleton height={260} mt={12} />
      </div>
      <div className={classes.aside}>
        <Skeleton height={14} width="60%" />
        <Skeleton height={80} mt={12} />
      </div>
    </div>
  )
}

/** While a change is sent, leaving the page would lose its result from sight: the browser asks first. */
function useLeaveGuard(isActive: boolean) {
  useEffect(() => {
    if (!isActive) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isActive])
}
