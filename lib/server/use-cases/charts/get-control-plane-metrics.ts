import 'server-only'
import type { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import type { ControlPlaneMetricsQuery } from '@/lib/api/schemas/requests'
import { parseNodeId } from '@/lib/mesh/identity'
import { controlPlaneQuestions } from '@/lib/prometheus/istio/control-plane'
import { invalid } from '../../errors'
import type { Upstreams } from '../../upstreams'
import { createAsker } from './ask'
import { chartTime } from './chart-grid'

/** Lines of one chart: a control plane of many replicas and versions is cut, and says so. */
const MOST_LINES = 12

/** What a control plane measures of itself over time: proxies, pushes, convergence, certificates, its own cost. */
export async function getControlPlaneMetrics(
  up: Upstreams,
  query: ControlPlaneMetricsQuery,
  signal?: AbortSignal,
): Promise<MetricAnswer> {
  const ref = parseNodeId(query.node)
  if (ref?.kind !== 'workload') throw invalid('node', 'node must be the workload of a control plane.')
  const { grid, rateSeconds } = await chartTime(up, query)
  const questions = controlPlaneQuestions(ref, rateSeconds, up.config.prometheus.scope)
  const ask = createAsker(up, grid, signal)
  const answers = await Promise.all(questions.map(({ id, query: text }) => ask.range(id, text)))
  ask.settle()
  const notices = [...ask.notices]
  const series = questions.flatMap(({ id, read }, place) => {
    const lines = read(answers[place] ?? [], grid)
    const hidden = lines.length - MOST_LINES
    if (hidden > 0) {
      notices.push({
        code: 'lines-cut',
        message: `The chart of ${id} has ${hidden} more lines than can be told apart; they are not shown.`,
      })
    }
    return lines.slice(0, MOST_LINES)
  })
  if (answers.every((rows) => rows.length === 0)) {
    notices.push({
      code: 'control-plane-silent',
      message: `Prometheus has no metrics of the pods of ${ref.name} in ${ref.namespace}: scrape port 15014 of istiod and keep the labels namespace and pod.`,
      upstream: 'prometheus',
    })
  }
  return {
    ...grid,
    rateSeconds,
    series,
    earlier: null,
    groups: null,
    heatmap: null,
    queries: Object.fromEntries(questions.map(({ id, query: text }) => [id, text])),
    principals: null,
    notices,
  }
}
