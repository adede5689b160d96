/** What the server needs: cold and warm; with and without the recording rules. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RECORDED, type RecordedName } from '@/lib/prometheus/istio/recorded'
import { trafficQueries } from '@/lib/prometheus/istio/queries'
import type { HeddleProcess } from '../support/heddle-process'
import { until } from '../support/until'
import { recordQueries } from './asked'
import type { BenchMesh } from './mesh'
import { median, type Row } from './report'
import { serveOn } from './serve'

const WINDOW_SECONDS = 120
const REPEAT = 7
/** Snapshots before those that count: a server in use has made thousands, and its code is compiled. */
const WARMING = 12
/** a Prometheus that spends less than this of each look has nothing to do but to be looked at */
const [QUIET_MS, LOOK_EVERY_MS] = [30, 200]
/** seconds apart: each is an instant nobody has asked for */
const STEP = 15

/** Heddle on the benchmark's Prometheus; what is configured beside the address goes into its file. */
export async function serve(
  { prometheusUrl }: { prometheusUrl: string },
  file: Record<string, unknown>,
): Promise<HeddleProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-config-'))
  const path = join(folder, 'heddle.yaml')
  writeFileSync(path, JSON.stringify(file))
  const heddle = await serveOn({ PROMETHEUS_URL: prometheusUrl, HEDDLE_CONFIG: path })
  return {
    ...heddle,
    stop: async () => {
      await heddle.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function measureServer(mesh: BenchMesh, kind: 'raw' | 'recorded'): Promise<Row[]> {
  const recorded = kind === 'recorded' ? new Set(Object.keys(RECORDED) as RecordedName[]) : undefined
  const options = { windowSeconds: WINDOW_SECONDS, ...(recorded ? { recorded } : {}) }
  const file = {
    prometheus: {
      recordingRules: kind === 'recorded' ? 'auto' : 'off',
      // the benchmark wants all quantiles of the raw series, however long they take
      latencyBudgetSeconds: 60,
      timeoutSeconds: 120,
    },
  }
  const latencyQueries = await latencyQueriesAsked(
    mesh,
    file,
    Object.values(trafficQueries(options)),
    kind === 'recorded',
  )
  const heddle = await serve(mesh, file)
  const label = kind === 'raw' ? 'without recording rules' : 'with recording rules'
  try {
    // the first request of a process also compiles, connects and detects
    const firstMs = await timed(() => graph(heddle.url, mesh.at - 1, 'later'))
    for (let second = 1; second <= WARMING; second += 1) await graph(heddle.url, mesh.at - second, 'wait')

    const rateMs: number[] = []
    const coldMs: number[] = []
    const queryMs: number[] = []
    const aloneMs: number[] = []
    const patchMs: number[] = []
    for (let round = 0; round < REPEAT; round += 1) {
      const at = mesh.at - round * STEP
      // what the round before left to collect is not this one's
      await untilQuiet(mesh.prometheusUrl)
      const alone: number[] = []
      for (const query of Object.values(trafficQueries(options))) {
        alone.push(await timed(() => ask(mesh.prometheusUrl, query, at)))
      }
      rateMs.push(Math.max(...alone))
      await untilQuiet(mesh.prometheusUrl)
      coldMs.push(await timed(() => graph(heddle.url, at, 'later')))
      // how much of it is the query itself, which is slower beside Heddle than alone
      const spent = await upstreamMs(heddle)
      patchMs.push(await timed(() => graph(heddle.url, at, 'wait')))
      queryMs.push((await upstreamMs(heddle)) - spent)
      await untilQuiet(mesh.prometheusUrl)
      for (const query of latencyQueries) {
        aloneMs.push(await timed(() => ask(mesh.prometheusUrl, query, at)))
      }
    }
    const answer = (await (await graphResponse(heddle.url, mesh.at, 'wait')).json()) as {
      nodes: unknown[]
      edges: { latencyMs: { p99: number | null } | null }[]
    }
    const withP99 = answer.edges.filter((edge) => edge.latencyMs?.p99 != null).length
    // whatever else runs on the machine only adds: the quickest of each are what is compared
    const [rate, cold] = [Math.min(...rateMs), Math.min(...coldMs)]
    const [query, alone, patch] = [median(queryMs), median(aloneMs), median(patchMs)]
    const rows: Row[] = [
      {
        what: `cold graph until traffic and health, against its slowest rate query alone, ${label}`,
        measured: cold / rate,
        budget: 1.3,
        unit: '×',
        note: `${Math.round(cold)} ms against ${Math.round(rate)} ms, quickest of ${REPEAT} after ${WARMING} others, the first of which took ${Math.round(firstMs)} ms; ${answer.nodes.length} nodes, ${answer.edges.length} edges`,
      },
      {
        what: `latency patch after traffic, against its own query alone, ${label}`,
        measured: patch / alone,
        budget: 1.3,
        unit: '×',
        note: `${Math.round(patch)} ms against ${Math.round(alone)} ms, medians of ${REPEAT}; its own run of the query took ${Math.round(query)} ms; ${withP99} edges with P99`,
      },
    ]
    if (kind === 'recorded') return rows
    return [await buildRow(heddle), ...rows, await warmRow(heddle, mesh)]
  } finally {
    await heddle.stop()
  }
}

/** Time from answered queries to topology, as the server itself measured it. */
async function buildRow(heddle: HeddleProcess): Promise<Row> {
  const metrics = await readMetrics(heddle.url)
  const sum = metrics('heddle_snapshot_build_duration_seconds_sum')
  const count = metrics('heddle_snapshot_build_duration_seconds_count')
  return {
    what: 'building the whole graph from answered queries',
    measured: (sum / count) * 1000,
    budget: 250,
    unit: 'ms',
    note: `mean of ${count}`,
  }
}

/**
 * A request whose answer is known, as long as the server has to do with it: uncompressed, up to the first byte. What
 * it takes to read the whole, compressed, is the wire's part and is noted.
 */
async function warmRow(heddle: HeddleProcess, mesh: BenchMesh): Promise<Row> {
  const times: number[] = []
  const wholeMs: number[] = []
  for (let round = 0; round < 50; round += 1) {
    let answer: Response | undefined
    const headers = { 'accept-encoding': 'identity' }
    times.push(
      await timed(async () => {
        answer = await graphResponse(heddle.url, mesh.at, 'later', headers)
      }),
    )
    await answer?.arrayBuffer()
    wholeMs.push(await timed(async () => (await graphResponse(heddle.url, mesh.at, 'later')).arrayBuffer()))
  }
  return {
    what: 'warm request of the whole graph, at the server',
    measured: median(times),
    budget: 20,
    unit: 'ms',
    note: `median of 50; ${Math.round(median(wholeMs))} ms until a client has read it all, compressed`,
  }
}

/** Milliseconds this Heddle has waited for answers of Prometheus, all queries together. */
async function upstreamMs(heddle: HeddleProcess): Promise<number> {
  const metrics = await readMetrics(heddle.url)
  return metrics('heddle_upstream_request_duration_seconds_sum', 'prometheus') * 1000
}

/** What Heddle asks about latency at one instant: with its callers that report nothing, which only it knows. */
async function latencyQueriesAsked(
  mesh: BenchMesh,
  file: Record<string, unknown>,
  others: readonly string[],
  isRecorded: boolean,
): Promise<string[]> {
  const asked = await recordQueries(mesh.prometheusUrl)
  const heddle = await serve({ prometheusUrl: asked.url }, file)
  try {
    await graph(heddle.url, mesh.at, 'wait')
    const queries = asked
      .queries()
      .filter((query) => /duration_(milliseconds_)?bucket/.test(query) && !others.includes(query))
    if (queries.length === 0) throw new Error('Heddle asked nothing about latency')
    if (isRecorded && !queries.some((query) => query.includes('mesh_edge:'))) {
      throw new Error('Heddle did not find the recorded series; kept data is too old for that, fill it anew')
    }
    return queries
  } finally {
    await heddle.stop()
    await asked.stop()
  }
}

/** Sums the samples of one metric whose labels hold `having`. */
export async function readMetrics(url: string): Promise<(name: string, having?: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return (name, having = '') =>
    text
      .split('\n')
      .filter((line) => line.startsWith(name) && line.includes(having))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

/** Ends when Prometheus has nothing left to do: it goes on collecting after an answer of many megabytes. */
async function untilQuiet(prometheusUrl: string): Promise<void> {
  const spent = async () => (await readMetrics(prometheusUrl))('process_cpu_seconds_total') * 1000
  let before = await spent()
  await until(
    'Prometheus is quiet',
    async () => {
      const now = await spent()
      const isQuiet = now - before < QUIET_MS
      before = now
      return isQuiet || undefined
    },
    { everyMs: LOOK_EVERY_MS },
  )
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

async function graphResponse(
  url: string,
  at: number,
  latency: 'wait' | 'later',
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(`${url}/api/v1/graph?at=${at}&window=2m&latency=${latency}`, { headers })
  if (!response.ok) throw new Error(`the graph answered ${response.status}: ${await response.text()}`)
  return response
}

/** Read whole, uncompressed: Heddle and its client share the machine's two cores. */
async function graph(url: string, at: number, latency: 'wait' | 'later'): Promise<void> {
  await (await graphResponse(url, at, latency, { 'accept-encoding': 'identity' })).arrayBuffer()
}

async function ask(url: string, query: string, at: number): Promise<void> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    // as Heddle asks a Prometheus beside it: packing would take longer than sending
    headers: { 'accept-encoding': 'identity' },
    body: new URLSearchParams({ query, time: String(at) }),
  })
  if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${await response.text()}`)
  await response.arrayBuffer()
}
