import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { PageLink as Link } from '@/components/layout/PageLink'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { ChangeSummary } from '@/lib/api/schemas/config/changes'
import { formatDate } from '@/lib/units/date'
import { formatAgo } from '@/lib/units/duration'
import classes from './Overview.module.css'
import { Panel } from './Panel'

const SHOWN = 6

const VERBS = { create: 'created', update: 'changed', patch: 'changed', delete: 'deleted' } as const

/** The newest changes of configuration: what, who, how long ago. */
export function RecentChanges({
  changes,
  at,
  scope,
}: {
  changes: readonly ChangeSummary[] | null
  at: number
  scope: Scope
}) {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Panel name="Recent changes" page={{ href: pagePaths.changes(scope), words: 'Show all' }}>
      {changes === null ? (
        <ObjectsUnknown />
      ) : changes.length === 0 ? (
        <p className={plain.note}>
          No change {scope.namespaces?.length ? 'in these namespaces ' : ''}is known that you may see: none
          made through Heddle, and none by other tools since it started.
        </p>
      ) : (
        <ul className={classes.changes}>
          {changes.slice(0, SHOWN).map((change) => (
            <li key={change.id}>
              <Link prefetch={false} className={plain.linkish} href={pagePaths.change(change.id)}>
                {wordsOf(change)}
              </Link>
              <span className={classes.quiet}>
                {change.author ?? 'somebody'}
                {change.knownBy === 'record' ? ', through Heddle' : ''},{' '}
                <span className="num" title={`${formatDate(change.at, { timeZone })} (${timeZone})`}>
                  {formatAgo(at - change.at)}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function wordsOf({ objects, reason }: ChangeSummary): string {
  const [first, ...others] = objects
  if (!first) return reason ?? 'No object'
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  const place = first.ref.namespace === '' ? first.ref.name : `${first.ref.namespace}/${first.ref.name}`
  return `${first.ref.kind} ${place}${more} ${VERBS[first.op]}${reason ? `: ${reason}` : ''}`
}
