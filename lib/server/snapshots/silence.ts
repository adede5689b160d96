import 'server-only'
import { NOT_MEASURED } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { PrometheusClient } from '@/lib/prometheus/client'
import type { QueryOptions } from '@/lib/prometheus/istio/queries'
import { selector } from '@/lib/prometheus/promql'
import { formatWindow, windowText } from '@/lib/units/window'

/** Series that had points so lately belong to a mesh that was scraped, and is not now. */
const LATELY_SECONDS = 3_600
/** Of requests, and of a mesh that speaks TCP alone, as behind ztunnels without a waypoint. */
const COUNTERS = ['istio_requests_total', 'istio_tcp_connections_opened_total']

/**
 * What to say of a mesh no pair of which has a rate, where that is not for want of traffic: idle pairs keep their
 * series, so there were points within the hour and there are none in the window. Null where there were none, or where
 * Prometheus does not answer.
 */
export async function findSilence(
  prometheus: Pick<PrometheusClient, 'instant'>,
  { windowSeconds, at, scope = [] }: QueryOptions & { at: number },
  signal?: AbortSignal,
): Promise<Notice | null> {
  const lately = windowText(Math.max(LATELY_SECONDS, windowSeconds * 2))
  const counted = COUNTERS.map((metric) => `count(count_over_time(${selector(metric, scope)}[${lately}]))`)
  try {
    const { samples } = await prometheus.instant(counted.join(' or '), {
      time: at,
      ...(signal ? { signal } : {}),
    })
    if ((samples[0]?.value ?? 0) === 0) return null
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return null
  }
  return {
    code: NOT_MEASURED,
    message: `Prometheus scraped nothing of the mesh in these ${formatWindow(windowSeconds)}, and did before. Traffic and health are not known; the rest is what Kubernetes says.`,
    upstream: 'prometheus',
  }
}
