import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { FindingCounts as Counts } from '@/lib/api/schemas/common'
import classes from './Overview.module.css'
import { Panel } from './Panel'

const SEVERITIES = ['error', 'warning', 'info'] as const
const NAMES = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['hint', 'hints'],
} as const
const TONES = { error: 'failing', warning: 'degraded', info: 'idle' } as const

/** How much of the configuration is wrong, and where to read it. */
export function FindingCounts({ counts, scope }: { counts: Counts | null; scope: Scope }) {
  return (
    <Panel name="Configuration" page={{ href: pagePaths.config(scope), words: 'Show configuration' }}>
      {counts === null ? (
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
    </Panel>
  )
}
