/** The ground of the benchmark: 1,000 simulated services, scraped by a real Prometheus until rates are whole. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startDemoProcess } from '../support/demo-process'
import { scrapingConfig, startPrometheus } from '../support/prometheus-process'
import { until } from '../support/until'

const SERVICES = 1000
/** of every workload: a mesh of this size runs each more than once, and a rate costs what its series cost */
const PODS = 3
const SCRAPE_SECONDS = 15
/** a two-minute window after two minutes of recorded two-minute rates */
const FILL_SECONDS = 270

export interface BenchMesh {
  prometheusUrl: string
  /** newest instant whose window is whole, epoch seconds */
  at: number
  describe: string
  stop(): Promise<void>
}

/**
 * Fills a Prometheus (recording rules included), then takes the mesh away, so that nothing disturbs the clock.
 * With HEDDLE_BENCH_DATA the filled folder is kept there and used again: filling takes five minutes.
 */
export async function prepareMesh(say: (text: string) => void): Promise<BenchMesh> {
  const kept = process.env.HEDDLE_BENCH_DATA
  const folder = kept ? resolve(kept) : mkdtempSync(join(tmpdir(), 'heddle-bench-'))
  const atFile = join(folder, 'at')
  const at = existsSync(atFile) ? Number(readFileSync(atFile, 'utf8')) : await fill(folder, say)
  writeFileSync(atFile, String(at))
  // the same data, no scraping and no rules: what is measured is what is asked
  const quiet = await startPrometheus({
    config: `global: { scrape_interval: ${SCRAPE_SECONDS}s }\n`,
    dataDirectory: join(folder, 'prometheus'),
    flags: ['--query.max-concurrency=20'],
  })
  const [requests, buckets] = await Promise.all([
    countSeries(quiet.url, at, 'istio_requests_total'),
    countSeries(quiet.url, at, 'istio_request_duration_milliseconds_bucket'),
  ])
  return {
    prometheusUrl: quiet.url,
    at,
    describe: `The mesh: ${SERVICES} services, ${PODS} pods each; ${requests} series of istio_requests_total, ${buckets} of duration buckets, ${SCRAPE_SECONDS} s scrapes.`,
    stop: async () => {
      await quiet.stop()
      if (!kept) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Answers the newest instant whose window is whole, epoch seconds. */
async function fill(folder: string, say: (text: string) => void): Promise<number> {
  mkdirSync(folder, { recursive: true })
  say(`starting the embedded mesh with ${SERVICES} services`)
  const demo = await startDemoProcess({ HEDDLE_DEMO_SERVICES: String(SERVICES) })
  const dataDirectory = join(folder, 'prometheus')
  const rules = `\nrule_files: ['${resolve('deploy/prometheus/heddle-rules.yaml')}']\n`
  say(`scraping it for ${FILL_SECONDS} s`)
  const scraping = await startPrometheus({
    config: scrapingConfig(demo.scrapeUrl, SCRAPE_SECONDS * 1000, PODS) + rules,
    dataDirectory,
  })
  const begun = Date.now()
  await until(
    'enough scrapes',
    async () => ((Date.now() - begun) / 1000 >= FILL_SECONDS ? true : undefined),
    { withinMs: (FILL_SECONDS + 60) * 1000, everyMs: 1000 },
  )
  const at = Math.floor(Date.now() / 1000) - 10
  await demo.stop()
  await scraping.stop()
  return at
}

async function countSeries(url: string, at: number, metric: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/query?time=${at}&query=${encodeURIComponent(`count(${metric})`)}`)
  const body = (await answer.json()) as { data: { result: { value: [number, string] }[] } }
  return Number(body.data.result[0]?.value[1] ?? 0)
}
