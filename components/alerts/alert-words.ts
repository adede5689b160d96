import type { Alert } from '@/lib/api/schemas/telemetry/alerts'

/** The state of an alert as one word; one nobody is told of says why. */
export function alertWord({
  state,
  silenced,
  handling,
}: Pick<Alert, 'state' | 'silenced' | 'handling'>): string {
  if (!silenced) return state === 'firing' ? 'Firing' : 'Pending'
  if (!handling || handling.silencedBy.length > 0) return 'Silenced'
  return handling.inhibitedBy.length > 0 ? 'Inhibited' : 'Muted'
}

/** How loud an alert is drawn: never the only sign, words and shape say the same. */
export function alertTone({
  state,
  severity,
  silenced,
}: Pick<Alert, 'state' | 'severity' | 'silenced'>): 'idle' | 'degraded' | 'failing' {
  if (state === 'pending' || silenced) return 'idle'
  return severity === 'critical' || severity === 'page' ? 'failing' : 'degraded'
}

/**
 * How many fire, as a sentence. Where no rule is there nothing can fire, and where the rules could not be read nobody
 * knows what they find.
 */
export function alertCountWords({
  firing,
  pending,
  silenced,
  rules,
}: {
  firing: number
  pending: number | null
  silenced: number
  rules: number | null
}): string {
  if (rules === 0 && firing + silenced + (pending ?? 0) === 0) {
    return 'Prometheus has no alerting rule, so nothing can fire.'
  }
  const aside = silenced > 0 ? `, ${silenced} silenced or inhibited` : ''
  if (rules === null) {
    return `${firing || 'None'} firing${aside} as far as Alertmanager knows; what the rules find is not known.`
  }
  const waiting = pending === null ? '' : `, ${pending} pending`
  return `${firing} firing${waiting}${aside}, of ${rules === 1 ? '1 rule' : `${rules} rules`}.`
}
