import { execFile, spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface Kubectl {
  /** runs to the end; `code` is not 0 when it failed */
  run(args: readonly string[], options?: { input?: string; env?: Record<string, string> }): Promise<Ran>
  /** starts one that goes on, for instance a watch; answers its lines one by one */
  start(args: readonly string[]): { nextLine(): Promise<string>; stop(): void }
  /** a file in its own folder */
  file(name: string, text: string): Promise<string>
  close(): Promise<void>
}

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** Whether the developer left the tests with kubectl out: HEDDLE_TEST_WITHOUT=kubectl. */
export const isKubectlLeftOut = (process.env.HEDDLE_TEST_WITHOUT ?? '')
  .split(',')
  .some((part) => part.trim() === 'kubectl')

/** The `kubectl` on PATH, with a home and a kubeconfig of its own. Throws saying what to install when there is none. */
export async function startKubectl(kubeconfig: string): Promise<Kubectl> {
  const home = await mkdtemp(join(tmpdir(), 'heddle-kubectl-'))
  const config = join(home, 'config')
  await writeFile(config, kubeconfig)
  const env = { ...process.env, HOME: home, KUBECONFIG: config, KUBECTL_COMMAND_HEADERS: 'false' }
  const started = new Set<ChildProcessByStdio<null, Readable, null>>()
  return {
    run(args, options = {}) {
      return new Promise((resolve, reject) => {
        const child = execFile(
          'kubectl',
          [...args],
          { env: { ...env, ...options.env } },
          (error, stdout, stderr) => {
            if (error !== null && (error as NodeJS.ErrnoException).code === 'ENOENT') {
              reject(new Error('kubectl is missing: install it with `apt-get install kubernetes-client`'))
            } else resolve({ code: error === null ? 0 : 1, stdout, stderr })
          },
        )
        // a program that is not there never reads its input
        child.stdin?.on('error', () => {})
        child.stdin?.end(options.input ?? '')
      })
    },
    start(args) {
      const child = spawn('kubectl', [...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
      started.add(child)
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
      return {
        async nextLine() {
          const next = await lines.next()
          if (next.done === true) throw new Error(`kubectl ${args.join(' ')} ended`)
          return next.value
        },
        stop: () => void child.kill(),
      }
    },
    async file(name, text) {
      const path = join(home, name)
      await writeFile(path, text)
      return path
    },
    async close() {
      for (const child of started) child.kill()
      await rm(home, { recursive: true, force: true })
    },
  }
}
