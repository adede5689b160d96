/** How many findings things have, by severity. Pure. */
import type { LiveFinding, LiveFindingList } from '@/lib/api/schemas/config/analyze'
import { isPartial } from '@/lib/api/notice-codes'
import type { FindingCounts } from '@/lib/api/schemas/common'
import { TRAFFIC_CHECKS } from '@/lib/validation/observed'

type Severity = LiveFinding['severity']

/** By the id that lists give an object; objects without findings are left out. */
export function countByObject(findings: readonly LiveFinding[]): ReadonlyMap<string, FindingCounts> {
  const counts = new Map<string, FindingCounts>()
  for (const { ref, severity } of findings) {
    const key = [ref.cluster, ref.namespace, ref.group, ref.kind, ref.name].join('/')
    const own = counts.get(key) ?? { error: 0, warning: 0, info: 0 }
    counts.set(key, { ...own, [severity]: own[severity] + 1 })
  }
  return counts
}

/** The worst severity; undefined without findings. */
export function worstOf(counts: FindingCounts | undefined): Severity | undefined {
  return (['error', 'warning', 'info'] as const).find((severity) => (counts?.[severity] ?? 0) > 0)
}

/** For sorting: one error weighs more than all warnings; null without findings. */
export function weightOf(counts: FindingCounts | undefined): number | null {
  return counts ? counts.error * 1e8 + counts.warning * 1e4 + counts.info : null
}

/** Whether a code without findings means that nothing has it: not where what it looks at was not measured or read. */
export function isTold(code: string, list: Pick<LiveFindingList, 'items' | 'notices'>): boolean {
  if (!tellsAll(list)) return false
  return !(
    TRAFFIC_CHECKS.has(code) && list.notices.some((notice) => notice.code === 'checks-without-traffic')
  )
}

/**
 * Whether what has no finding here has none: not of objects that were not read, where checks are silent that look at
 * some of those, or of a list that was cut.
 */
export function tellsAll({ items, notices }: Pick<LiveFindingList, 'items' | 'notices'>): boolean {
  return (
    !isPartial(notices) && !(items.length === 0 && notices.some(({ upstream }) => upstream === 'kubernetes'))
  )
}
