/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import type { InternedLabels } from '@/lib/demo/prometheus/label-set'
import type { SampleRing } from '@/lib/demo/prometheus/sample-ring'

/** One series. A scraped one has samples in [born, end) and in the earlier runs, as far as the ring keeps them. */
export interface Series {
  readonly id: number
  readonly metric: string
  readonly labels: InternedLabels
  /** its row in the ring; -1 for what rules record, which holds its own samples */
  readonly row: number
  readonly recorded: RecordedSamples | null
  /** index of the first sample of the current run */
  born: number
  /** Infinity while it lives */
  end: number
  /** earlier [from, to) pairs, oldest first; null for a series that never paused */
  earlier: number[] | null
}

/** Samples of a recorded series: at some indices only, since rules have intervals of their own. */
export class RecordedSamples {
  private readonly indices: number[] = []
  private readonly values: number[] = []
  /** where a rule answered without this series: Prometheus writes a staleness marker there */
  private readonly ends: number[] = []

  write(index: number, value: number, oldest: number): void {
    if (this.indices.at(-1) === index) {
      this.values[this.values.length - 1] = value
      return
    }
    if (this.ends.at(-1) === index) this.ends.pop()
    this.indices.push(index)
    this.values.push(value)
    const passed = countBelow(this.indices, oldest)
    // in batches: each cut moves all that stays
    if (passed > 64) {
      this.indices.splice(0, passed)
      this.values.splice(0, passed)
      this.ends.splice(0, countBelow(this.ends, oldest))
    }
  }

  end(index: number): void {
    if (this.lastAt(index) >= 0) this.ends.push(index)
  }

  /** Index of the last sample at or before `index`; -1 when there is none or the series ended since. */
  lastAt(index: number): number {
    const last = this.indices[countBelow(this.indices, index + 1) - 1] ?? -1
    const ended = this.ends[countBelow(this.ends, index + 1) - 1] ?? -1
    return ended > last ? -1 : last
  }

  valueAt(index: number): number {
    return this.values[countBelow(this.indices, index)]!
  }
}

/** How many of the rising numbers are smaller than `limit`. */
function countBelow(rising: readonly number[], limit: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rising[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

/** The index of the last sample at or before `index`; -1 when there is none, or a rule ended the series. */
export function lastSampleAt(series: Series, index: number): number {
  if (series.recorded) return series.recorded.lastAt(index)
  if (index >= series.born && series.end > series.born) return Math.min(index, series.end - 1)
  const runs = series.earlier
  if (runs) {
    for (let i = runs.length - 2; i >= 0; i -= 2) {
      if (index >= runs[i]!) return Math.min(index, runs[i + 1]! - 1)
    }
  }
  return -1
}

/** The sample at an index that lastSampleAt answered and the ring still keeps. */
export function sampleValue(ring: SampleRing, series: Series, index: number): number {
  return series.recorded ? series.recorded.valueAt(index) : ring.read(series.row, index)
}

/** Whether the series has a kept sample in the time range, both ends included. */
export function hasSampleWithin(series: Series, ring: SampleRing, startMs: number, endMs: number): boolean {
  const from = ring.firstAtOrAfter(startMs)
  const last = ring.endAtOrBefore(endMs) - 1
  if (last < from) return false
  for (let index = last; index >= from; index--) {
    const found = lastSampleAt(series, index)
    if (found >= from) return true
    // a rule may have ended it at this index and not yet at the one before
    if (!series.recorded) return false
  }
  return false
}
