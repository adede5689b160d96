import Link from 'next/link'
import type { Column } from '@/components/ui/DataTable'
import { pagePaths } from '@/lib/api/paths'
import type { ChangeSummary } from '@/lib/api/schemas/changes'
import { ChangeStatusMark } from './ChangeStatusMark'
import classes from './Changes.module.css'
import { Instant } from './Instant'
import { nameOf, OPERATION_WORDS, STATUS_WORDS } from './words'

export const CHANGE_COLUMNS: readonly Column<ChangeSummary>[] = [
  {
    id: 'at',
    name: 'When',
    width: '150px',
    isDescendingFirst: true,
    sortBy: (change) => change.at,
    cell: (change) => (
      <Link href={pagePaths.change(change.id)} prefetch={false} className={classes.name}>
        <Instant at={change.at} />
      </Link>
    ),
  },
  {
    id: 'objects',
    name: 'What',
    width: 'minmax(240px, 2fr)',
    sortBy: (change) => change.objects.map(({ ref }) => nameOf(ref)).join(),
    cell: (change) => <Objects change={change} />,
  },
  {
    id: 'reason',
    name: 'Why',
    width: 'minmax(160px, 2fr)',
    sortBy: (change) => change.reason,
    cell: (change) => change.reason ?? <span className={classes.quiet}>no reason given</span>,
  },
  {
    id: 'author',
    name: 'Who',
    width: 'minmax(120px, 1fr)',
    meaning: 'The user of the Kubernetes API whose rights were used',
    sortBy: (change) => change.author,
    cell: (change) => change.author ?? <span className={classes.quiet}>not known</span>,
  },
  {
    id: 'status',
    name: 'Result',
    width: '120px',
    sortBy: (change) => STATUS_WORDS[change.status],
    cell: (change) => <ChangeStatusMark status={change.status} />,
  },
]

function Objects({ change }: { change: ChangeSummary }) {
  const [first, ...others] = change.objects
  if (!first) return null
  return (
    <span title={change.objects.map(({ op, ref }) => `${OPERATION_WORDS[op]} ${nameOf(ref)}`).join('\n')}>
      {change.reverts === null ? '' : 'Revert: '}
      {OPERATION_WORDS[first.op]} {nameOf(first.ref)}
      {others.length > 0 ? ` and ${others.length} more` : ''}
    </span>
  )
}
