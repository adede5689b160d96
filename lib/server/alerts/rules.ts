import 'server-only'
import { summaryOf } from '@/lib/alerts/alerts'
import type { AlertRule } from '@/lib/api/schemas/telemetry/alerts'
import { isPageRefused } from '@/lib/mesh/upstream-error'
import type { AlertingRule } from '@/lib/prometheus/alerting-rules'
import type { Upstreams } from '../upstreams'

/** Rules are evaluated every 15 s to a minute: one question serves all viewers meanwhile. */
export const FRESH_MS = 10_000

/**
 * Null: the API has no such page, or keeps it from Heddle (VictoriaMetrics without vmalert, Grafana Cloud's query path,
 * the proxy of a tenant). Throws UpstreamError.
 */
export async function readRules(up: Upstreams): Promise<AlertingRule[] | null> {
  return up.memory.get('alerting rules', FRESH_MS, async () => {
    try {
      return await up.prometheus.alertingRules()
    } catch (error) {
      if (isPageRefused(error)) return null
      throw error
    }
  })
}

/** The same as long as name, group and expression are. */
export const ruleId = ({ group, name, labels, expression }: AlertingRule) =>
  // one name may be used for several thresholds of one group
  [group, name, labels.severity, hash(expression)].filter(Boolean).join('/')

export function ruleOf(rule: AlertingRule): AlertRule {
  const states = rule.alerts.map(({ state }) => state)
  return {
    id: ruleId(rule),
    name: rule.name,
    group: rule.group,
    expression: rule.expression,
    forSeconds: rule.forSeconds,
    severity: rule.labels.severity || null,
    summary: summaryOf(rule.annotations),
    state: states.includes('firing') ? 'firing' : states.includes('pending') ? 'pending' : 'inactive',
    health: rule.health,
    lastError: rule.lastError,
    lastEvaluationAt: rule.lastEvaluationAt,
  }
}

/** FNV-1a: short, and the same everywhere. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return value.toString(36)
}
