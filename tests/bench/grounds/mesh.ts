/** The ground of the benchmark: 1,000 simulated services, scraped by a real Prometheus until rates are whole. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startDemoProcess } from '../../support/heddle/demo-process'
import { scrapingConfig, startPrometheus } from '../../support/prometheus/prometheus-process'
import { until } from '../../support/until'

const SERVICES = 1000
/** of every workload: a mesh of this size runs each more than once, and a rate costs what its series cost */
const PODS = 3
const SCRAPE_SECONDS = 15
/** a two-minute window after two minutes of recorded two-minute rates */
const FILL_SECONDS = 270
/** in the folder with the data: Prometheus's own, and the newest instant whose window is whole, epoch seconds */
const [DATA, AT] = ['prometheus', 'at']

export interface BenchMesh {
  prometheusUrl: string
  /** newest instant whose window is whole, epoch seconds */
  at: number
  describe: string
  stop(): Promise<void>
}

/** A mesh that is being scraped, recording rules included: what is asked of it now has an answer. */
export interface LiveMesh {
  prometheusUrl: string
  /** Takes the mesh away and serves what was scraped, so that nothing disturbs the clock. */
  settle(): Promise<BenchMesh>
  /** Takes the mesh away and serves nothing; data that are to be kept are. */
  stop(): Promise<void>
}

/** True when the data of an earlier run are to be used: filling takes five minutes. */
export function isKept(): boolean {
  return existsSync(join(folderKept() ?? '', AT))
}

/** Starts the mesh and scrapes it until a window is whole. With HEDDLE_BENCH_DATA the data are kept in that folder. */
export async function startLiveMesh(say: (text: string) => void): Promise<LiveMesh> {
  const kept = folderKept()
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'heddle-bench-'))
  mkdirSync(folder, { recursive: true })
  say(`starting the embedded mesh with ${SERVICES} services`)
  const started: { stop(): Promise<void> }[] = []
  const stopAll = async () => {
    for (const { stop } of started) await stop()
  }
  try {
    return await startedMesh()
  } catch (error) {
    // what fails halfway leaves no process behind
    await stopAll()
    throw error
  }

  async function startedMesh(): Promise<LiveMesh> {
    const demo = await startDemoProcess({ HEDDLE_DEMO_SERVICES: String(SERVICES) })
    started.push(demo)
    const rules = `\nrule_files: ['${resolve('deploy/prometheus/heddle-rules.yaml')}']\n`
    say(`scraping it for ${FILL_SECONDS} s`)
    const scraping = await startPrometheus({
      config: scrapingConfig(demo.scrapeUrl, SCRAPE_SECONDS * 1000, PODS) + rules,
      dataDirectory: join(folder, DATA),
    })
    started.push(scraping)
    const begun = Date.now()
    await until(
      'enough scrapes',
      async () => ((Date.now() - begun) / 1000 >= FILL_SECONDS ? true : undefined),
      { withinMs: (FILL_SECONDS + 60) * 1000, everyMs: 1000 },
    )
    const end = async () => {
      writeFileSync(join(folder, AT), String(Math.floor(Date.now() / 1000) - 10))
      await stopAll()
    }
    return {
      prometheusUrl: scraping.url,
      settle: async () => {
        await end()
        return serveFilled(folder)
      },
      stop: async () => {
        await end()
        removeUnlessKept(folder)
      },
    }
  }
}

/** The mesh of an earlier run. */
export function keptMesh(): Promise<BenchMesh> {
  const kept = folderKept()
  if (kept === null) throw new Error('HEDDLE_BENCH_DATA names no folder')
  return serveFilled(kept)
}

function folderKept(): string | null {
  return process.env.HEDDLE_BENCH_DATA ? resolve(process.env.HEDDLE_BENCH_DATA) : null
}

function removeUnlessKept(folder: string): void {
  if (folderKept() === null) rmSync(folder, { recursive: true, force: true })
}

async function serveFilled(folder: string): Promise<BenchMesh> {
  const at = Number(readFileSync(join(folder, AT), 'utf8'))
  // the same data, no scraping and no rules: what is measured is what is asked
  const quiet = await startPrometheus({
    config: `global: { scrape_interval: ${SCRAPE_SECONDS}s }\n`,
    dataDirectory: join(folder, DATA),
    flags: ['--query.max-concurrency=20'],
  })
  const counts = ['istio_requests_total', 'istio_request_duration_milliseconds_bucket']
  const [requests, buckets] = await Promise.all(
    counts.map((metric) => countSeries(quiet.url, at, metric)),
  ).catch(async (error: unknown) => {
    await quiet.stop()
    throw error
  })
  return {
    prometheusUrl: quiet.url,
    at,
    describe: `The mesh: ${SERVICES} services, ${PODS} pods each; ${requests} series of istio_requests_total, ${buckets} of duration buckets, ${SCRAPE_SECONDS} s scrapes.`,
    stop: async () => {
      await quiet.stop()
      removeUnlessKept(folder)
    },
  }
}

async function countSeries(url: string, at: number, metric: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/query?time=${at}&query=${encodeURIComponent(`count(${metric})`)}`)
  const body = (await answer.json()) as { data: { result: { value: [number, string] }[] } }
  return Number(body.data.result[0]?.value[1] ?? 0)
}
