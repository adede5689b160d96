import { weightOf } from '@/components/checks/count-findings'
import type { FindingCounts } from '@/lib/api/schemas/common'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Age } from '@/components/traces/Age'
import type { Column } from '@/components/ui/table/DataTable'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { ConfigListItem } from '@/lib/api/schemas/config/changes'
import classes from '../Config.module.css'
import { FindingMarks } from '@/components/ui/findings/FindingMarks'
import { kindWords } from '../kind-words'

/** Columns of the list of objects; the cluster only where there are several. */
export function configColumns(
  items: readonly ConfigListItem[],
  scope: Scope & { isNarrow: boolean },
  /** null: not known */
  counts: ReadonlyMap<string, FindingCounts> | null,
  /** objects without counts have no findings */
  isWhole: boolean,
): Column<ConfigListItem>[] {
  const clusters = new Set(items.map(({ ref }) => ref.cluster))
  const time = { window: scope.window, at: scope.at }
  const columns: (Column<ConfigListItem> | false)[] = [
    {
      id: 'name',
      name: 'Name',
      width: 'minmax(180px, 2fr)',
      sortBy: ({ ref }) => ref.name,
      cell: ({ ref }) => (
        <Link
          href={pagePaths.configObject(ref, time)}
          prefetch={false}
          className={classes.name}
          title={ref.name}
        >
          {ref.name}
        </Link>
      ),
    },
    {
      id: 'kind',
      name: 'Kind',
      width: 'minmax(150px, 1.2fr)',
      sortBy: ({ ref }) => kindWords(ref),
      cell: ({ ref }) => (
        <span title={`${ref.kind} of ${ref.group || 'core'}/${ref.version}`}>{kindWords(ref)}</span>
      ),
    },
    {
      id: 'namespace',
      name: 'Namespace',
      width: 'minmax(110px, 1.2fr)',
      sortBy: ({ ref }) => ref.namespace || null,
      cell: ({ ref }) =>
        ref.namespace === '' ? (
          <span className={classes.quiet}>whole cluster</span>
        ) : (
          <span title={ref.namespace}>{ref.namespace}</span>
        ),
    },
    clusters.size > 1 && {
      id: 'cluster',
      name: 'Cluster',
      width: 'minmax(72px, 0.8fr)',
      sortBy: ({ ref }) => ref.cluster,
      cell: ({ ref }) => ref.cluster,
    },
    {
      id: 'findings',
      name: 'Findings',
      meaning: 'What the checks say of it now, worst first',
      width: '104px',
      isDescendingFirst: true,
      sortBy: ({ id }) => weightOf(counts?.get(id)),
      cell: ({ id }) => <FindingMarks counts={counts?.get(id)} isKnown={counts?.has(id) || isWhole} />,
    },
    {
      id: 'owner',
      name: 'Owner',
      meaning: 'The tool that puts changes made here back',
      width: 'minmax(110px, 1fr)',
      sortBy: ({ owner }) => owner?.tool ?? null,
      cell: ({ owner }) =>
        owner ? (
          <span title={owner.evidence}>
            {owner.tool}
            {owner.name ? <span className={classes.quiet}> {owner.name}</span> : null}
          </span>
        ) : (
          <span className={classes.quiet}>–</span>
        ),
    },
    !scope.isNarrow && {
      id: 'age',
      name: 'Created',
      width: '104px',
      align: 'right',
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) =>
        createdAt === null ? <span className={classes.quiet}>–</span> : <Age atMs={createdAt} />,
    },
  ]
  return columns.filter((column) => column !== false)
}
