import type { Health, HealthReason, HealthStatus } from './types'

const SEVERITY: Readonly<Record<HealthStatus, number>> = {
  failing: 4,
  degraded: 3,
  healthy: 2,
  idle: 1,
  unknown: 0,
}

/** How urgent a status is; higher is worse. */
export function severity(status: HealthStatus): number {
  return SEVERITY[status]
}

/** Positive when `a` is worse than `b`; healthy counts above idle, which says nothing of quality. */
export function compareStatus(a: HealthStatus, b: HealthStatus): number {
  return SEVERITY[a] - SEVERITY[b]
}

/** The worst of several statuses; `unknown` when there is none. */
export function worstStatus(statuses: readonly HealthStatus[]): HealthStatus {
  return statuses.reduce<HealthStatus>(
    (worst, each) => (compareStatus(each, worst) > 0 ? each : worst),
    'unknown',
  )
}

/**
 * One verdict from all reasons, worst first. Without a reason for worse, traffic makes healthy. `isQuiet`: it exists
 * (or once was seen), and its traffic was looked for: without any it is idle. Of the rest nothing is known.
 */
export function combineHealth(
  reasons: readonly HealthReason[],
  facts: { hasTraffic: boolean; isQuiet: boolean },
): Health {
  const status = worstStatus([
    ...reasons.map((reason) => reason.status),
    facts.hasTraffic ? 'healthy' : facts.isQuiet ? 'idle' : 'unknown',
  ])
  const sorted = [...reasons].sort(
    (a, b) => compareStatus(b.status, a.status) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  )
  return { status, reasons: sorted }
}
