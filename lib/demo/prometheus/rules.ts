import { labelKey, labelSetOf, sortedPairs, type LabelSet } from '@/lib/demo/prometheus/label-set'
import type { MetricStore } from '@/lib/demo/prometheus/metric-store'
import { expandTemplate } from '@/lib/demo/prometheus/rule-template'
import type { Series } from '@/lib/demo/prometheus/series'
import { typeOf } from '@/lib/demo/prometheus/promql/syntax/check'
import type { Expr } from '@/lib/demo/prometheus/promql/syntax/ast'
import { formatSample } from '@/lib/demo/prometheus/promql/format'
import { parseDuration } from '@/lib/demo/prometheus/promql/syntax/literals'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import type { QueryEngine } from '@/lib/demo/prometheus/promql/query'

/** A group as rule files write it, YAML already parsed. */
export interface RuleGroupSpec {
  name: string
  interval?: string
  rules: readonly RuleSpec[]
}

export type RuleSpec = RecordingRuleSpec | AlertingRuleSpec

export interface RecordingRuleSpec {
  record: string
  expr: string
  labels?: Readonly<Record<string, string>>
}

export interface AlertingRuleSpec {
  alert: string
  expr: string
  for?: string
  labels?: Readonly<Record<string, string>>
  annotations?: Readonly<Record<string, string>>
}

export interface Alert {
  labels: Record<string, string>
  annotations: Record<string, string>
  state: 'pending' | 'firing'
  activeAtMs: number
  value: number
}

export interface RuleState {
  spec: RuleSpec
  holdMs: number
  /** by labels, in order of activation; empty for recording rules */
  alerts: Alert[]
  health: 'unknown' | 'ok' | 'err'
  lastError: string
  lastEvaluationMs: number
  evaluationSeconds: number
}

export interface RuleGroupState {
  spec: RuleGroupSpec
  intervalMs: number
  rules: RuleState[]
  lastEvaluationMs: number
  evaluationSeconds: number
}

export interface Rules {
  readonly groups: readonly RuleGroupState[]
  /** Evaluates the groups that are due at this scrape; call it after each `store.scrape(atMs)`. */
  evaluate(atMs: number): void
}

interface RunningRule extends RuleState {
  expr: Expr
  active: Map<string, Alert & { series: LabelSet }>
  /** what the last evaluation wrote, to be ended when the next one does not */
  written: ReadonlySet<Series>
}

/**
 * Recording and alerting rules over the store, evaluated in order at each scrape that is due. Throws on a rule that
 * is not PromQL, naming it. `clock` measures the evaluations.
 */
export function createRules(options: {
  store: MetricStore
  engine: QueryEngine
  groups: readonly RuleGroupSpec[]
  defaultIntervalMs: number
  clock: () => number
}): Rules {
  const { store, engine, clock } = options
  const groups = options.groups.map((spec) => ({
    spec,
    intervalMs: duration(spec.interval, options.defaultIntervalMs, spec.name),
    rules: spec.rules.map(prepared),
    lastEvaluationMs: -Infinity,
    evaluationSeconds: 0,
  }))

  const evaluateRule = (rule: RunningRule, atMs: number) => {
    const started = clock()
    rule.lastEvaluationMs = atMs
    const written = new Set<Series>()
    try {
      const samples = resultSamples(engine, rule.expr, atMs)
      if ('record' in rule.spec) record(store, rule.spec, samples, written)
      else updateAlerts(store, rule, rule.spec, samples, atMs, written)
      rule.health = 'ok'
      rule.lastError = ''
    } catch (error) {
      rule.health = 'err'
      rule.lastError = error instanceof Error ? error.message : String(error)
    }
    for (const series of rule.written) {
      if (!written.has(series)) series.recorded?.end(store.ring.count - 1)
    }
    rule.written = written
    rule.evaluationSeconds = (clock() - started) / 1000
  }

  return {
    groups,
    evaluate: (atMs) => {
      for (const group of groups) {
        if (atMs - group.lastEvaluationMs < group.intervalMs) continue
        const started = clock()
        group.lastEvaluationMs = atMs
        for (const rule of group.rules) evaluateRule(rule, atMs)
        group.evaluationSeconds = (clock() - started) / 1000
      }
    },
  }
}

