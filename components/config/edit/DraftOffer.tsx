'use client'

import { Button } from '@mantine/core'
import { Age } from '@/components/traces/Age'
import { Callout } from '@/components/ui/messages/Callout'
import type { Draft } from './drafts'

/** What an earlier visit left unapplied, to be taken up or thrown away. */
export function DraftOffer({
  draft,
  onRestore,
  onDiscard,
}: {
  draft: Draft | null
  onRestore: (draft: Draft) => void
  onDiscard: () => void
}) {
  if (!draft) return null
  return (
    <Callout kind="info" title="A draft of yours was not applied">
      It is from <Age atMs={draft.at} />, kept in this browser.{' '}
      <Button size="compact-xs" onClick={() => onRestore(draft)}>
        Restore draft
      </Button>{' '}
      <Button size="compact-xs" variant="default" onClick={onDiscard}>
        Discard draft
      </Button>
    </Callout>
  )
}
