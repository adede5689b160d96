/** How many findings things have, by severity. Pure. */
import type { LiveFinding } from '@/lib/api/schemas/analyze'

type Severity = LiveFinding['severity']

export type FindingCounts = Readonly<Record<Severity, number>>

/** By the id that lists give an object; objects without findings are left out. */
export function countByObject(findings: readonly LiveFinding[]): ReadonlyMap<string, FindingCounts> {
  return countBy(findings, ({ ref }) => [ref.cluster, ref.namespace, ref.group, ref.kind, ref.name].join('/'))
}

/** By `cluster/namespace`; what belongs to no namespace is left out. */
export function countByNamespace(findings: readonly LiveFinding[]): ReadonlyMap<string, FindingCounts> {
  return countBy(findings, ({ ref }) => {
    const namespace = ref.kind === 'Namespace' ? ref.name : ref.namespace
    return namespace === '' ? null : `${ref.cluster}/${namespace}`
  })
}

/** The worst severity; undefined without findings. */
export function worstOf(counts: FindingCounts | undefined): Severity | undefined {
  return (['error', 'warning', 'info'] as const).find((severity) => (counts?.[severity] ?? 0) > 0)
}

/** For sorting: one error weighs more than all warnings; null without findings. */
export function weightOf(counts: FindingCounts | undefined): number | null {
  return counts ? counts.error * 1e8 + counts.warning * 1e4 + counts.info : null
}

function countBy(
  findings: readonly LiveFinding[],
  keyOf: (finding: LiveFinding) => string | null,
): ReadonlyMap<string, FindingCounts> {
  const counts = new Map<string, Record<Severity, number>>()
  for (const finding of findings) {
    const key = keyOf(finding)
    if (key === null) continue
    const own = counts.get(key) ?? { error: 0, warning: 0, info: 0 }
    own[finding.severity] += 1
    counts.set(key, own)
  }
  return counts
}
