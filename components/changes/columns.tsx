import { PageLink as Link } from '@/components/layout/PageLink'
import type { Column } from '@/components/ui/table/DataTable'
import { pagePaths } from '@/lib/api/paths'
import type { ChangeSummary } from '@/lib/api/schemas/config/changes'
import { ChangeStatusMark } from './ChangeStatusMark'
import classes from './Changes.module.css'
import { Instant } from './Instant'
import { nameOf, OPERATION_WORDS, STATUS_WORDS } from './words'

/** Clusters are named where there are several. */
export function changeColumns(changes: readonly ChangeSummary[]): readonly Column<ChangeSummary>[] {
  const clusters = new Set(changes.flatMap(({ objects }) => objects.map(({ ref }) => ref.cluster)))
  return clusters.size > 1 ? WITH_CLUSTER : WITHOUT_CLUSTER
}

const columnsOf = (withCluster: boolean): readonly Column<ChangeSummary>[] => [
  {
    id: 'at',
    name: 'When',
    width: '176px',
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
    cell: (change) => <Objects change={change} withCluster={withCluster} />,
  },
  {
    id: 'reason',
    name: 'Why',
    width: 'minmax(160px, 2fr)',
    sortBy: (change) => change.reason,
    cell: (change) => change.reason ?? <span className={classes.quiet}>{WHY_NONE[change.knownBy]}</span>,
  },
  {
    id: 'author',
    name: 'Who',
    width: 'minmax(120px, 1fr)',
    meaning: 'The user whose rights were used; for changes made elsewhere the field manager',
    sortBy: (change) => change.author,
    cell: (change) => <Author change={change} />,
  },
  {
    id: 'status',
    name: 'Result',
    width: '120px',
    sortBy: (change) => STATUS_WORDS[change.status],
    cell: (change) => <ChangeStatusMark status={change.status} />,
  },
]

const WITH_CLUSTER = columnsOf(true)
const WITHOUT_CLUSTER = columnsOf(false)

const WHY_NONE = {
  record: 'no reason given',
  watch: 'made elsewhere',
  fields: 'made elsewhere, before Heddle watched',
} as const

/** Who made a change, and whether that is a person's account or the name of a tool. */
export function Author({ change }: { change: Pick<ChangeSummary, 'author' | 'knownBy'> }) {
  const { author, knownBy } = change
  if (author === null) return <span className={classes.quiet}>not known</span>
  if (knownBy === 'record') return author
  return (
    <span title="Field manager: the tool that wrote, as Kubernetes keeps it">
      {author} <span className={classes.quiet}>(tool)</span>
    </span>
  )
}

function Objects({ change, withCluster }: { change: ChangeSummary; withCluster: boolean }) {
  const [first, ...others] = change.objects
  if (!first) return null
  return (
    <span title={change.objects.map(({ op, ref }) => `${OPERATION_WORDS[op]} ${nameOf(ref)}`).join('\n')}>
      {change.reverts === null ? '' : 'Revert: '}
      {OPERATION_WORDS[first.op]} {nameOf(first.ref, withCluster)}
      {others.length > 0 ? ` and ${others.length} more` : ''}
    </span>
  )
}
