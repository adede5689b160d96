import { weightOf } from '@/components/checks/count-findings'
import { FindingMarks } from '@/components/ui/FindingMarks'
import { Tooltip } from '@mantine/core'
import { IconChevronRight, IconLockOpen } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { BADGE_WORDS, GLYPHS } from '@/components/graph/canvas/paint/glyphs'
import { nodeFigures, severity } from '@/components/graph/scene/traffic'
import type { Column } from '@/components/ui/DataTable'
import { Figure } from '@/components/ui/Figure'
import { HEALTH_NAMES, HealthMark } from '@/components/ui/Health'
import type { ItemKind, Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import type { Health } from '@/lib/api/schemas/common'
import type { GraphNode, MtlsMode } from '@/lib/api/schemas/graph'
import type { ListItem } from '@/lib/api/schemas/lists'
import type { NamespaceSummary } from '@/lib/api/schemas/status'
import { openLock } from '@/lib/istio/mutual-tls/lock'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import type { Opening } from './ListView'
import { alertColumn, findingColumn, labelColumn } from './said-columns'
import type { SaidOf } from './use-said-of'
import classes from './ListView.module.css'

interface Row {
  id: string
  health: Health
}

/** Columns of a list of one kind; those that no row fills are left out, and of a narrow page the lesser ones. */
export function itemColumns(
  kind: ItemKind,
  items: readonly ListItem[],
  opening: Opening,
  scope: Scope & { isNarrow: boolean; said: SaidOf },
): Column<ListItem>[] {
  const clusters = new Set(items.map((item) => item.cluster))
  const time = { window: scope.window, at: scope.at }
  const columns: (Column<ListItem> | false)[] = [
    health(opening, (item) => nodeFigures(item).errorRatio),
    {
      id: 'name',
      name: 'Name',
      isFixed: true,
      width: 'minmax(156px, 2.2fr)',
      sortBy: (item) => item.name,
      cell: (item) => (
        <Link
          href={pagePaths.item(kind, item, time)}
          prefetch={false}
          className={classes.name}
          title={item.name}
        >
          {item.name}
        </Link>
      ),
    },
    {
      id: 'namespace',
      name: 'Namespace',
      width: 'minmax(100px, 1.2fr)',
      sortBy: (item) => item.namespace,
      cell: (item) => <span title={item.namespace}>{item.namespace}</span>,
    },
    clusters.size > 1 && {
      id: 'cluster',
      name: 'Cluster',
      width: 'minmax(64px, 0.8fr)',
      sortBy: (item) => item.cluster,
      cell: (item) => item.cluster,
    },
    figure(
      'rate',
      'Requests',
      'HTTP and gRPC requests per second it receives; of pure callers, what they send',
      {
        value: (item) => nodeFigures(item).requestsPerSecond,
        format: formatRate,
        copied: 'Requests (1/s)',
        width: 'minmax(96px, 0.9fr)',
        before: (item) => (nodeFigures(item).direction === 'out' ? 'out' : null),
      },
    ),
    figure('errors', 'Errors', '5xx, no response and gRPC errors, of all requests', {
      value: (item) => nodeFigures(item).errorRatio,
      format: formatRatio,
      copied: 'Errors (share)',
      tone: (item) => toneOf(item.health, (nodeFigures(item).errorRatio ?? 0) > 0),
    }),
    figure('p99', 'P99', '99 of 100 requests are faster', {
      value: (item) => nodeFigures(item).latencyMs?.p99 ?? null,
      format: formatDuration,
      copied: 'P99 (ms)',
    }),
    !scope.isNarrow &&
      items.some((item) => nodeFigures(item).bytesPerSecond !== null) &&
      figure('tcp', 'TCP', 'bytes per second, both directions', {
        value: (item) => nodeFigures(item).bytesPerSecond,
        format: formatBytesPerSecond,
        copied: 'TCP (bytes/s)',
        width: '92px',
      }),
    !scope.isNarrow &&
      kind === 'workloads' &&
      items.some((item) => item.version !== null) && {
        id: 'version',
        name: 'Version',
        width: 'minmax(64px, 0.7fr)',
        sortBy: (item) => item.version,
        cell: (item) => item.version ?? <span className={classes.quiet}>–</span>,
      },
    !scope.isNarrow &&
      kind !== 'workloads' &&
      items.some((item) => item.versions.length > 0) && {
        id: 'versions',
        name: 'Versions',
        meaning: 'of the workloads behind it',
        width: 'minmax(72px, 0.8fr)',
        sortBy: (item) => item.versions.join(', ') || null,
        cell: (item) =>
          item.versions.length > 0 ? (
            <span title={item.versions.join(', ')}>{item.versions.join(', ')}</span>
          ) : (
            <span className={classes.quiet}>–</span>
          ),
      },
    kind !== 'workloads' &&
      figure('members', 'Workloads', kind === 'apps' ? 'its versions' : 'that answer for it', {
        value: (item) => item.members.length,
        format: String,
        width: '96px',
      }),
    items.some((item) => item.replicas !== null) &&
      figure('replicas', 'Replicas', 'available of desired', {
        value: (item) => item.replicas && item.replicas.available - item.replicas.desired,
        format: () => '',
        copied: 'Replicas (available of desired)',
        copy: (item) => (item.replicas ? `${item.replicas.available} of ${item.replicas.desired}` : null),
        text: (item) => (item.replicas ? `${item.replicas.available} / ${item.replicas.desired}` : '–'),
        tone: (item) =>
          item.replicas && item.replicas.available < item.replicas.desired
            ? item.replicas.available === 0
              ? 'failing'
              : 'degraded'
            : undefined,
        width: '82px',
      }),
    items.some((item) => item.mtls !== null) && {
      id: 'mtls',
      name: 'mTLS',
      meaning: 'what its ports accept',
      width: '98px',
      sortBy: (item) => (item.mtls ? MTLS_RANK[item.mtls.mode] : null),
      copy: { value: (item) => item.mtls?.mode ?? null },
      cell: (item) => <Mtls item={item} />,
    },
    items.some((item) => item.badges.length > 0) && {
      id: 'marks',
      name: 'Marks',
      meaning: 'what configuration does to it',
      width: '92px',
      isDescendingFirst: true,
      sortBy: (item) => item.badges.length,
      copy: { value: (item) => item.badges.join(' ') },
      cell: (item) => <Marks badges={item.badges} />,
    },
    alertColumn(items, (item) => scope.said.alerts(item.id)),
    findingColumn(items, (item) => scope.said.findings(item)),
    labelColumn(),
  ]
  return columns.filter((column) => column !== false)
}

export function namespaceColumns(
  items: readonly NamespaceSummary[],
  opening: Opening,
  scope: Scope & { said: SaidOf },
): Column<NamespaceSummary>[] {
  const time = { window: scope.window, at: scope.at }
  const clusters = new Set(items.map((item) => item.cluster))
  const columns: (Column<NamespaceSummary> | false)[] = [
    health(opening, (item) => item.errorRatio),
    {
      id: 'name',
      name: 'Name',
      isFixed: true,
      width: 'minmax(170px, 2fr)',
      sortBy: (item) => item.name,
      cell: (item) => (
        <Link href={pagePaths.namespace(item, time)} prefetch={false} className={classes.name}>
          {item.name}
        </Link>
      ),
    },
    clusters.size > 1 && {
      id: 'cluster',
      name: 'Cluster',
      width: 'minmax(80px, 1fr)',
      sortBy: (item) => item.cluster,
      cell: (item) => item.cluster,
    },
    figure('workloads', 'Workloads', 'that exist or carry traffic', {
      value: (item) => item.nodes,
      format: String,
      width: '96px',
    }),
    figure('rate', 'Requests', 'HTTP and gRPC requests per second into its workloads', {
      value: (item) => item.requestsPerSecond,
      format: formatRate,
      copied: 'Requests (1/s)',
    }),
    figure('errors', 'Errors', '5xx, no response and gRPC errors, of all requests', {
      value: (item) => item.errorRatio,
      format: formatRatio,
      copied: 'Errors (share)',
      tone: (item) => toneOf(item.health, (item.errorRatio ?? 0) > 0),
    }),
    figure('p99', 'P99', '99 of 100 requests are faster', {
      value: (item) => item.p99Ms,
      format: formatDuration,
      copied: 'P99 (ms)',
    }),
    items.some((item) => item.replicas !== null) &&
      figure('replicas', 'Replicas', 'available of desired, all workloads together', {
        value: (item) => item.replicas && item.replicas.available - item.replicas.desired,
        format: () => '',
        copied: 'Replicas (available of desired)',
        copy: (item) => (item.replicas ? `${item.replicas.available} of ${item.replicas.desired}` : null),
        text: (item) => (item.replicas ? `${item.replicas.available} / ${item.replicas.desired}` : '–'),
        tone: (item) =>
          item.replicas && item.replicas.available < item.replicas.desired ? 'degraded' : undefined,
      }),
    figure('mtlsRatio', 'By mTLS', 'share of requests that use mutual TLS', {
      value: (item) => item.mtlsRatio,
      format: formatRatio,
      copied: 'By mTLS (share)',
    }),
    items.some((item) => item.mtls !== null) && {
      id: 'mtls',
      name: 'mTLS',
      meaning: 'what its workloads accept unless they say otherwise',
      width: '98px',
      sortBy: (item) => (item.mtls ? MTLS_RANK[item.mtls.mode] : null),
      copy: { value: (item) => item.mtls?.mode ?? null },
      cell: (item) =>
        item.mtls ? (
          <span className={item.mtls.mode === 'STRICT' ? classes.quiet : undefined} title={item.mtls.reason}>
            {MTLS_WORDS[item.mtls.mode]}
          </span>
        ) : (
          <Figure text="–" why="Not known without the Kubernetes API" />
        ),
    },
    {
      id: 'dataPlane',
      name: 'Data plane',
      meaning: 'how its workloads join the mesh',
      width: 'minmax(110px, 1fr)',
      sortBy: (item) => item.dataPlane,
      cell: (item) => <DataPlane mode={item.dataPlane} />,
    },
    {
      id: 'findings',
      name: 'Findings',
      meaning: 'what the checks say of its objects now, worst first',
      width: '112px',
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
    alertColumn(items, (item) => scope.said.alertsIn(item.cluster, item.name)),
    labelColumn(),
    {
      id: 'graph',
      name: 'Graph',
      width: '72px',
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

/** By health, and among equals by the share of errors: the worst stands first. */
function health<T extends Row>(opening: Opening, errorRatio: (row: T) => number | null): Column<T> {
  return {
    id: 'health',
    name: 'Health',
    isFixed: true,
    copy: { value: (row) => row.health.status },
    width: '116px',
    isDescendingFirst: true,
    // the share is below 1, so it never outweighs a step of health
    sortBy: (row) => severity(row.health.status) + (errorRatio(row) ?? 0) * 0.99,
    cell: (row) => <HealthCell row={row} opening={opening} />,
  }
}

function HealthCell({ row, opening }: { row: Row; opening: Opening }) {
  const { status, reasons } = row.health
  const words = (
    <>
      <HealthMark status={status} size={15} />
      {HEALTH_NAMES[status]}
    </>
  )
  if (reasons.length === 0) {
    return (
      <span className={classes.health} data-status={status}>
        {words}
      </span>
    )
  }
  const isOpen = opening.isOpen(row.id)
  return (
    <Tooltip
      disabled={isOpen}
      position="bottom-start"
      label={
        <ul className={classes.tips}>
          {reasons.slice(0, 5).map((reason) => (
            <li key={reason.code + reason.message}>{reason.message}</li>
          ))}
        </ul>
      }
    >
      <button
        type="button"
        className={classes.health}
        data-status={status}
        aria-expanded={isOpen}
        onClick={() => opening.toggle(row.id)}
      >
        {words}
        <IconChevronRight size={13} className={classes.chevron} data-open={isOpen || undefined} aria-hidden />
      </button>
    </Tooltip>
  )
}

interface FigureOptions<T> {
  value: (row: T) => number | null
  format: (value: number | null) => string
  /** in place of `format` where the text says more than the value */
  text?: (row: T) => string
  before?: (row: T) => string | null
  tone?: (row: T) => string | undefined
  width?: string
  /** header of a copy, with the unit of `value` */
  copied?: string
  copy?: (row: T) => string | number | null
}

/** A column of figures: right-aligned, largest first, absence as a dash. */
function figure<T>(id: string, name: string, meaning: string, options: FigureOptions<T>): Column<T> {
  const { value, format, text, before, tone, width = 'minmax(72px, 0.8fr)', copied, copy } = options
  return {
    id,
    name,
    meaning,
    width,
    align: 'right',
    sortBy: value,
    copy: { header: copied ?? name, value: copy ?? value },
    cell: (row) => {
      const shade = tone?.(row)
      const prefix = before?.(row) ?? null
      return (
        <>
          {prefix ? <span className={classes.quiet}>{prefix} </span> : null}
          <Figure text={text ? text(row) : format(value(row))} {...(shade ? { tone: shade } : {})} />
        </>
      )
    },
  }
}

/** Colour marks the exception: errors of something that is well stay grey. */
function toneOf(health: Health, hasErrors: boolean): string | undefined {
  if (!hasErrors) return undefined
  return health.status === 'failing' || health.status === 'degraded' ? health.status : undefined
}

const MTLS_RANK: Record<MtlsMode, number> = { STRICT: 0, PERMISSIVE: 1, DISABLE: 2 }
const MTLS_WORDS: Record<MtlsMode, string> = { STRICT: 'strict', PERMISSIVE: 'permissive', DISABLE: 'off' }

function Mtls({ item }: { item: ListItem }) {
  const { mtls, mtlsRatio } = item
  const lock = openLock({ mtlsRatio, mode: mtls?.mode ?? null })
  if (!mtls && !lock) return <Figure text="–" why="Not known, or not set by policies" />
  const isStrict = mtls?.mode === 'STRICT'
  return (
    <span
      className={lock ? classes.warning : isStrict ? classes.quiet : undefined}
      title={[lock?.words, mtls && `${mtls.reason}.`].filter(Boolean).join(' ')}
    >
      {lock ? <IconLockOpen size={14} role="img" aria-label={lock.words} /> : null}
      {mtls ? MTLS_WORDS[mtls.mode] : 'plain'}
    </span>
  )
}

function Marks({ badges }: { badges: GraphNode['badges'] }) {
  return (
    <span className={classes.marks}>
      {badges.map((badge) => (
        <span
          key={badge}
          role="img"
          aria-label={BADGE_WORDS[badge].name}
          title={`${BADGE_WORDS[badge].name}: ${BADGE_WORDS[badge].meaning}`}
        >
          <svg width="15" height="15" viewBox="0 0 24 24" fill="none" aria-hidden>
            <path d={GLYPHS[badge]} stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
          </svg>
        </span>
      ))}
    </span>
  )
}

const DATA_PLANES = { sidecar: 'sidecar', ambient: 'ambient', none: 'not in the mesh' } as const

function DataPlane({ mode }: { mode: NamespaceSummary['dataPlane'] }) {
  if (mode === null) return <Figure text="–" why="Not known without the Kubernetes API" />
  return <span className={mode === 'none' ? undefined : classes.quiet}>{DATA_PLANES[mode]}</span>
}
