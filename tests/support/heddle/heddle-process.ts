import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A Heddle started the way a person starts it: `npm start`, on a free port. */
export interface HeddleProcess {
  url: string
  stop(): Promise<void>
  /** ends all of it at once, as a crash or a lost node does */
  kill(): Promise<void>
}

const running = new Set<ChildProcess>()

/**
 * Starts Heddle from the present build and waits until it says where it serves.
 * Throws with everything it printed when it ends before.
 */
export function startHeddle(env: Record<string, string> = {}): Promise<HeddleProcess> {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // a group of its own, so that it can be killed with all it started
    detached: true,
    env: { ...process.env, ...env, PORT: '0' },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (line: string) => {
      output += `${line}\n`
      const url = /^Heddle is ready: (http:\S+)$/.exec(line)?.[1]
      if (url) resolve({ url, stop: () => stop(child), kill: () => kill(child) })
    }
    createInterface({ input: child.stdout }).on('line', read)
    createInterface({ input: child.stderr }).on('line', read)
    child.once('exit', (code) => reject(new Error(`Heddle ended with code ${code}:\n${output}`)))
  })
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.pid === undefined) return resolve()
    child.once('exit', () => resolve())
    process.kill(-child.pid, 'SIGKILL')
  })
}

// a group of its own does not hear of the end of the tests
process.on('exit', () => {
  for (const child of running) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
})
