import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { pagePaths, type Scope } from '@/lib/api/paths'
import plain from '@/components/ui/Plain.module.css'
import type { FindingCounts as Counts, Notice } from '@/lib/api/schemas/common'
import classes from './Overview.module.css'
import { Panel } from './Panel'

const SEVERITIES = ['error', 'warning', 'info'] as const
const NAMES = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['hint', 'hints'],
} as const
const TONES = { error: 'failing', warning: 'degraded', info: 'idle' } as const

const PARTIAL = 'Checks that look at kinds Heddle may not read say nothing.'

/** How much of the configuration is wrong, and where to read it. */
export function FindingCounts({
  counts,
  scope,
  notices,
}: {
  counts: Counts | null
  scope: Scope
  /** of the answer they came with: some kinds may not be read */
  notices: readonly Notice[]
}) {
  const isPartial = notices.some(({ code }) => code === 'kinds-forbidden')
  return (
    <Panel name="Configuration" page={{ href: pagePaths.config(scope), words: 'Show configuration' }}>
      {counts === null && isPartial ? (
        <p className={plain.note}>{PARTIAL} No other has found anything.</p>
      ) : counts === null ? (
        <ObjectsUnknown />
      ) : (
        <p className={classes.counts}>
          {SEVERITIES.map((severity) => (
            <span
              key={severity}
              className={classes.status}
              data-status={counts[severity] > 0 ? TONES[severity] : 'idle'}
            >
              <b className="num">{counts[severity]}</b> {NAMES[severity][counts[severity] === 1 ? 0 : 1]}
            </span>
          ))}
        </p>
      )}
      {counts !== null && isPartial ? <p className={plain.note}>{PARTIAL}</p> : null}
    </Panel>
  )
}
