import { execFile, spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { until } from '../until'

/** Debian's name of it; where it is not in the path, the tests say what to install. */
const PROGRAM = 'prometheus'

/** A real Prometheus on loopback, with its data in a folder of its own. */
export interface PrometheusProcess {
  url: string
  /** ends it and, unless the folder was given, removes its data */
  stop(): Promise<void>
}

export interface PrometheusOptions {
  /** prometheus.yml */
  config: string
  /** folder with blocks to serve, for instance from `backfill`; a new one when not given */
  dataDirectory?: string
  /** the port of an earlier one, to come back at the same address; a free one when not given */
  port?: number
  flags?: readonly string[]
}

/** Whether the developer left the tests with a real Prometheus out: HEDDLE_TEST_WITHOUT=prometheus. */
export const isPrometheusLeftOut = (process.env.HEDDLE_TEST_WITHOUT ?? '')
  .split(',')
  .some((part) => part.trim() === 'prometheus')

/**
 * Starts Debian's prometheus and waits until it is ready. Old data is kept: its retention is ten years.
 * Throws saying what to install when the program is missing, with its last words when it ends early.
 */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusProcess> {
  const own = await mkdtemp(join(tmpdir(), 'heddle-prometheus-'))
  const configFile = join(own, 'prometheus.yml')
  await writeFile(configFile, options.config)
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${options.dataDirectory ?? join(own, 'data')}`,
      `--web.listen-address=127.0.0.1:${options.port ?? 0}`,
      '--storage.tsdb.retention.time=10y',
      ...(options.flags ?? []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const stop = async () => {
    await ended(child)
    await rm(own, { recursive: true, force: true })
  }
  try {
    const url = await listening(child)
    await until(
      `${url}/-/ready`,
      async () => {
        if (child.exitCode !== null) throw new Error(`prometheus ended with code ${child.exitCode}`)
        return (await fetch(`${url}/-/ready`)).ok || undefined
      },
      // it reads its log of what was written first, of a large mesh on a busy machine for long
      { withinMs: 90_000 },
    )
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The address it says it listens at: with port 0 only it knows. */
function listening(child: ChildProcessByStdio<null, null, Readable>): Promise<string> {
  const lines: string[] = []
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(missing(error, PROGRAM)))
    child.once('exit', (code) =>
      reject(new Error(`prometheus ended with code ${code}:\n${lines.slice(-20).join('\n')}`)),
    )
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line)
      const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1]
      if (address) resolve(`http://${address}`)
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

function missing(error: NodeJS.ErrnoException, program: string): Error {
  if (error.code !== 'ENOENT') return error
  return new Error(
    `${program} is not installed: run "apt-get install prometheus", ` +
      'or set HEDDLE_TEST_WITHOUT=prometheus to leave these tests out',
    { cause: error },
  )
}

/** Writes samples in OpenMetrics text (with timestamps, ending in `# EOF`) as blocks into a folder. */
export async function backfill(dataDirectory: string, openMetrics: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-backfill-'))
  try {
    const file = join(folder, 'samples.om')
    await writeFile(file, openMetrics)
    await promisify(execFile)(
      'promtool',
      ['tsdb', 'create-blocks-from', 'openmetrics', file, dataDirectory],
      { maxBuffer: 64 * 1024 * 1024 },
    ).catch((error: NodeJS.ErrnoException) => {
      throw missing(error, 'promtool')
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * A configuration that scrapes one exposition address and keeps its labels and timestamps as they are. With
 * `replicas` it is scraped that often, each time under another `replica` label, as pods of one workload are.
 */
export function scrapingConfig(url: string, intervalMs: number, replicas = 1): string {
  const { host, pathname } = new URL(url)
  const targets = Array.from(
    { length: replicas },
    (_, replica) =>
      `      - { targets: ['${host}']${replicas === 1 ? '' : `, labels: { replica: '${replica}' }`} }`,
  )
  return `
global: { scrape_interval: ${intervalMs}ms, scrape_timeout: ${intervalMs}ms, evaluation_interval: 5s }
scrape_configs:
  - job_name: scraper
    honor_labels: true
    honor_timestamps: true
    metrics_path: ${pathname}
    static_configs:
${targets.join('\n')}
    metric_relabel_configs:
      # series without these labels got the scraper's: take them away again
      - { source_labels: [instance], regex: '${host.replaceAll('.', '\\.')}', target_label: instance, replacement: '' }
      - { source_labels: [job], regex: scraper, target_label: job, replacement: '' }
`
}
