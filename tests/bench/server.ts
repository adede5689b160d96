/** What the server needs: cold and warm; with and without the recording rules. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RECORDED, type RecordedName } from '@/lib/prometheus/istio/recorded'
import { trafficQueries, type QueryOptions } from '@/lib/prometheus/istio/queries'
import type { HeddleProcess } from '../support/heddle/heddle-process'
import { until } from '../support/until'
import { recordQueries } from './instruments/asked'
import type { BenchMesh } from './grounds/mesh'
import { median, type Row } from './report'
import { serveOn } from './instruments/serve'

const WINDOW_SECONDS = 120
const COLD_REPEAT = 15
const PATCH_REPEAT = 15
/** Snapshots before those that count: as many as ten minutes of use make, after which all code is compiled. */
const WARMING = 40
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

type Kind = 'raw' | 'recorded'

export async function measureServer(mesh: BenchMesh, kind: Kind): Promise<Row[]> {
  return [...(await measureCold(mesh, kind)), await measurePatch(mesh, kind)]
}

const LABEL = { raw: 'without recording rules', recorded: 'with recording rules' }

function queryOptions(kind: Kind): QueryOptions {
  const recorded = kind === 'recorded' ? new Set(Object.keys(RECORDED) as RecordedName[]) : undefined
  return { windowSeconds: WINDOW_SECONDS, ...(recorded ? { recorded } : {}) }
}

/**
 * Traffic and health of an instant nobody has asked for, by a Heddle whose budget for quantiles is the usual one.
 * Where rules have worked the rates out before, the query they save is noted beside what is read in its place.
 */
async function measureCold(mesh: BenchMesh, kind: Kind): Promise<Row[]> {
  const rateQueries = Object.values(trafficQueries(queryOptions('raw')))
  const ownQueries = Object.values(trafficQueries(queryOptions(kind)))
  const heddle = await serve(mesh, {
    prometheus: { recordingRules: kind === 'recorded' ? 'auto' : 'off', timeoutSeconds: 120 },
  })
  try {
    // the first request of a process also compiles, connects and detects
    const firstMs = await timed(() => graph(heddle.url, mesh.at - 1, 'later'))
    for (let second = 1; second <= WARMING; second += 1) await graph(heddle.url, mesh.at - second, 'wait')

    const rateMs: number[] = []
    const ownMs: number[] = []
    const coldMs: number[] = []
    for (let round = 0; round < COLD_REPEAT; round += 1) {
      const at = mesh.at - WARMING - 1 - round
      const slowest = async (queries: readonly string[]) => {
        // what was asked before left something to collect, which is not this one's
        await untilQuiet(mesh.prometheusUrl)
        const alone: number[] = []
        for (const query of queries) alone.push(await timed(() => ask(mesh.prometheusUrl, query, at)))
        return Math.max(...alone)
      }
      ownMs.push(await slowest(ownQueries))
      rateMs.push(kind === 'raw' ? (ownMs.at(-1) ?? NaN) : await slowest(rateQueries))
      await untilQuiet(mesh.prometheusUrl)
      coldMs.push(await timed(() => graph(heddle.url, at, 'later')))
      await graph(heddle.url, at, 'wait')
    }
    const { nodes, edges } = await readGraph(heddle.url, mesh.at)
    // whatever else runs on the machine only adds: the quickest of each are what is compared
    const [rate, own, cold] = [Math.min(...rateMs), Math.min(...ownMs), Math.min(...coldMs)]
    const saved = `; ${(cold / rate).toFixed(2)} × the query of ${Math.round(rate)} ms that the rules save`
    const row: Row = {
      what: `cold graph until traffic and health, against its slowest rate query alone, ${LABEL[kind]}`,
      measured: cold / own,
      budget: 1.3,
      unit: '×',
      note: `${Math.round(cold)} ms against ${Math.round(own)} ms, quickest of ${COLD_REPEAT} after ${WARMING} others, the first of which took ${Math.round(firstMs)} ms; medians ${Math.round(median(coldMs))} and ${Math.round(median(ownMs))} ms${kind === 'raw' ? '' : saved}; ${nodes.length} nodes, ${edges.length} edges`,
    }
    return kind === 'recorded' ? [row] : [await buildRow(heddle), row, await warmRow(heddle, mesh)]
  } finally {
    await heddle.stop()
  }
}

/** All quantiles, by a Heddle that may take as long for them as they take. */
async function measurePatch(mesh: BenchMesh, kind: Kind): Promise<Row> {
  const file = {
    prometheus: {
      recordingRules: kind === 'recorded' ? 'auto' : 'off',
      latencyBudgetSeconds: 60,
      timeoutSeconds: 120,
    },
  }
  const latencyQueries = await latencyQueriesAsked(
    mesh,
    file,
    Object.values(trafficQueries(queryOptions(kind))),
    kind === 'recorded',
  )
  const heddle = await serve(mesh, file)
  try {
    const queryMs: number[] = []
    const aloneMs: number[] = []
    const patchMs: number[] = []
    await graph(heddle.url, mesh.at - 1, 'wait')
    for (let round = 0; round < PATCH_REPEAT; round += 1) {
      const at = mesh.at - round * STEP
      await untilQuiet(mesh.prometheusUrl)
      for (const query of latencyQueries) {
        aloneMs.push(await timed(() => ask(mesh.prometheusUrl, query, at)))
      }
      await untilQuiet(mesh.prometheusUrl)
      await graph(heddle.url, at, 'later')
      // how much of it is the query itself, which is slower beside Heddle than alone
      const spent = await upstreamMs(heddle)
      patchMs.push(await timed(() => graph(heddle.url, at, 'wait')))
      queryMs.push((await upstreamMs(heddle)) - spent)
    }
    const { edges } = await readGraph(heddle.url, mesh.at)
    const withP99 = edges.filter((edge) => edge.latencyMs?.p99 != null).length
    const [query, alone, patch] = [median(queryMs), median(aloneMs), median(patchMs)]
    return {
      what: `latency patch after traffic, against its own query alone, ${LABEL[kind]}`,
      measured: patch / alone,
      budget: 1.3,
      unit: '×',
      note: `${Math.round(patch)} ms against ${Math.round(alone)} ms, medians of ${PATCH_REPEAT}; its own run of the query took ${Math.round(query)} ms; ${withP99} edges with P99`,
    }
  } finally {
    await heddle.stop()
  }
}

async function readGraph(url: string, at: number) {
  return (await (await graphResponse(url, at, 'wait')).json()) as {
    nodes: unknown[]
    edges: { latencyMs: { p99: number | null } | null }[]
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
