import type { Alert } from '@/lib/api/schemas/alerts'

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
