import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The embedded mesh as `npm run demo` starts it, in a process of its own. */
export interface DemoProcess {
  prometheusUrl: string
  kubernetesUrl: string
  scrapeUrl: string
  kubeconfigPath: string
  stop(): Promise<void>
}

/** Answers when it serves. Throws when it ends before. */
export function startDemoProcess(env: Record<string, string> = {}): Promise<DemoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-demo-'))
  const kubeconfigPath = join(folder, 'kubeconfig')
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'lib/demo/main.ts', '--json', '--with-parent', '--kubeconfig-out', kubeconfigPath],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } },
  )
  const stop = () =>
    new Promise<void>((resolve) => {
      rmSync(folder, { recursive: true, force: true })
      if (child.exitCode !== null) return resolve()
      child.removeAllListeners('exit')
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    })
  return new Promise((ready, reject) => {
    child.once('exit', (code) => reject(new Error(`the embedded mesh ended with code ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) {
        const at = JSON.parse(line) as Omit<DemoProcess, 'stop' | 'kubeconfigPath'>
        ready({ ...at, kubeconfigPath, stop })
      }
    })
  })
}
