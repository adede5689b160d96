/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import type { MetricWriter } from '@/lib/demo/model'
import { LabelTable, labelKey, type InternedLabels, type LabelSet } from '@/lib/demo/prometheus/label-set'
import { RecordedSamples, type Series } from '@/lib/demo/prometheus/series'
import { SampleRing } from '@/lib/demo/prometheus/sample-ring'
import { SeriesIndex } from '@/lib/demo/prometheus/series-index'
import type { Matcher } from '@/lib/demo/prometheus/promql/syntax/matcher'

export type MetricType = 'counter' | 'gauge' | 'histogram'

export interface MetricStoreOptions {
  /** how many scrapes are kept; retention is this times the scrape interval (default 720: an hour at 5 s) */
  capacity?: number
  /** what a metric means, by its family name, for HELP lines and the metadata API */
  help?: Readonly<Record<string, string>>
}

export interface MetricFamily {
  name: string
  type: MetricType
  help: string
  /** in order of creation; those of one histogram follow each other: buckets, +Inf, sum, count */
  members: Series[]
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
  /**
   * Ends every scraped series whose labels `match` accepts: its pod is gone. Answers how many. Instant selectors
   * find them for the lookback still, as with a Prometheus that scrapes explicit timestamps.
   */
  remove(match: (labels: LabelSet) => boolean): number
  /** Adds a sample to the last scrape: what a rule made of it. Throws for the name and labels of a scraped series. */
  record(metric: string, labels: LabelSet, value: number): Series
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
  private rows = 0
  /** value of every scraped series at this moment, by row */
  private current = new Float64Array(1024)
  private readonly counters = new Map<number, CounterHandle>()
  private readonly gauges = new Map<number, GaugeHandle>()
  private readonly histograms = new Map<string, Map<number, HistogramHandle>>()

  constructor(options: MetricStoreOptions) {
    this.ring = new SampleRing(options.capacity ?? 720)
    this.help = options.help ?? {}
  }

  counter(name: string, labels: Record<string, string>): CounterHandle {
    const { row } = this.live(name, this.labelSets.intern(labels), this.family(name, 'counter'))
    let handle = this.counters.get(row)
    if (!handle) {
      handle = {
        add: (by) => {
          if (!(by >= 0)) throw new RangeError(`counter ${name} cannot grow by ${by}`)
          this.current[row]! += by
        },
      }
      this.counters.set(row, handle)
    }
    return handle
  }

  gauge(name: string, labels: Record<string, string>): GaugeHandle {
    const { row } = this.live(name, this.labelSets.intern(labels), this.family(name, 'gauge'))
    let handle = this.gauges.get(row)
    if (!handle) {
      handle = {
        set: (to) => {
          this.current[row] = to
        },
      }
      this.gauges.set(row, handle)
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
    const bucketRows = [...bounds.map(String), '+Inf'].map(
      (bound) => this.live(`${name}_bucket`, this.labelSets.internBound(base, bound), family).row,
    )
    const sum = this.live(`${name}_sum`, base, family).row
    const count = this.live(`${name}_count`, base, family).row
    const made = handle ?? this.histogramHandle(name, [...bounds], bucketRows, sum, count)
    known.set(base.id, made)
    return made
  }

  private histogramHandle(
    name: string,
    bounds: readonly number[],
    bucketRows: readonly number[],
    sum: number,
    count: number,
  ): HistogramHandle {
    return {
      observe: (value, times = 1) => {
        let first = 0
        while (first < bounds.length && value > bounds[first]!) first++
        for (let i = first; i < bucketRows.length; i++) this.current[bucketRows[i]!]! += times
        this.current[sum]! += value * times
        this.current[count]! += times
      },
      addBucketCounts: (counts, total) => {
        if (counts.length > bucketRows.length) {
          throw new RangeError(`${name} has ${bucketRows.length} buckets, not ${counts.length}`)
        }
        let below = 0
        for (let i = 0; i < bucketRows.length; i++) {
          below += counts[i] ?? 0
          this.current[bucketRows[i]!]! += below
        }
        this.current[sum]! += total
        this.current[count]! += below
      },
    }
  }

  scrape(atMs: number): void {
    const index = this.ring.open(atMs)
    this.ring.writeAll(index, this.current, this.rows)
  }

  select(matchers: readonly Matcher[]): readonly Series[] {
    return this.index.select(this.series, matchers)
  }

  endPod(namespace: string, pod: string): void {
    const valueOf = (labels: LabelSet, name: string) => labels.values[labels.names.indexOf(name)]
    this.remove((labels) => valueOf(labels, 'pod') === pod && valueOf(labels, 'namespace') === namespace)
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

  record(metric: string, labels: LabelSet, value: number): Series {
    const index = this.ring.count - 1
    if (index < 0) throw new RangeError('nothing was scraped yet')
    const set = this.labelSets.sets[labels.id] ?? this.labelSets.intern(Object.fromEntries(pairsOf(labels)))
    const series = this.byMetric.get(metric)?.get(set.id) ?? this.add(metric, set, new RecordedSamples())
    if (!series.recorded) {
      throw new RangeError(`a rule would overwrite the scraped series ${labelKey(metric, set)}`)
    }
    series.recorded.write(index, value, this.ring.oldest)
    return series
  }

  /** The living series of these labels, born or revived at the next scrape. */
  private live(metric: string, labels: InternedLabels, family: MetricFamily): Series {
    const known = this.byMetric.get(metric)?.get(labels.id)
    if (!known) {
      const series = this.add(metric, labels, null)
      family.members.push(series)
      return series
    }
    if (known.recorded) throw new RangeError(`${metric} is written by a rule`)
    if (known.end !== Infinity) {
      // a process of the same name starts again: from zero
      this.current[known.row] = 0
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

  private add(metric: string, labels: InternedLabels, recorded: RecordedSamples | null): Series {
    const row = recorded ? -1 : this.rows++
    const born = recorded ? 0 : this.ring.count
    const series: Series = {
      id: this.series.length,
      metric,
      labels,
      row,
      recorded,
      born,
      end: recorded ? 0 : Infinity,
      earlier: null,
    }
    this.series.push(series)
    let known = this.byMetric.get(metric)
    if (!known) this.byMetric.set(metric, (known = new Map()))
    known.set(labels.id, series)
    this.index.add(series)
    if (row >= 0) {
      this.ring.reserve(row)
      if (row >= this.current.length) {
        const larger = new Float64Array(this.current.length * 2)
        larger.set(this.current)
        this.current = larger
      }
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
