import { PageLink as Link } from '@/components/layout/PageLink'
import { NOT_MEASURED_WORDS } from '@/components/ui/health/health-words'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { isUnmeasured } from '@/lib/api/notice-codes'
import type { ItemKind, Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import type { GraphEdge, GraphType } from '@/lib/api/schemas/mesh/graph'
import type { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import { formatCount } from '@/lib/units/number'
import { MOST_NODES, SmallGraph } from './SmallGraph'

const WHEN_QUIET = 'Nobody called it and it called nobody in this time.'
const ROW_HEIGHT = 84
const LEAST_HEIGHT = 280
const MOST_HEIGHT = 620

/** Who calls it and whom it calls. */
export function Neighbours({
  detail,
  kind,
  graphType,
  scope,
}: {
  detail: ItemDetail
  kind: ItemKind
  graphType: GraphType
  scope: Scope
}) {
  const { id } = detail.item
  // whether there is something to draw is known before it is asked for: no room is kept for nothing
  if (detail.edges.length === 0) {
    return (
      <Section title="Neighbours">
        <p className={plain.note}>{isUnmeasured(detail.notices) ? NOT_MEASURED_WORDS : WHEN_QUIET}</p>
      </Section>
    )
  }
  const time = { window: scope.window, at: scope.at }
  const view = { ...time, graphType, focus: id, hops: 1, idle: detail.item.health.status === 'idle' }
  const { callers, called } = neighboursOf(detail, view.idle)
  // so large a graph is not even asked for
  if (callers + called > MOST_NODES) {
    return (
      <Section
        title="Neighbours"
        aside={
          <Link href={pagePaths.graph({ ...view, selected: id })} prefetch={false} className={plain.linkish}>
            Open in graph
          </Link>
        }
      >
        <p className={plain.note}>
          {formatCount(callers)} {callers === 1 ? 'caller' : 'callers'}, {formatCount(called)} called: too
          many to be told apart here.{' '}
          <Link
            href={pagePaths.item(kind, detail.item, { ...time, tab: 'traffic' })}
            prefetch={false}
            className={plain.linkish}
          >
            The traffic tab
          </Link>{' '}
          lists them, what fails and what is busiest first.
        </p>
      </Section>
    )
  }
  return (
    <SmallGraph
      title="Neighbours"
      view={view}
      about={id}
      // a row for each neighbour of the fuller side, so that names do not lie on one another
      height={Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, Math.max(callers, called) * ROW_HEIGHT))}
      whenQuiet={WHEN_QUIET}
    />
  )
}

/** How many others call it, and how many it calls; `withIdle`: those too of whom nothing came in this time. */
function neighboursOf(detail: ItemDetail, withIdle: boolean): { callers: number; called: number } {
  const { item, edges, edgesTotal, callersTotal, calledTotal } = detail
  if (!withIdle) return { callers: callersTotal, called: calledTotal }
  const callers = edges.filter(({ target }) => target === item.id)
  const called = edges.filter(({ source }) => source === item.id)
  // of what is not all here, edges are counted for neighbours
  return {
    callers: countOf(callers, 'source', edgesTotal.inbound),
    called: countOf(called, 'target', edgesTotal.outbound),
  }
}

function countOf(edges: readonly GraphEdge[], end: 'source' | 'target', total: number): number {
  return edges.length < total ? total : new Set(edges.map((edge) => edge[end])).size
}
