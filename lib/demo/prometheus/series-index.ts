/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { METRIC_NAME, labelValue } from '@/lib/demo/prometheus/label-set'
import type { Matcher } from '@/lib/demo/prometheus/promql/syntax/matcher'
import type { Series } from '@/lib/demo/prometheus/series'

interface CachedSelection {
  found: Series[]
  /** how many series had been looked at: later ones are looked at when asked again */
  seen: number
}

/** Remembered selections: the same dashboards and refreshes ask the same selectors over and over. */
const CACHED_SELECTIONS = 64

/**
 * Finds series by label. Postings by name and value hold label sets without `le`, not series: a histogram's
 * twenty-odd series are posted once.
 */
export class SeriesIndex {
  private readonly byMetric = new Map<string, number[]>()
  /** label name → value → base label sets */
  private readonly postings = new Map<string, Map<string, number[]>>()
  /** base label set → series ids */
  private readonly ofBase = new Map<number, number[]>()
  private readonly cache = new Map<string, CachedSelection>()

  add({ id, metric, labels }: Series): void {
    append(this.byMetric, metric, id)
    const known = this.ofBase.get(labels.base)
    if (known) {
      known.push(id)
      return
    }
    this.ofBase.set(labels.base, [id])
    const { names, values } = labels
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      if (name === 'le') continue
      let byValue = this.postings.get(name)
      if (!byValue) this.postings.set(name, (byValue = new Map()))
      append(byValue, values[i]!, labels.base)
    }
  }

  /** Matching series in order of creation. The answer is kept and grows: not to be changed. */
  select(all: readonly Series[], matchers: readonly Matcher[]): readonly Series[] {
    const key = matchers.map(({ name, op, value }) => `${name}${op}${value}`).join('\uffff')
    let cached = this.cache.get(key)
    if (cached) this.cache.delete(key)
    else cached = { found: [], seen: 0 }
    // the map keeps the order of insertion: the first key is the one unused for longest
    this.cache.set(key, cached)
    if (this.cache.size > CACHED_SELECTIONS) this.cache.delete(this.cache.keys().next().value!)

    if (cached.seen < all.length) {
      const tests = matchers.map(remembering)
      for (const id of this.candidates(all.length, matchers, cached.seen)) {
        const series = all[id]!
        if (tests.every((test) => test(series))) cached.found.push(series)
      }
      cached.seen = all.length
    }
    return cached.found
  }

  /** Ids from `seen` on, rising: of the metric, of the rarest label, or all, whichever are fewest. */
  private *candidates(total: number, matchers: readonly Matcher[], seen: number): Generator<number> {
    let ids: readonly number[] | null = null
    let bases: readonly number[] | null = null
    for (const { name, op, value } of matchers) {
      if (op !== '=' || value === '') continue
      if (name === METRIC_NAME) ids = this.byMetric.get(value) ?? []
      else if (name !== 'le') {
        const posted: readonly number[] = this.postings.get(name)?.get(value) ?? []
        if (bases === null || posted.length < bases.length) bases = posted
      }
    }
    const seriesPerBase = total / Math.max(1, this.ofBase.size)
    if (bases !== null && bases.length * seriesPerBase < (ids?.length ?? total)) {
      yield* bases.flatMap((base) => this.ofBase.get(base)!.filter((id) => id >= seen)).sort((a, b) => a - b)
    } else if (ids !== null) {
      for (let at = firstAtLeast(ids, seen); at < ids.length; at++) yield ids[at]!
    } else {
      for (let id = seen; id < total; id++) yield id
    }
  }
}

function append<Key>(lists: Map<Key, number[]>, key: Key, item: number): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** A matcher asked once per distinct value instead of once per series. */
function remembering(matcher: Matcher): (series: Series) => boolean {
  const known = new Map<string, boolean>()
  const { name } = matcher
  return (series) => {
    const value = name === METRIC_NAME ? series.metric : labelValue(series.labels, name)
    let matches = known.get(value)
    if (matches === undefined) known.set(value, (matches = matcher.matches(value)))
    return matches
  }
}

function firstAtLeast(ids: readonly number[], id: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ids[middle]! < id) low = middle + 1
    else high = middle
  }
  return low
}
