'use client'

import { Button, Textarea, TextInput } from '@mantine/core'
import type { KeyboardEvent } from 'react'
import { useId, useState } from 'react'
import { useStatus } from '@/components/hooks/use-status'
import { Callout } from '@/components/ui/messages/Callout'
import { UPSTREAM_NAMES } from '@/components/ui/messages/upstream-names'
import { Notices } from '@/components/ui/messages/Notices'
import { ApiFailure } from '@/lib/api/fetch'
import type { PreviewAnswer } from '@/lib/api/schemas/config/changes'
import type { ChangeProposal } from '../review-context'
import { ChangedObject } from './ChangedObject'
import { ExportMenu } from './ExportMenu'
import { FindingsOf } from './FindingsOf'
import { ImpactOf } from './ImpactOf'
import { isDestructive, whyNotApply } from './readiness'
import classes from './Review.module.css'

/** What the change would do, and the one deliberate act that does it. */
export function Ready({
  proposal,
  preview,
  reason,
  onReason,
  isApplying,
  refusal,
  onApply,
  onClose,
}: {
  proposal: ChangeProposal
  preview: PreviewAnswer
  reason: string
  onReason: (reason: string) => void
  isApplying: boolean
  /** why the server did not apply it; nothing was written */
  refusal: Error | null
  onApply: () => void
  onClose: () => void
}) {
  const [typed, setTyped] = useState('')
  const whyId = useId()
  const confirm = proposal.typeToConfirm ?? null
  const whyNot = whyNotApply(preview, { reason, typed, typeToConfirm: confirm?.text ?? null })
  const isDangerous = isDestructive(preview) || confirm !== null
  const readable = useStatus().data?.objects.filter(({ isReadable }) => isReadable) ?? []
  const clusters = new Set(
    [...readable, ...preview.changes.map(({ ref }) => ref)].map(({ cluster }) => cluster),
  )
  return (
    <>
      <div className={classes.columns}>
        <div className={classes.part}>
          {proposal.warning ? (
            <Callout kind="warning" title="Before you apply">
              {proposal.warning}
            </Callout>
          ) : null}
          {refusal ? <Refusal error={refusal} /> : null}
          <Notices notices={preview.notices} />
          {preview.changes.map((change) => (
            <ChangedObject
              key={`${change.ref.cluster} ${change.ref.group} ${change.ref.kind} ${change.ref.namespace} ${change.ref.name}`}
              change={change}
              rights={preview.rights}
              showsCluster={clusters.size > 1}
            />
          ))}
        </div>
        <div className={classes.aside}>
          <ImpactOf impact={preview.impact} isRead={preview.findings !== null} />
          <FindingsOf
            findings={preview.findings}
            isPartial={preview.notices.some(({ code }) => code === 'kinds-forbidden')}
          />
          <section className={classes.section} aria-label="Rights">
            <h3 className={classes.head}>Whose rights are used</h3>
            <p className={classes.note}>
              {preview.rights.isShared
                ? `Heddle’s own${preview.rights.user === null ? '' : ` (${preview.rights.user})`}: there is no sign-in here, so the history cannot tell who you are.`
                : `Yours${preview.rights.user === null ? '' : ` (${preview.rights.user})`}.`}
            </p>
          </section>
          <Textarea
            label={preview.requiresReason ? 'Reason' : 'Reason (optional)'}
            description="Kept with the change, for those who look later."
            required={preview.requiresReason}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={1000}
            size="xs"
            value={reason}
            disabled={isApplying}
            onChange={(event) => onReason(event.currentTarget.value)}
          />
          {confirm ? (
            <TextInput
              label={`Type ${confirm.text} to confirm`}
              description={confirm.why}
              size="xs"
              autoComplete="off"
              spellCheck={false}
              value={typed}
              disabled={isApplying}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          ) : null}
        </div>
      </div>
      <footer className={classes.footer}>
        <ExportMenu changes={preview.changes} />
        <span className={classes.spacer} />
        <span id={whyId} className={classes.why} role="status">
          {isApplying ? 'Applying…' : (whyNot ?? '')}
        </span>
        <Button variant="default" size="xs" onClick={onClose} disabled={isApplying} data-autofocus>
          Cancel
        </Button>
        <Button
          size="xs"
          color={isDangerous ? 'red' : undefined}
          onClick={onApply}
          onKeyDown={isDangerous ? withoutEnter : undefined}
          loading={isApplying}
          disabled={whyNot !== null}
          aria-describedby={whyId}
        >
          {proposal.confirmLabel ?? 'Apply change'}
        </Button>
      </footer>
    </>
  )
}

function Refusal({ error }: { error: Error }) {
  const away = error instanceof ApiFailure && error.retryable && error.upstream ? error.upstream : null
  const title = away ? `Nothing was applied: ${UPSTREAM_NAMES[away]} does not answer` : 'Nothing was applied'
  return (
    <Callout kind="problem" title={title}>
      {error.message}
      {away ? ` The change is kept here: apply it again when ${UPSTREAM_NAMES[away]} answers.` : ''}
    </Callout>
  )
}

/** What breaks things takes a click or Space: Enter is pressed by habit. */
function withoutEnter(event: KeyboardEvent) {
  if (event.key === 'Enter') event.preventDefault()
}
