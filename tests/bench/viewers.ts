/** What many viewers of a mesh that is being scraped cost: queries of Prometheus, and memory of the server. */
import { until } from '../support/until'
import type { HeddleProcess } from '../support/heddle/heddle-process'
import { trafficQueries } from '@/lib/prometheus/istio/queries'
import { recordQueries, type AskedQueries } from './instruments/asked'
import type { Row } from './report'
import { readMetrics, serve } from './server'

const VIEWERS = 200
/** a snapshot each fifteen seconds; memory has its tides, and the highest counts */
const REFRESHES = 6
/** of the window that is looked at unless another is chosen */
const WINDOW_SECONDS = 120

export async function measureViewers(prometheusUrl: string): Promise<Row[]> {
  const asked = await recordQueries(prometheusUrl)
  try {
    const heddle = await serve(
      { prometheusUrl: asked.url },
      // the dearer way, without rules, and all quantiles, however long they take
      { prometheus: { recordingRules: 'off', latencyBudgetSeconds: 60, timeoutSeconds: 120 } },
    )
    try {
      const one = await watch(heddle, asked, 1)
      const many = await watch(heddle, asked, VIEWERS)
      return [
        {
          // how often quantiles and facts are asked for depends on how long they take, not on who looks
          what: `queries of rates in ${REFRESHES} refreshes with ${VIEWERS} viewers`,
          measured: many.queries,
          budget: one.queries,
          unit: 'queries',
          note: `${one.queries} with one viewer`,
        },
        {
          what: `resident memory with ${VIEWERS} viewers`,
          measured: many.residentMb,
          budget: 600,
          unit: 'MB',
          note: `the most in ${REFRESHES} refreshes, in which every viewer got at least ${many.changes} changes; ${Math.round(one.residentMb)} MB with one`,
        },
      ]
    } finally {
      await heddle.stop()
    }
  } finally {
    await asked.stop()
  }
}

interface Watched {
  queries: number
  /** the most that was seen */
  residentMb: number
  /** patches each viewer got, at least */
  changes: number
}

async function watch(heddle: HeddleProcess, asked: AskedQueries, viewers: number): Promise<Watched> {
  const stop = new AbortController()
  const graphs = new Set<number>()
  const changes: number[] = Array.from({ length: viewers }, () => 0)
  const open = Array.from({ length: viewers }, async (_, index) => {
    const response = await fetch(`${heddle.url}/api/v1/graph/stream`, { signal: stop.signal })
    if (response.status !== 200 || !response.body) throw new Error(`the stream answered ${response.status}`)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (/^event: graph/m.test(part.value)) graphs.add(index)
      if (/^event: patch/m.test(part.value)) changes[index] = (changes[index] ?? 0) + 1
    }
  }).map((stream) => stream.catch(() => undefined))
  const rates = Object.values(trafficQueries({ windowSeconds: WINDOW_SECONDS }))
  const read = async () => {
    const metrics = await readMetrics(heddle.url)
    return {
      queries: rates.reduce((sum, query) => sum + asked.times(query), 0),
      refreshes: metrics('heddle_snapshot_duration_seconds_count', 'rates'),
      residentMb: metrics('process_resident_memory_bytes') / 1e6,
    }
  }
  try {
    await until('every viewer saw the graph', async () => (graphs.size === viewers ? true : undefined), {
      withinMs: 120_000,
      everyMs: 100,
    })
    const before = await read()
    let residentMb = 0
    const after = await until(
      `${REFRESHES} refreshes`,
      async () => {
        const now = await read()
        residentMb = Math.max(residentMb, now.residentMb)
        return now.refreshes >= before.refreshes + REFRESHES ? now : undefined
      },
      { withinMs: REFRESHES * 60_000, everyMs: 250 },
    )
    const fewest = Math.min(...changes)
    // an empty mesh costs nothing: what was measured must have been looked at
    if (fewest < REFRESHES - 1) throw new Error(`a viewer got ${fewest} changes in ${REFRESHES} refreshes`)
    const queries = after.queries - before.queries
    if (queries === 0) throw new Error('no query of rates was seen')
    return { queries, residentMb, changes: fewest }
  } finally {
    stop.abort()
    await Promise.all(open)
  }
}