function prepared(spec: RuleSpec): RunningRule {
  const name = 'record' in spec ? spec.record : spec.alert
  let expr: Expr
  try {
    expr = parsePromql(spec.expr)
  } catch (error) {
    throw new Error(`rule ${name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  const type = typeOf(expr)
  if (type !== 'vector' && type !== 'scalar')
    throw new Error(`rule ${name}: rules take vectors, not a ${type}`)
  return {
    spec,
    expr,
    holdMs: 'alert' in spec ? duration(spec.for, 0, name) : 0,
    active: new Map(),
    alerts: [],
    written: new Set(),
    health: 'unknown',
    lastError: '',
    lastEvaluationMs: 0,
    evaluationSeconds: 0,
  }
}

function duration(text: string | undefined, fallback: number, owner: string): number {
  if (text === undefined) return fallback
  const ms = parseDuration(text)
  if (ms === null) throw new Error(`${owner}: not a duration: ${text}`)
  return ms
}

interface RuleSample {
  metric: string
  labels: LabelSet
  value: number
}

function resultSamples(engine: QueryEngine, expr: Expr, atMs: number): RuleSample[] {
  const result = engine.instant(expr, atMs)
  if (result.type === 'scalar') return [{ metric: '', labels: labelSetOf([]), value: result.value }]
  if (result.type !== 'vector') throw new Error(`rules take vectors, not a ${result.type}`)
  return result.samples.map(({ row, value }) => ({ ...row, value }))
}

/** Labels of a sample without its name, those of the rule over them. */
function ruleLabels(sample: RuleSample, extra: Readonly<Record<string, string>>): Record<string, string> {
  const labels = Object.fromEntries(sortedPairs('', sample.labels))
  return { ...labels, ...extra }
}

function record(
  store: MetricStore,
  spec: RecordingRuleSpec,
  samples: readonly RuleSample[],
  written: Set<Series>,
): void {
  for (const sample of samples) {
    const labels = spec.labels ? labelSetOf(Object.entries(ruleLabels(sample, spec.labels))) : sample.labels
    const series = store.record(spec.record, labels, sample.value)
    if (written.has(series))
      throw new Error('vector contains metrics with the same labelset after applying rule labels')
    written.add(series)
  }
}

/** Pending until it held for `for`, then firing; gone as soon as it no longer holds. */
function updateAlerts(
  store: MetricStore,
  rule: RunningRule,
  spec: AlertingRuleSpec,
  samples: readonly RuleSample[],
  atMs: number,
  written: Set<Series>,
): void {
  const seen = new Set<string>()
  for (const sample of samples) {
    const own = Object.fromEntries(sortedPairs(sample.metric, sample.labels))
    const expand = (texts: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [name, expandTemplate(text, own, sample.value)]),
      )
    const labels = { ...ruleLabels(sample, expand(spec.labels)), alertname: spec.alert }
    const series = labelSetOf(Object.entries(labels))
    const key = labelKey('', series)
    if (seen.has(key))
      throw new Error('vector contains metrics with the same labelset after applying alert labels')
    seen.add(key)
    const before = rule.active.get(key)
    const activeAtMs = before?.activeAtMs ?? atMs
    rule.active.set(key, {
      labels,
      series,
      annotations: expand(spec.annotations),
      state: atMs - activeAtMs >= rule.holdMs ? 'firing' : 'pending',
      activeAtMs,
      value: sample.value,
    })
  }
  for (const key of rule.active.keys()) {
    if (!seen.has(key)) rule.active.delete(key)
  }
  rule.alerts = [...rule.active.values()]
  for (const { series, state, activeAtMs } of rule.active.values()) {
    const pairs = sortedPairs('', series)
    written.add(store.record('ALERTS', labelSetOf([...pairs, ['alertstate', state]]), 1))
    written.add(store.record('ALERTS_FOR_STATE', series, activeAtMs / 1000))
  }
}

function alertJson({ labels, annotations, state, activeAtMs, value }: Alert) {
  return {
    labels,
    annotations,
    state,
    activeAt: new Date(activeAtMs).toISOString(),
    value: formatSample(value),
  }
}

/** The answer of `/api/v1/alerts`. */
export function alertsJson(rules: Rules | undefined) {
  const groups = rules?.groups ?? []
  return { alerts: groups.flatMap(({ rules }) => rules.flatMap(({ alerts }) => alerts.map(alertJson))) }
}

/** The answer of `/api/v1/rules`; `type` is `alert`, `record` or null for both. */
export function rulesJson(rules: Rules | undefined, type: string | null) {
  return {
    groups: (rules?.groups ?? []).map((group) => ({
      name: group.spec.name,
      file: 'embedded',
      rules: group.rules
        .filter(({ spec }) => type === null || type === ('alert' in spec ? 'alert' : 'record'))
        .map(ruleJson),
      interval: group.intervalMs / 1000,
      limit: 0,
      evaluationTime: group.evaluationSeconds,
      lastEvaluation: instant(group.lastEvaluationMs),
    })),
  }
}

function ruleJson(rule: RuleState) {
  const { spec, health, lastError } = rule
  const common = {
    query: spec.expr,
    labels: spec.labels ?? {},
    health,
    ...(lastError === '' ? {} : { lastError }),
    evaluationTime: rule.evaluationSeconds,
    lastEvaluation: instant(rule.lastEvaluationMs),
  }
  if ('record' in spec) return { name: spec.record, ...common, type: 'recording' }
  const states = rule.alerts.map(({ state }) => state)
  return {
    state: states.includes('firing') ? 'firing' : states.includes('pending') ? 'pending' : 'inactive',
    name: spec.alert,
    ...common,
    duration: rule.holdMs / 1000,
    annotations: spec.annotations ?? {},
    alerts: rule.alerts.map(alertJson),
    type: 'alerting',
  }
}

function instant(ms: number): string {
  return ms > 0 ? new Date(ms).toISOString() : '0001-01-01T00:00:00Z'
}
