import { ApiError, badParameter } from '@/lib/demo/prometheus/api/respond'
import { timeParam } from '@/lib/demo/prometheus/api/params'
import { METRIC_NAME, comparePairs, labelValue, sortedPairs } from '@/lib/demo/prometheus/label-set'
import type { MetricStore } from '@/lib/demo/prometheus/metric-store'
import { hasSampleWithin, type Series } from '@/lib/demo/prometheus/series'
import { PromqlParseError } from '@/lib/demo/prometheus/promql/syntax/errors'
import { parseSelector } from '@/lib/demo/prometheus/promql/syntax/parse'
import { quoted } from '@/lib/demo/prometheus/promql/syntax/literals'

/** Series any `match[]` selects, all series without one, that have samples between `start` and `end`. */
function matchingSeries(store: MetricStore, params: URLSearchParams): Iterable<Series> {
  const startMs = timeParam(params, 'start', -Infinity)
  const endMs = timeParam(params, 'end', Infinity)
  const matches = params.getAll('match[]').map((text) => {
    try {
      return parseSelector(text)
    } catch (error) {
      throw error instanceof PromqlParseError ? badParameter('match[]', error.message) : error
    }
  })
  const candidates =
    matches.length === 0
      ? store.series
      : new Set(matches.flatMap(({ matchers }) => [...store.select(matchers)]))
  return [...candidates].filter((series) => hasSampleWithin(series, store.ring, startMs, endMs))
}

export function labelNames(store: MetricStore, params: URLSearchParams): string[] {
  const shapes = new Set<readonly string[]>()
  for (const { labels } of matchingSeries(store, params)) shapes.add(labels.names)
  const names = new Set([...shapes].flat())
  if (shapes.size > 0) names.add(METRIC_NAME)
  return [...names].sort()
}

export function labelValues(store: MetricStore, params: URLSearchParams, name: string): string[] {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    throw new ApiError('bad_data', `invalid label name: ${quoted(name)}`)
  }
  const values = new Set<string>()
  for (const { metric, labels } of matchingSeries(store, params)) {
    values.add(name === METRIC_NAME ? metric : labelValue(labels, name))
  }
  values.delete('')
  return [...values].sort()
}

export function seriesLabels(store: MetricStore, params: URLSearchParams): Record<string, string>[] {
  if (params.getAll('match[]').length === 0) throw new ApiError('bad_data', 'no match[] parameter provided')
  return [...matchingSeries(store, params)]
    .map(({ metric, labels }) => sortedPairs(metric, labels))
    .sort(comparePairs)
    .map((pairs) => Object.fromEntries(pairs))
}

/** What each metric means, by family name. */
export function metadata(store: MetricStore, params: URLSearchParams) {
  const wanted = params.get('metric')
  const limitText = params.get('limit')
  const limit = limitText ? Number(limitText) : -1
  if (!Number.isInteger(limit)) throw badParameter('limit', 'limit must be a number')
  const found: Record<string, { type: string; help: string; unit: string }[]> = {}
  for (const { name, type, help } of store.families.values()) {
    if (wanted && wanted !== name) continue
    if (limit >= 0 && Object.keys(found).length >= limit) break
    found[name] = [{ type, help, unit: '' }]
  }
  return found
}
