import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { Callout } from '@/components/ui/messages/Callout'
import { DiffView, unifiedLines } from '@/components/ui/DiffView'
import type { ChangePreview, Rights } from '@/lib/api/schemas/config/changes'
import { nameOf, OPERATION_WORDS, placeOf } from '../words'
import classes from './Review.module.css'

const OWNER_ACTS = {
  'Argo CD': 'puts it back at its next sync',
  Flux: 'puts it back at its next reconciliation',
  Helm: 'overwrites it at the next upgrade',
  Flagger: 'rewrites it while a canary runs',
  'Argo Rollouts': 'rewrites it while a rollout runs',
} as const

/** One object of a change: its difference, what the API server says to it, and who else writes it. */
export function ChangedObject({
  change,
  rights,
  showsCluster,
}: {
  change: ChangePreview
  rights: Rights
  showsCluster: boolean
}) {
  const { ref, op, diff, dryRun, owner, allowed } = change
  const name = nameOf(ref, showsCluster)
  return (
    <section className={classes.object} aria-label={name}>
      <div className={classes.objectHead}>
        <h3 className={classes.objectName}>
          <span data-op={op}>{OPERATION_WORDS[op]}</span> {ref.kind}{' '}
          <span className={classes.mono}>{placeOf(ref, showsCluster)}</span>
        </h3>
        <span className={classes.verdict} data-ok={dryRun.ok || undefined}>
          {dryRun.ok ? <IconCircleCheck size={14} aria-hidden /> : <IconCircleX size={14} aria-hidden />}
          {dryRun.ok ? 'Dry run accepted' : 'Dry run refused'}
        </span>
      </div>
      {dryRun.ok ? null : (
        <Callout kind="problem" title={`The API server refuses it (${dryRun.code ?? 'rejected'})`}>
          {dryRun.message}
        </Callout>
      )}
      {dryRun.warnings.map((warning) => (
        <Callout key={warning} kind="warning" title="The API server warns">
          {warning}
        </Callout>
      ))}
      {allowed === false && (dryRun.ok || dryRun.code !== 'forbidden') ? (
        <Callout kind="problem" title="Not permitted">
          {rights.user ?? 'This user'} may not {OPERATION_WORDS[op].toLowerCase()} {name}.
        </Callout>
      ) : null}
      {allowed === null ? (
        <p className={classes.note}>
          The API server did not say whether this is permitted; the dry run tells.
        </p>
      ) : null}
      {owner ? (
        <Callout kind="warning" title={`${owner.tool} owns this object`}>
          {owner.name === null ? owner.tool : `${owner.tool} (${owner.name})`} {OWNER_ACTS[owner.tool]}, so
          change its source instead or as well. Known by {owner.evidence}.
        </Callout>
      ) : null}
      {diff === '' ? (
        <p className={classes.note}>Nothing changes in this object.</p>
      ) : (
        <DiffView label={`Differences of ${name}`} lines={unifiedLines(diff)} />
      )}
    </section>
  )
}
