import 'server-only'
import type { AlertSeries } from '@/lib/api/schemas/telemetry/alerts'
import { WINDOWS } from '@/lib/api/schemas/common'
import { LIMITS } from '@/lib/api/schemas/parameters'
import { type AlertSeriesQuery } from '@/lib/api/schemas/requests'
import { placeOf } from '@/lib/alerts/alerts'
import { thresholdOf, unitOf } from '@/lib/alerts/threshold'
import { notFound } from '../../errors'
import { readRules, ruleId } from '../../alerts/rules'
import { currentAccess, isVisible } from '../../session/access'
import type { Upstreams } from '../../upstreams'
import { isRuleSeen, seenBy } from './get-alerts'

/** A chart with more lines than this says nothing. */
const MOST_SERIES = 12
/** Two people who look at one rule within this time share the answer. */
const FRESH_MS = 15_000

/**
 * The value of a rule's expression over time, without its comparison where it ends with one. Only expressions of
 * Prometheus's own rules are asked, never one a reader sends. Throws UpstreamError, and Refusal for an unknown rule.
 */
export async function getAlertSeries(up: Upstreams, query: AlertSeriesQuery): Promise<AlertSeries> {
  const rule = (await readRules(up))?.find((each) => ruleId(each) === query.rule)
  const access = await currentAccess(up)
  const isTold = rule && isRuleSeen(up, access, seenBy(access, rule, up.config.defaultCluster))
  if (!rule || !isTold) throw notFound(`Prometheus has no alerting rule ${query.rule}.`, 'rule-not-found')
  const threshold = thresholdOf(rule.expression)
  const asked = threshold?.value ?? rule.expression
  const seconds = WINDOWS[query.window]
  const stepSeconds = Math.max(15, Math.ceil(seconds / LIMITS.points / 15) * 15)
  const to = Math.floor(up.clock.now() / FRESH_MS) * FRESH_MS
  const grid = { from: to - seconds * 1000, to, stepSeconds }
  const { series } = await up.memory.get(`alert series ${query.rule} ${query.window} ${to}`, FRESH_MS, () =>
    up.prometheus.range(asked, grid),
  )
  const visible = series.filter(({ labels }) => {
    const place = placeOf(labels, up.config.defaultCluster)
    return access.namespaces === null || (place !== null && isVisible(access, place.cluster, place.namespace))
  })
  const isBelow = threshold?.operator.startsWith('<') ?? false
  const badness = ({ points }: (typeof visible)[number]): number => {
    const [at, last] = points.at(-1) ?? [0, null]
    // one that has ended (steps without an answer are missing) crosses no line now
    if (last === null || at <= to - stepSeconds * 1000) return -Infinity
    return isBelow ? -last : last
  }
  const worst = [...visible].sort((a, b) => compare(badness(b), badness(a)))
  return {
    ...grid,
    query: asked,
    unit: unitOf(asked, threshold?.limit ?? null),
    threshold: threshold ? { operator: threshold.operator, limit: threshold.limit } : null,
    series: worst.slice(0, MOST_SERIES).map(({ labels, points }) => ({
      labels,
      points: points.map(([at, value]) => [at, value !== null && Number.isFinite(value) ? value : null]),
    })),
    more: Math.max(0, worst.length - MOST_SERIES),
  }
}

/** Infinities less each other are no number. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
