import type { MetricWriter } from '@/lib/demo/model'
import { LabelTable, labelKey, type LabelSet } from '@/lib/demo/prometheus/label-set'
import { SampleRing } from '@/lib/demo/prometheus/sample-ring'
import { SeriesIndex } from '@/lib/demo/prometheus/series-index'
import type { Matcher } from '@/lib/demo/prometheus/promql/matcher'

export type MetricType = 'counter' | 'gauge' | 'histogram'

export interface MetricStoreOptions {
  /** how many scrapes are kept; retention is this times the scrape interval (default 720: an hour at 5 s) */
  capacity?: number
  /** what a metric means, by its family name, for HELP lines and the metadata API */
  help?: Readonly<Record<string, string>>
}

/** One series. It has samples in [born, end) and in the earlier runs, as far as the ring keeps them. */
export interface Series {
  readonly id: number
  readonly metric: string
  readonly labels: LabelSet
  /** written by a rule rather than by a proxy: ends at once when not written, is not part of the exposition */
  readonly recorded: boolean
  born: number
  /** Infinity while it lives */
  end: number
  /** earlier [from, to) pairs, oldest first; null for a series that never paused */
  earlier: number[] | null
}

export interface MetricFamily {
  name: string
  type: MetricType
  help: string
  /** series ids in order of creation; a histogram's follow each other: buckets, +Inf, sum, count */
  members: number[]
}

export type CounterHandle = ReturnType<MetricWriter['counter']>
export type GaugeHandle = ReturnType<MetricWriter['gauge']>
export type HistogramHandle = ReturnType<MetricWriter['histogram']>

/** What the proxies write, and what PromQL, the text exposition and the rules read. */
export interface MetricStore extends MetricWriter {
  readonly ring: SampleRing
  readonly series: readonly Series[]
  readonly families: ReadonlyMap<string, MetricFamily>
  readonly labelSets: LabelTable
  /** Series that match, in order of creation, whether or not they still have samples. */
  select(matchers: readonly Matcher[]): readonly Series[]
  /** Ends every series with these labels (a pod is gone); with a metric name, only that one's. */
  remove(match: (labels: LabelSet) => boolean): number
  /** Adds a sample to the last scrape: what a recording rule made of it. */
  record(metric: string, labels: LabelSet, value: number): void
}

/**
 * The measurements of the embedded mesh: every series in memory, exact doubles, one shared row of timestamps.
 * Memory is about 8 bytes × capacity + 0.5 kB a series.
 */
export function createMetricStore(options: MetricStoreOptions = {}): MetricStore {
  return new InMemoryMetricStore(options)
}

class InMemoryMetricStore implements MetricStore {
  readonly ring: SampleRing
  readonly series: Series[] = []
  readonly families = new Map<string, MetricFamily>()
  readonly labelSets = new LabelTable()
  private readonly help: Readonly<Record<string, string>>
  private readonly index = new SeriesIndex()
  /** metric name → label set number → series */
  private readonly byMetric = new Map<string, Map<number, Series>>()
  /** value of every live series at this moment, by series id */
  private current = new Float64Array(1024)
  private readonly counters = new Map<number, CounterHandle>()
  private readonly gauges = new Map<number, GaugeHandle>()
  private readonly histograms = new Map<string, Map<number, HistogramHandle>>()

  constructor(options: MetricStoreOptions) {
    this.ring = new SampleRing(options.capacity ?? 720)
    this.help = options.help ?? {}
  }

  counter(name: string, labels: Record<string, string>): CounterHandle {
    const { id } = this.live(name, this.labelSets.intern(labels), this.family(name, 'counter'))
    let handle = this.counters.get(id)
    if (!handle) {
      handle = {
        add: (by) => {
          if (!(by >= 0)) throw new RangeError(`counter ${name} cannot grow by ${by}`)
          this.current[id]! += by
        },
      }
      this.counters.set(id, handle)
    }
    return handle
  }

  gauge(name: string, labels: Record<string, string>): GaugeHandle {
    const { id } = this.live(name, this.labelSets.intern(labels), this.family(name, 'gauge'))
    let handle = this.gauges.get(id)
    if (!handle) {
      handle = {
        set: (to) => {
          this.current[id] = to
        },
      }
      this.gauges.set(id, handle)
    }
    return handle
  }

  histogram(name: string, labels: Record<string, string>, bounds: readonly number[]): HistogramHandle {
    const base = this.labelSets.intern(labels)
    let known = this.histograms.get(name)
    if (!known) this.histograms.set(name, (known = new Map()))
    const handle = known.get(base.id)
    if (handle && this.byMetric.get(`${name}_count`)?.get(base.id)?.end === Infinity) return handle

    const family = this.family(name, 'histogram')
    const bucketIds = [...bounds.map(String), '+Inf'].map(
      (bound) => this.live(`${name}_bucket`, this.labelSets.internBound(base, bound), family).id,
    )
    const sum = this.live(`${name}_sum`, base, family).id
    const count = this.live(`${name}_count`, base, family).id
    const made = handle ?? this.histogramHandle(name, [...bounds], bucketIds, sum, count)
    known.set(base.id, made)
    return made
  }

