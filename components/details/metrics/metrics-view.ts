/** What the charts of a detail page show, as the address says it. Pure. */
import type { ChartReporter, Comparison, Grouping } from '@/lib/api/schemas/requests'
import type { WindowText } from '@/lib/api/schemas/common'
import { chartWindow } from '../windows'
import type { Quantile } from './detail-shapes'
import { QUANTILES } from './detail-shapes'

// repeated here: the schema file would bring its validator into the page
const GROUPINGS = [
  'none',
  'version',
  'workload',
  'peer',
  'code',
  'pod',
] as const satisfies readonly Grouping[]
const REPORTERS = ['once', 'source', 'destination', 'waypoint'] as const satisfies readonly ChartReporter[]
const COMPARISONS = ['none', '1h', '1d', '7d'] as const satisfies readonly Comparison[]

export interface MetricsView {
  direction: 'inbound' | 'outbound'
  groupBy: Grouping
  reporter: ChartReporter
  /** none where lines are grouped: one earlier line stands beside each of now */
  compare: Comparison
  quantile: Quantile
}

/** `?direction=&by=&reporter=&compare=&quantile=`; what is unknown or absent reads as the default. */
export function parseMetricsView(params: URLSearchParams, preset: MetricsView['direction']): MetricsView {
  const groupBy = oneOf(GROUPINGS, params.get('by')) ?? 'none'
  return {
    direction: oneOf(['inbound', 'outbound'] as const, params.get('direction')) ?? preset,
    groupBy,
    reporter: oneOf(REPORTERS, params.get('reporter')) ?? 'once',
    compare: groupBy === 'none' ? (oneOf(COMPARISONS, params.get('compare')) ?? 'none') : 'none',
    quantile: oneOf(QUANTILES, params.get('quantile')) ?? 'p95',
  }
}

/** A chart of the present looks further back than a figure; of a chosen time it shows just that. */
export function metricsWindow(window: WindowText, at: number | null): WindowText {
  return at === null ? chartWindow(window) : window
}

function oneOf<T extends string>(choices: readonly T[], text: string | null): T | undefined {
  return choices.find((choice) => choice === text)
}
