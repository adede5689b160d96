/** The step that adds how long requests took; rates come first because this is the dear part. */
import type { LatencySample, MeanLatencySample } from '@/lib/mesh/traffic'
import { addHistogram, type HistogramSum } from './quantile'
import { isRate, quantizeBytes, quantizeRate } from './quantum'
import type { Flow, Histogram, Topology } from './types'

/**
 * The topology with the latency of its flows: buckets (and means) of the reporter whose rates were taken, so one
 * request is never timed twice. Flows without a sample keep null. Buckets stay unmerged until a view folds
 * flows into edges: quantiles are taken of the sum.
 */
export function withLatency(
  topology: Topology,
  samples: { latency: readonly LatencySample[]; means: readonly MeanLatencySample[] },
): Topology {
  const parts = new Map<number, { histogram: Histogram; share: number }[]>()
  const intern = createBoundsTable()
  for (const sample of samples.latency) {
    const found = topology.findFlow(sample)
    if (!found || found.share === 0) continue
    const histogram = histogramOf(sample, intern)
    if (!histogram) continue
    const part = { histogram, share: found.share }
    const others = parts.get(found.flow)
    if (others) others.push(part)
    else parts.set(found.flow, [part])
  }
  const means = new Map<number, { sumMsPerSecond: number; requestsPerSecond: number }>()
  for (const sample of samples.means) {
    const found = topology.findFlow(sample)
    if (!found || found.share === 0) continue
    if (!isRate(sample.sumMsPerSecond) || !isRate(sample.requestsPerSecond)) continue
    const sum = means.get(found.flow) ?? { sumMsPerSecond: 0, requestsPerSecond: 0 }
    sum.sumMsPerSecond += quantizeBytes(sample.sumMsPerSecond * found.share)
    sum.requestsPerSecond += quantizeRate(sample.requestsPerSecond * found.share)
    means.set(found.flow, sum)
  }
  const flows = topology.flows.map((flow, index): Flow => {
    const histogram = sumOf(parts.get(index) ?? [])
    const mean = means.get(index)
    return histogram || mean ? { ...flow, histogram, mean: mean ?? null } : flow
  })
  return { ...topology, flows }
}

/** A sample serves the snapshot it is of and those after it, until they have their own: its histogram is made once. */
const histograms = new WeakMap<LatencySample, Histogram | null>()

/** Null for one that cannot be summed. */
function histogramOf(sample: LatencySample, intern: ReturnType<typeof createBoundsTable>): Histogram | null {
  const known = histograms.get(sample)
  if (known !== undefined) return known
  const made = isUsable(sample)
    ? {
        bounds: intern(sample.buckets),
        counts: sample.buckets.map((bucket) => quantizeRate(bucket.perSecond)),
      }
    : null
  histograms.set(sample, made)
  return made
}

/** The sum of one is that one itself: what was worked out of it holds on. */
function sumOf(parts: readonly { histogram: Histogram; share: number }[]): Histogram | null {
  const [only] = parts
  if (parts.length === 1 && only?.share === 1) return only.histogram
  return parts.reduce<HistogramSum | null>(
    (sum, { histogram, share }) => addHistogram(sum, histogram, share),
    null,
  )
}

/** A histogram can be summed when its bounds rise and end with infinity. */
function isUsable(sample: LatencySample): boolean {
  const { buckets } = sample
  if (buckets.at(-1)?.le !== Number.POSITIVE_INFINITY) return false
  let previous = Number.NEGATIVE_INFINITY
  for (const { le } of buckets) {
    if (!(le > previous)) return false
    previous = le
  }
  return true
}

/** Equal bounds become one array, so that sums need not compare them bound by bound. */
function createBoundsTable(): (buckets: LatencySample['buckets']) => readonly number[] {
  let latest: readonly number[] = []
  const known: (readonly number[])[] = []
  const isEqual = (bounds: readonly number[], buckets: LatencySample['buckets']) =>
    bounds.length === buckets.length && buckets.every((bucket, index) => bucket.le === bounds[index])
  return (buckets) => {
    if (isEqual(latest, buckets)) return latest
    const found = known.find((bounds) => isEqual(bounds, buckets))
    latest = found ?? buckets.map((bucket) => bucket.le)
    if (!found) known.push(latest)
    return latest
  }
}
