// The processes of a running Heddle: the embedded mesh (when nothing is configured) and the app.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './paths.mjs'
import { Stop, step } from './say.mjs'

const READY_WITHIN_MS = 120_000
/** A view of a thousand services is tens of megabytes of short-lived objects; Node's 16 MB for them means a pause each. */
const YOUNG_SPACE_MB = 64
/**
 * An address of ten thousand namespaces fits, so that it is refused in words; beyond this Node answers 431 without
 * any. Its own limit of 16 KB is less than what some parameters allow.
 */
const MAX_HEADER_BYTES = 256 * 1024
/**
 * Longer than load balancers keep an idle connection (a minute, most of them): of Node's own 5 s they learn too late, and
 * the request they send into the closed connection is a 502 to whoever asked.
 */
const KEEP_ALIVE_MS = 75_000
/** Below what Linux and macOS give out for connections (32768 and 49152 up), above most services. */
const UNASSIGNED_PORTS = [20_000, 32_768]
const MESH_PROGRAM = ['--import', 'tsx', join(root, 'lib/demo/main.ts')]

/** The port to serve on; 0 asks for any free one. Stops with a sentence when it is taken or no port. */
export async function findPort(text = process.env.PORT ?? '3000') {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new Stop(
      `PORT is "${text}", which is no port number; set it to a number from 1 to 65535, for example PORT=8080 npm start.`,
    )
  }
  if (port === 0) return findAnyPort()
  try {
    await takeAndLeave(port)
  } catch (error) {
    const reason =
      error.code === 'EADDRINUSE'
        ? 'is taken by another program'
        : error.code === 'EACCES'
          ? 'may not be used by this user'
          : `cannot be used (${error.code})`
    throw new Stop(
      `port ${port} ${reason}; free it or choose another one, for example PORT=${port + 1} npm start.`,
    )
  }
  return port
}

/**
 * A free port that nobody is given unasked: until the app listens, seconds from now, one of those that systems choose
 * for connections may be gone to one.
 */
async function findAnyPort() {
  for (;;) {
    const port = randomInt(...UNASSIGNED_PORTS)
    try {
      await takeAndLeave(port)
      return port
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error
    }
  }
}

/** Resolves when the port can be listened on, and is free again. */
function takeAndLeave(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(port, () => probe.close(resolve))
  })
}

/** True when no upstream is configured, so the embedded mesh is what is shown. */
export function wantsEmbeddedMesh(env = process.env) {
  return !env.PROMETHEUS_URL && !env.HEDDLE_CONFIG
}

/** Starts the embedded mesh in a process of its own; answers the environment the app needs to read it. */
export async function startEmbeddedMesh(children) {
  return step('Starting the embedded mesh (an hour of history is simulated)', async () => {
    // a folder of its own: several may run at once
    const folder = mkdtempSync(join(tmpdir(), 'heddle-'))
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    const child = spawn(
      process.execPath,
      [...MESH_PROGRAM, '--json', '--with-parent', '--kubeconfig-out', join(folder, 'kubeconfig')],
      { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production' } },
    )
    children.add('the embedded mesh', child)
    const line = await firstLine(child, /^\{/, 'the embedded mesh')
    const at = JSON.parse(line)
    return {
      PROMETHEUS_URL: at.prometheusUrl,
      ALERTMANAGER_URL: at.alertmanagerUrl,
      // both APIs serve the same traces; the app reads one
      ...(process.env.HEDDLE_DEMO_TRACES === 'tempo'
        ? { TEMPO_URL: at.tempoUrl }
        : { JAEGER_URL: at.jaegerUrl }),
      KUBECONFIG: at.kubeconfigPath,
      HEDDLE_CLUSTER_NAME: process.env.HEDDLE_CLUSTER_NAME ?? 'east',
      HEDDLE_DEMO_CONTROL_URL: at.controlUrl,
    }
  })
}

/** Starts the app and answers when it serves. */
export async function startApp(children, { port, env, dev = false }) {
  return step(dev ? 'Starting the app for development' : 'Starting the app', async () => {
    const child = spawn(
      process.execPath,
      [
        `--max-semi-space-size=${YOUNG_SPACE_MB}`,
        `--max-http-header-size=${MAX_HEADER_BYTES}`,
        join(root, 'node_modules/next/dist/bin/next'),
        ...(dev ? ['dev'] : ['start', `--keepAliveTimeout=${KEEP_ALIVE_MS}`]),
        '-p',
        String(port),
      ],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          ...env,
          PORT: String(port),
          NEXT_TELEMETRY_DISABLED: '1',
          NODE_ENV: dev ? 'development' : 'production',
        },
      },
    )
    children.add('the app', child)
    // the app's own log lines are JSON; Next's banner is not worth a reader's time
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (dev || line.startsWith('{')) process.stdout.write(`${line}\n`)
    })
    await untilHealthy(`http://127.0.0.1:${port}/healthz`, child)
  })
}

/** Processes that live and die together. */
export class Children {
  #running = new Map()
  #closing = false

  constructor() {
    // whatever ends this process, nothing it started stays behind
    process.on('exit', () => {
      for (const child of this.#running.keys()) child.kill('SIGKILL')
    })
  }

  add(name, child) {
    this.#running.set(child, name)
    child.on('exit', (code, signal) => {
      this.#running.delete(child)
      if (this.#closing) return
      // its own sentence is already on stderr
      if (code !== 1) console.error(`heddle: ${name} ended unexpectedly (${signal ?? `exit code ${code}`}).`)
      void this.close(1)
    })
  }

  /** Ends every child, then this process. A child that does not end in five seconds is killed. */
  async close(code) {
    if (this.#closing) return
    this.#closing = true
    const ended = [...this.#running.keys()].map(
      (child) =>
        new Promise((resolve) => {
          const hard = setTimeout(() => child.kill('SIGKILL'), 5_000)
          child.once('exit', () => {
            clearTimeout(hard)
            resolve()
          })
          child.kill('SIGTERM')
        }),
    )
    await Promise.all(ended)
    process.exit(code)
  }
}

function firstLine(child, pattern, name) {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (pattern.test(line)) resolve(line)
      else process.stdout.write(`  ${line}\n`)
    })
    child.once('exit', () => reject(new Stop(`${name} did not start; its message is above.`)))
  })
}

async function untilHealthy(url, child) {
  const until = Date.now() + READY_WITHIN_MS
  while (Date.now() < until) {
    // the exit of a child ends this process with the child's own sentence
    if (child.exitCode !== null) return new Promise(() => {})
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Stop('the app did not answer within two minutes; its log is above.')
}
