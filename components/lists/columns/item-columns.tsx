import { IconLockOpen } from '@tabler/icons-react'
import { BADGE_WORDS, GLYPHS } from '@/components/graph/canvas/paint/glyphs'
import { nodeFigures } from '@/components/graph/scene/traffic'
import type { Column } from '@/components/ui/table/DataTable'
import { Figure } from '@/components/ui/Figure'
import { pagePaths, type ItemKind, type Scope } from '@/lib/api/paths'
import type { GraphNode } from '@/lib/api/schemas/mesh/graph'
import type { ListItem } from '@/lib/api/schemas/mesh/lists'
import { openLock } from '@/lib/istio/mutual-tls/lock'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatRate } from '@/lib/units/rate'
import type { Opening } from '../ListView'
import type { SaidOf } from '../use-said-of'
import { alertColumn, findingColumn, labelColumn } from './said-columns'
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

const MOST_NAMED = 4
const MOST_TOLD = 30

/**
 * Columns of a list of one kind; those that no row fills are left out, and of a narrow page the lesser ones. On a
 * tight page versions and members are for those who choose them, on a tighter one marks too: alerts and findings stand
 * last and must be in view.
 */
export function itemColumns(
  kind: ItemKind,
  items: readonly ListItem[],
  opening: Opening,
  scope: Scope & { isNarrow: boolean; isTight: boolean; isTighter: boolean; said: SaidOf },
): Column<ListItem>[] {
  const time = { window: scope.window, at: scope.at }
  const columns: (Column<ListItem> | false)[] = [
    healthColumn(opening, (item) => nodeFigures(item).errorRatio),
    nameColumn((item) => pagePaths.item(kind, item, time), 'minmax(146px, 2.2fr)'),
    {
      id: 'namespace',
      name: 'Namespace',
      width: 'minmax(92px, 1.2fr)',
      sortBy: (item) => item.namespace,
      cell: (item) => <span title={item.namespace}>{item.namespace}</span>,
    },
    clusterColumn(items, 'minmax(60px, 0.8fr)'),
    figureColumn(
      'rate',
      'Requests',
      'HTTP and gRPC requests per second it receives; of pure callers, what they send',
      {
        value: (item) => nodeFigures(item).requestsPerSecond,
        format: formatRate,
        copied: 'Requests (1/s)',
        width: 'minmax(92px, 0.9fr)',
        before: (item) => (nodeFigures(item).direction === 'out' ? 'out' : null),
        copyBeside: {
          header: 'Requests counted',
          value: (item) =>
            nodeFigures(item).requestsPerSecond === null
              ? null
              : nodeFigures(item).direction === 'out'
                ? 'sent'
                : 'received',
        },
      },
    ),
    errorColumn((item) => nodeFigures(item).errorRatio),
    p99Column((item) => nodeFigures(item).latencyMs?.p99 ?? null),
    !scope.isNarrow &&
      items.some((item) => nodeFigures(item).bytesPerSecond !== null) &&
      figureColumn('tcp', 'TCP', 'bytes per second, both directions', {
        value: (item) => nodeFigures(item).bytesPerSecond,
        format: formatBytesPerSecond,
        copied: 'TCP (bytes/s)',
        width: '76px',
      }),
    !scope.isNarrow &&
      kind === 'workloads' &&
      items.some((item) => item.version !== null) && {
        id: 'version',
        name: 'Version',
        isExtra: scope.isTight,
        width: 'minmax(64px, 0.7fr)',
        sortBy: (item) => item.version,
        cell: (item) => item.version ?? <span className={classes.quiet}>–</span>,
      },
    !scope.isNarrow &&
      kind !== 'workloads' &&
      items.some((item) => item.versions.length > 0) && {
        id: 'versions',
        name: 'Versions',
        isExtra: scope.isTight,
        meaning: 'of the workloads behind it',
        width: 'minmax(72px, 0.8fr)',
        sortBy: (item) => item.versions.join(', ') || null,
        cell: (item) =>
          item.versions.length > 0 ? (
            <Versions versions={item.versions} />
          ) : (
            <span className={classes.quiet}>–</span>
          ),
      },
    kind !== 'workloads' && {
      ...figureColumn<ListItem>(
        'members',
        'Workloads',
        kind === 'apps' ? 'its versions' : 'that answer for it',
        {
          value: (item) => item.members.length,
          format: String,
          width: '84px',
        },
      ),
      isExtra: scope.isTight,
    },
    replicaColumn(items, 'available of desired', {
      tone: (available) => (available === 0 ? 'failing' : 'degraded'),
      // three digits each
      width: '78px',
    }),
    items.some((item) => item.mtls !== null) &&
      mtlsColumn('what its ports accept', (item) => <Mtls item={item} />),
    items.some((item) => item.badges.length > 0) && {
      id: 'marks',
      name: 'Marks',
      isExtra: scope.isTighter,
      meaning: 'what configuration does to it',
      width: '92px',
      isDescendingFirst: true,
      sortBy: (item) => item.badges.length,
      copy: { value: (item) => item.badges.map((badge) => BADGE_WORDS[badge].name).join(', ') },
      cell: (item) => <Marks badges={item.badges} />,
    },
    alertColumn(items, (item) => scope.said.alerts(item.id), scope.said.keeps.alerts),
    findingColumn(items, (item) => scope.said.findings(item), scope.said.keeps.findings),
    labelColumn(),
  ]
  return columns.filter((column) => column !== false)
}

/** Few by name, many by number: what is cut off at the edge of a column tells nothing of how much there is. */
function Versions({ versions }: { versions: readonly string[] }) {
  const more = versions.length - MOST_TOLD
  const told = versions.slice(0, MOST_TOLD).join(', ')
  return (
    <span title={more > 0 ? `${told} and ${more} more` : told}>
      {versions.length > MOST_NAMED ? `${versions.length} versions` : told}
    </span>
  )
}

function Mtls({ item }: { item: ListItem }) {
  const { mtls, mtlsRatio } = item
  const lock = openLock({ mtlsRatio, mode: mtls?.mode ?? null })
  const mode = mtls?.mode ?? null
  if (mode === null && !lock) {
    return <Figure text="–" why={mtls ? `${mtls.reason}.` : 'Not known, or not set by policies'} />
  }
  const isStrict = mode === 'STRICT'
  return (
    <span
      className={lock ? classes.warning : isStrict ? classes.quiet : undefined}
      title={[lock?.words, mtls && `${mtls.reason}.`].filter(Boolean).join(' ')}
    >
      {lock ? <IconLockOpen size={14} role="img" aria-label={lock.words} /> : null}
      {mode === null ? 'plain' : MTLS_WORDS[mode]}
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