  private histogramHandle(
    name: string,
    bounds: readonly number[],
    bucketIds: readonly number[],
    sum: number,
    count: number,
  ): HistogramHandle {
    return {
      observe: (value, times = 1) => {
        let first = 0
        while (first < bounds.length && value > bounds[first]!) first++
        for (let i = first; i < bucketIds.length; i++) this.current[bucketIds[i]!]! += times
        this.current[sum]! += value * times
        this.current[count]! += times
      },
      addBucketCounts: (counts, total) => {
        if (counts.length > bucketIds.length) {
          throw new RangeError(`${name} has ${bucketIds.length} buckets, not ${counts.length}`)
        }
        let below = 0
        for (let i = 0; i < bucketIds.length; i++) {
          below += counts[i] ?? 0
          this.current[bucketIds[i]!]! += below
        }
        this.current[sum]! += total
        this.current[count]! += below
      },
    }
  }

  scrape(atMs: number): void {
    const index = this.ring.open(atMs)
    this.ring.writeAll(index, this.current, this.series.length)
  }

  select(matchers: readonly Matcher[]): readonly Series[] {
    return this.index.select(this.series, matchers)
  }

  remove(match: (labels: LabelSet) => boolean): number {
    const gone = new Set(this.labelSets.sets.filter(match).map(({ id }) => id))
    let removed = 0
    for (const series of this.series) {
      if (series.end === Infinity && !series.recorded && gone.has(series.labels.id)) {
        series.end = this.ring.count
        removed++
      }
    }
    return removed
  }

  record(metric: string, labels: LabelSet, value: number): void {
    const index = this.ring.count - 1
    if (index < 0) throw new RangeError('nothing was scraped yet')
    const set = labels.id >= 0 ? labels : this.labelSets.intern(Object.fromEntries(pairsOf(labels)))
    const known = this.byMetric.get(metric)?.get(set.id)
    if (known && !known.recorded) {
      throw new RangeError(`a rule would overwrite the scraped series ${labelKey(metric, set)}`)
    }
    const series = known ?? this.add(metric, set, true, index)
    if (series.end < index) this.resume(series, index)
    series.end = index + 1
    this.ring.write(series.id, index, value)
  }

  /** The living series of these labels, born or revived at the next scrape. */
  private live(metric: string, labels: LabelSet, family: MetricFamily): Series {
    const known = this.byMetric.get(metric)?.get(labels.id)
    if (!known) {
      const series = this.add(metric, labels, false, this.ring.count)
      family.members.push(series.id)
      return series
    }
    if (known.recorded) throw new RangeError(`${metric} is written by a rule`)
    if (known.end !== Infinity) {
      // a process of the same name starts again: from zero
      this.current[known.id] = 0
      if (known.end === this.ring.count) {
        known.end = Infinity
      } else {
        this.resume(known, this.ring.count)
        known.end = Infinity
      }
    }
    return known
  }

  /** Begins a new run of samples at `index`, keeping the earlier ones the ring still holds. */
  private resume(series: Series, index: number): void {
    const runs = [...(series.earlier ?? []), series.born, series.end]
    const firstKept = runs.findIndex((end, at) => at % 2 === 1 && end > this.ring.oldest)
    series.earlier = firstKept < 0 ? null : runs.slice(firstKept - 1)
    series.born = index
  }

  private add(metric: string, labels: LabelSet, recorded: boolean, born: number): Series {
    const id = this.series.length
    const series: Series = { id, metric, labels, recorded, born, end: Infinity, earlier: null }
    this.series.push(series)
    let known = this.byMetric.get(metric)
    if (!known) this.byMetric.set(metric, (known = new Map()))
    known.set(labels.id, series)
    this.index.add(series)
    this.ring.reserve(id)
    if (id >= this.current.length) {
      const larger = new Float64Array(this.current.length * 2)
      larger.set(this.current)
      this.current = larger
    }
    return series
  }

  private family(name: string, type: MetricType): MetricFamily {
    let family = this.families.get(name)
    if (!family) {
      if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) throw new RangeError(`bad metric name ${name}`)
      family = { name, type, help: this.help[name] ?? `${name} of the embedded mesh.`, members: [] }
      this.families.set(name, family)
    }
    if (family.type !== type) throw new RangeError(`${name} is a ${family.type}, not a ${type}`)
    return family
  }
}

function* pairsOf(labels: LabelSet): Generator<[string, string]> {
  for (let i = 0; i < labels.names.length; i++) yield [labels.names[i]!, labels.values[i]!]
}

/** Whether the series has the sample of this index (which must still be in the ring). */
export function hasSample(series: Series, index: number): boolean {
  if (index >= series.born) return index < series.end
  const runs = series.earlier
  if (runs) {
    for (let i = runs.length - 2; i >= 0; i -= 2) {
      if (index >= runs[i]!) return index < runs[i + 1]!
    }
  }
  return false
}

/** The index of the last sample at or before `index`; -1 when there is none. */
export function lastSampleAt(series: Series, index: number): number {
  if (index >= series.born && series.end > series.born) return Math.min(index, series.end - 1)
  const runs = series.earlier
  if (runs) {
    for (let i = runs.length - 2; i >= 0; i -= 2) {
      if (index >= runs[i]!) return Math.min(index, runs[i + 1]! - 1)
    }
  }
  return -1
}

/** Whether any sample of the series is still kept. */
export function isRetained(series: Series, ring: SampleRing): boolean {
  return (
    Math.min(series.end, ring.count) > Math.max(series.born, ring.oldest) || keepsEarlierRun(series, ring)
  )
}

function keepsEarlierRun({ earlier }: Series, ring: SampleRing): boolean {
  return earlier !== null && earlier[earlier.length - 1]! > ring.oldest
}
