import { NOT_MEASURED_WORDS } from '@/components/ui/health/health-words'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { isUnmeasured } from '@/lib/api/notice-codes'
import type { Scope } from '@/lib/api/paths'
import type { GraphType } from '@/lib/api/schemas/graph'
import type { ItemDetail } from '@/lib/api/schemas/lists'
import { SmallGraph } from './SmallGraph'

const WHEN_QUIET = 'Nobody called it and it called nobody in this time.'
const ROW_HEIGHT = 84
const LEAST_HEIGHT = 280
const MOST_HEIGHT = 620

/** Who calls it and whom it calls. */
export function Neighbours({
  detail,
  graphType,
  scope,
}: {
  detail: ItemDetail
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
  return (
    <SmallGraph
      title="Neighbours"
      view={{ ...time, graphType, focus: id, hops: 1, idle: detail.item.health.status === 'idle' }}
      about={id}
      height={heightFor(detail)}
      whenQuiet={WHEN_QUIET}
    />
  )
}

/** A row for each neighbour of the fuller side, so that names do not lie on one another. */
function heightFor({ item, edges }: ItemDetail): number {
  const callers = new Set(edges.flatMap((edge) => (edge.target === item.id ? [edge.source] : [])))
  const called = new Set(edges.flatMap((edge) => (edge.source === item.id ? [edge.target] : [])))
  return Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, Math.max(callers.size, called.size) * ROW_HEIGHT))
}
