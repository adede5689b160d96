import type { MetricStore } from '@/lib/demo/prometheus/metric-store'
import { PromqlTimeoutError } from '@/lib/demo/prometheus/promql/syntax/errors'
import { Grouper } from '@/lib/demo/prometheus/promql/grouping'

/** What an evaluation needs besides the expression and its grid. */
export interface EvaluationContext {
  store: MetricStore
  lookbackMs: number
  /** step of subqueries that name none: the global evaluation interval */
  defaultStepMs: number
  /** ends of the outermost query, for `@ start()` and `@ end()` */
  queryStartMs: number
  queryEndMs: number
  groupers: GrouperCache
  /** called now and then; throws when the query's time is over */
  checkTime: () => void
}

/** Throws PromqlTimeoutError once `clock` passes the limit. */
export function timeLimit(clock: () => number, limitMs: number): () => void {
  const deadline = clock() + limitMs
  return () => {
    if (clock() > deadline) throw new PromqlTimeoutError('query timed out in expression evaluation')
  }
}

const CACHED_GROUPERS = 16

/** Groupings remembered between queries: a refresh asks the same ones again, over the same label sets. */
export class GrouperCache {
  private readonly known = new Map<string, Grouper>()

  get(labels: readonly string[], without: boolean): Grouper {
    const sorted = [...new Set(labels)].sort()
    const key = `${without ? '-' : '+'}${sorted.join(',')}`
    let grouper = this.known.get(key)
    this.known.delete(key)
    if (!grouper || grouper.isBloated) grouper = new Grouper(sorted, without)
    this.known.set(key, grouper)
    for (const oldest of this.known.keys()) {
      if (this.known.size <= CACHED_GROUPERS) break
      this.known.delete(oldest)
    }
    return grouper
  }
}
