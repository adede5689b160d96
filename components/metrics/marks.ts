/** Moments worth knowing when reading a chart. Pure. */

/** `change`: of configuration; `rollout`: pods replaced, scaled or begun; `restart`: containers that ended and began again. */
export const MARK_KINDS = ['change', 'rollout', 'restart'] as const
export type MarkKind = (typeof MARK_KINDS)[number]

export interface ChartMark {
  id: string
  kind: MarkKind
  /** epoch milliseconds */
  at: number
  /** what happened, for a person */
  label: string
  href: string
}

/** Marks nearer than this share of a chart's width cannot be told apart, and are drawn as one. */
const APART = 0.018
const MOST_TOLD = 6

const MANY: Record<MarkKind, string> = {
  change: 'changes of configuration',
  rollout: 'rollouts',
  restart: 'restarts',
}

/**
 * Marks within a time, oldest first; of one kind those that stand on one another are one, which tells of the first
 * few and counts the rest. So a chart has at most some fifty of each kind, however much happened.
 */
export function gatherMarks(marks: readonly ChartMark[], from: number, to: number): ChartMark[] {
  if (to <= from) return []
  return MARK_KINDS.flatMap((kind) => {
    const groups: ChartMark[][] = []
    const inside = marks.filter((mark) => mark.kind === kind && mark.at >= from && mark.at <= to)
    for (const mark of inside.toSorted((a, b) => a.at - b.at)) {
      const group = groups.at(-1)
      const first = group?.[0]
      if (group && first && mark.at - first.at < (to - from) * APART) group.push(mark)
      else groups.push([mark])
    }
    return groups.flatMap((group) => joined(group) ?? [])
  })
}

function joined(group: readonly ChartMark[]): ChartMark | undefined {
  const [first] = group
  if (!first || group.length === 1) return first
  const told = group.slice(0, MOST_TOLD).map(({ label }) => label)
  const rest = group.length - told.length
  return {
    ...first,
    id: group.map(({ id }) => id).join(' '),
    label: [`${group.length} ${MANY[first.kind]}`, ...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join(
      '\n',
    ),
  }
}

/** Which kinds of marks a chart of this time has: what its legend explains. */
export function kindsWithin(marks: readonly ChartMark[], from: number, to: number): MarkKind[] {
  return MARK_KINDS.filter((kind) =>
    marks.some((mark) => mark.kind === kind && mark.at >= from && mark.at <= to),
  )
}
