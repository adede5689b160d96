/**
 * Alerting rules and their alerts as Prometheus tells them.
 * Format: https://prometheus.io/docs/prometheus/latest/querying/api/#rules (Thanos and Mimir answer the same)
 */
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { sampleValue } from './decode'
import { ruleGroups } from './schema'

type Texts = Readonly<Record<string, string>>

export interface AlertingRule {
  name: string
  group: string
  expression: string
  forSeconds: number
  labels: Texts
  annotations: Texts
  health: 'ok' | 'err' | 'unknown'
  lastError: string | null
  /** epoch milliseconds; null: not evaluated yet */
  lastEvaluationAt: number | null
  alerts: ActiveAlert[]
}

export interface ActiveAlert {
  labels: Texts
  annotations: Texts
  state: 'firing' | 'pending'
  /** since when its expression holds, epoch milliseconds */
  activeAt: number | null
  value: number | null
}

/** In the order of the files. Throws UpstreamError('prometheus', 'decode') on any other shape. */
export function decodeAlertingRules(body: unknown): AlertingRule[] {
  const parsed = ruleGroups.safeParse(body)
  if (!parsed.success) {
    throw new UpstreamError('prometheus', 'decode', 'Prometheus answered something else than rules', {
      cause: parsed.error,
    })
  }
  return parsed.data.data.groups.flatMap((group) =>
    group.rules
      .filter(({ type }) => type === 'alerting')
      .map((rule) => ({
        name: rule.name,
        group: group.name,
        expression: rule.query,
        forSeconds: rule.duration ?? 0,
        labels: rule.labels ?? {},
        annotations: rule.annotations ?? {},
        health: rule.health === 'ok' || rule.health === 'err' ? rule.health : ('unknown' as const),
        lastError: rule.lastError || null,
        lastEvaluationAt: instant(rule.lastEvaluation),
        alerts: (rule.alerts ?? []).flatMap(({ labels, annotations, state, activeAt, value }) =>
          state === 'firing' || state === 'pending'
            ? [
                {
                  labels,
                  annotations: annotations ?? {},
                  state,
                  activeAt: instant(activeAt),
                  value: value === undefined ? null : sampleValue(value),
                },
              ]
            : [],
        ),
      })),
  )
}

/** Go's zero time means never. */
function instant(text: string | undefined): number | null {
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) || at <= 0 ? null : at
}
