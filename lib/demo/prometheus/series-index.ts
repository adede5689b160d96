/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { METRIC_NAME } from '@/lib/demo/prometheus/label-set'
import type { Series } from '@/lib/demo/prometheus/series'
import { labelValue } from '@/lib/demo/prometheus/label-set'
import type { Matcher } from '@/lib/demo/prometheus/promql/matcher'

interface CachedSelection {
  found: Series[]
  /** how many series had been looked at: later ones are looked at when asked again */
  seen: number
}

/** Remembered selections: the same dashboards and refreshes ask the same selectors over and over. */
const CACHED_SELECTIONS = 64

/** Finds series by label: postings by name and value, the rarest equality first, the rest by filter. */
export class SeriesIndex {
  private readonly postings = new Map<string, Map<string, number[]>>()
  private readonly cache = new Map<string, CachedSelection>()

  add(series: Series): void {
    this.post(METRIC_NAME, series.metric, series.id)
    const { names, values } = series.labels
    for (let i = 0; i < names.length; i++) this.post(names[i]!, values[i]!, series.id)
  }

  private post(name: string, value: string, id: number): void {
    let byValue = this.postings.get(name)
    if (!byValue) this.postings.set(name, (byValue = new Map()))
    const ids = byValue.get(value)
    if (ids) ids.push(id)
    else byValue.set(value, [id])
  }

  select(all: readonly Series[], matchers: readonly Matcher[]): readonly Series[] {
    const key = matchers.map(({ name, op, value }) => `${name}${op}${value}`).join('\uffff')
    let cached = this.cache.get(key)
    if (cached) this.cache.delete(key)
    else cached = { found: [], seen: 0 }
    // the map keeps the order of insertion: the first key is the one unused for longest
    this.cache.set(key, cached)
    if (this.cache.size > CACHED_SELECTIONS) this.cache.delete(this.cache.keys().next().value!)

    if (cached.seen < all.length) {
      this.extend(cached, all, matchers)
      cached.seen = all.length
    }
    return cached.found
  }

  private extend(cached: CachedSelection, all: readonly Series[], matchers: readonly Matcher[]): void {
    const tests = matchers.map((matcher) => remembering(matcher))
    const ids = this.rarest(matchers)
    const passes = (series: Series) => tests.every((test) => test(series))
    if (ids === null) {
      for (let id = cached.seen; id < all.length; id++) {
        if (passes(all[id]!)) cached.found.push(all[id]!)
      }
      return
    }
    for (let at = firstAtLeast(ids, cached.seen); at < ids.length; at++) {
      const series = all[ids[at]!]!
      if (passes(series)) cached.found.push(series)
    }
  }

  /** The shortest posting among the equality matchers; null when there is no equality to start from. */
  private rarest(matchers: readonly Matcher[]): readonly number[] | null {
    let best: readonly number[] | null = null
    for (const { name, op, value } of matchers) {
      if (op !== '=' || value === '') continue
      const ids = this.postings.get(name)?.get(value) ?? []
      if (best === null || ids.length < best.length) best = ids
    }
    return best
  }
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
