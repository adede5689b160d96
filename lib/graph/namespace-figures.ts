/** What the traffic into a namespace amounts to: figures that cannot be computed from those of its nodes. Pure. */
import { addHistogram, quantilesOf, wholeHistogram, type HistogramSum } from './quantile'
import type { Flow, Topology } from './types'

export interface TrafficFigures {
  /** of all requests together; null: no histogram, or of some of them only */
  p99Ms: number | null
  /** requests per second whose security is known, and how many of them used mutual TLS */
  secured: { known: number; mutual: number }
}

interface Sum {
  histogram: HistogramSum | null
  mean: Flow['mean']
  known: number
  mutual: number
}

/**
 * By `{cluster}/{namespace}`, and by `{cluster}` for everything in it. Traffic counts where it was answered, and
 * where nobody answered, at the service that was asked for. TCP has neither quantiles nor a say in shares of requests.
 */
export function figuresOfPlaces(topology: Topology): ReadonlyMap<string, TrafficFigures> {
  const sums = new Map<string, Sum>()
  for (const flow of topology.flows) {
    if (flow.protocol === 'tcp') continue
    const end = flow.target === null ? undefined : topology.ends[flow.target]
    const service = flow.service === null ? undefined : topology.services[flow.service]
    const place =
      end && end.kind !== 'unknown' ? end : service && service.kind === 'service' ? service : undefined
    if (!place) continue
    for (const key of [place.cluster, `${place.cluster}/${place.namespace}`]) {
      const sum = sums.get(key) ?? { histogram: null, mean: null, known: 0, mutual: 0 }
      sum.known += flow.secured.known
      sum.mutual += flow.secured.mutual
      if (flow.histogram) sum.histogram = addHistogram(sum.histogram, flow.histogram)
      if (flow.mean) {
        const { sumMsPerSecond = 0, requestsPerSecond = 0 } = sum.mean ?? {}
        sum.mean = {
          sumMsPerSecond: sumMsPerSecond + flow.mean.sumMsPerSecond,
          requestsPerSecond: requestsPerSecond + flow.mean.requestsPerSecond,
        }
      }
      sums.set(key, sum)
    }
  }
  return new Map(
    [...sums].map(([key, { known, mutual, ...timed }]) => {
      const histogram = wholeHistogram(timed)
      return [key, { p99Ms: histogram && quantilesOf(histogram).p99, secured: { known, mutual } }]
    }),
  )
}

/** Share of mutual TLS, 0..1; null where nothing is known of any request. */
export function mtlsRatioOf(figures: TrafficFigures | undefined): number | null {
  return figures && figures.secured.known > 0 ? figures.secured.mutual / figures.secured.known : null
}
