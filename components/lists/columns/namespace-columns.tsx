import { weightOf } from '@/components/checks/count-findings'
import { PageLink as Link } from '@/components/layout/PageLink'
import type { Column } from '@/components/ui/table/DataTable'
import { Figure } from '@/components/ui/Figure'
import { FindingMarks } from '@/components/ui/findings/FindingMarks'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { NamespaceSummary } from '@/lib/api/schemas/status'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import type { Opening } from '../ListView'
import type { SaidOf } from '../use-said-of'
import { alertColumn, labelColumn } from './said-columns'
import {
  clusterColumn,
  errorColumn,
  figureColumn,
  healthColumn,
  MTLS_WORDS,
  mtlsColumn,
  nameColumn,
  p99Column,
  replicaColumn,
} from './shared-columns'
import classes from '../ListView.module.css'

/**
 * Columns of the list of namespaces; those that no row fills are left out. On a tight page how many workloads there are
 * and how they join the mesh is for those who choose it: findings and alerts stand last and must be in view.
 */
export function namespaceColumns(
  items: readonly NamespaceSummary[],
  opening: Opening,
  scope: Scope & { isTight: boolean; said: SaidOf },
): Column<NamespaceSummary>[] {
  const time = { window: scope.window, at: scope.at }
  const columns: (Column<NamespaceSummary> | false)[] = [
    healthColumn(opening, (item) => item.errorRatio),
    nameColumn((item) => pagePaths.namespace(item, time), 'minmax(150px, 2fr)'),
    clusterColumn(items, 'minmax(60px, 1fr)'),
    {
      ...figureColumn<NamespaceSummary>('workloads', 'Workloads', 'that exist or carry traffic', {
        value: (item) => item.nodes,
        format: String,
        width: '84px',
      }),
      isExtra: scope.isTight,
    },
    figureColumn('rate', 'Requests', 'HTTP and gRPC requests per second into its workloads', {
      value: (item) => item.requestsPerSecond,
      format: formatRate,
      copied: 'Requests (1/s)',
    }),
    errorColumn((item) => item.errorRatio),
    p99Column((item) => item.p99Ms),
    replicaColumn(items, 'available of desired, all workloads together', { tone: () => 'degraded' }),
    figureColumn('mtlsRatio', 'By mTLS', 'share of requests that use mutual TLS', {
      value: (item) => item.mtlsRatio,
      format: formatRatio,
      copied: 'By mTLS (share)',
    }),
    items.some((item) => item.mtls !== null) &&
      mtlsColumn('what its workloads accept unless they say otherwise', ({ mtls }) =>
        mtls?.mode ? (
          <span className={mtls.mode === 'STRICT' ? classes.quiet : undefined} title={mtls.reason}>
            {MTLS_WORDS[mtls.mode]}
          </span>
        ) : (
          <Figure text="–" why={mtls ? `${mtls.reason}.` : 'Not known without the Kubernetes API'} />
        ),
      ),
    {
      id: 'dataPlane',
      name: 'Data plane',
      isExtra: scope.isTight,
      meaning: 'how its workloads join the mesh',
      width: 'minmax(112px, 1fr)',
      sortBy: (item) => item.dataPlane,
      cell: (item) => <DataPlane mode={item.dataPlane} />,
    },
    {
      id: 'findings',
      name: 'Findings',
      meaning: 'what the checks say of its objects now, worst first',
      width: '92px',
      isDescendingFirst: true,
      sortBy: (item) => weightOf(item.findings ?? undefined),
      copy: {
        value: ({ findings }) => findings && findings.error + findings.warning + findings.info,
      },
      cell: (item) => (
        <Link
          href={pagePaths.config({ namespaces: [item.id] })}
          prefetch={false}
          className={classes.show}
          aria-label={`Findings of ${item.name}`}
        >
          <FindingMarks counts={item.findings ?? undefined} isKnown={item.findings !== null} />
        </Link>
      ),
    },
    alertColumn(items, (item) => scope.said.alertsIn(item.cluster, item.name), scope.said.keeps.alerts),
    labelColumn(),
    {
      id: 'graph',
      name: 'Graph',
      width: '64px',
      cell: (item) => (
        <Link
          href={pagePaths.graph({ ...time, namespaces: [item.id] })}
          prefetch={false}
          className={classes.show}
          aria-label={`Show ${item.name} in the graph`}
        >
          show
        </Link>
      ),
    },
  ]
  return columns.filter((column) => column !== false)
}

const DATA_PLANES = { sidecar: 'sidecar', ambient: 'ambient', none: 'not in the mesh' } as const

function DataPlane({ mode }: { mode: NamespaceSummary['dataPlane'] }) {
  if (mode === null) return <Figure text="–" why="Not known without the Kubernetes API" />
  return <span className={mode === 'none' ? undefined : classes.quiet}>{DATA_PLANES[mode]}</span>
}
