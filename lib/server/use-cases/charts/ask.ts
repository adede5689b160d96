import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { Sample, Series } from '@/lib/prometheus/decode'
import type { ChartGrid } from '@/lib/prometheus/istio/charts/chart-series'
import { noticeOf } from '../../errors'
import type { Upstreams } from '../../upstreams'

/** Questions of one answer: what fails is noticed, and only when everything fails the answer does. */
export interface Asker {
  range(name: string, query: string): Promise<Series[]>
  instant(name: string, query: string): Promise<Sample[]>
  readonly notices: Notice[]
  /** Throws the first failure when no question was answered. */
  settle(): void
}

export function createAsker(up: Upstreams, grid: ChartGrid, signal: AbortSignal | undefined): Asker {
  const notices: Notice[] = []
  const failures: unknown[] = []
  let answered = 0
  const asking = signal ? { signal } : {}
  async function guarded<T>(name: string, ask: () => Promise<T[]>): Promise<T[]> {
    try {
      const found = await ask()
      answered += 1
      return found
    } catch (error) {
      if (!isUpstreamError(error)) throw error
      failures.push(error)
      notices.push(noticeOf(error, `The chart of ${name} is missing.`))
      return []
    }
  }
  return {
    notices,
    range: (name, query) =>
      guarded(name, async () => (await up.prometheus.range(query, { ...grid, ...asking })).series),
    instant: (name, query) =>
      guarded(name, async () => (await up.prometheus.instant(query, { time: grid.to, ...asking })).samples),
    settle() {
      if (answered === 0 && failures.length > 0) throw failures[0]
    },
  }
}
