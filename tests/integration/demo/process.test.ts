import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { createManualClock } from '@/lib/demo/clock'
import { startDemo } from '@/lib/demo/start-demo'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

interface Ended {
  code: number | null
  stderr: string
}

function start(
  args: string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lib/demo/main.ts', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let stderr = ''
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()))
  const ended = new Promise<Ended>((resolve) => child.on('exit', (code) => resolve({ code, stderr })))
  return { child, ended }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('no output')
    createInterface({ input: child.stdout })
      .once('line', resolve)
      .once('close', () => reject(new Error('no line')))
  })
}

function kubeconfigPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-demo-'))
  folders.push(folder)
  return join(folder, 'nested', 'kubeconfig')
}

describe('the process of the embedded mesh', () => {
  it('prints its addresses as one line, writes a kubeconfig, and ends with its parent', async () => {
    const path = kubeconfigPath()
    const { child, ended } = start(['--json', '--with-parent', '--kubeconfig-out', path])
    const at = JSON.parse(await firstLine(child)) as Record<string, string>
    expect(Object.keys(at).sort()).toEqual([
      'alertmanagerUrl',
      'controlUrl',
      'jaegerUrl',
      'kubeconfigPath',
      'kubernetesUrl',
      'prometheusUrl',
      'scrapeUrl',
      'tempoUrl',
    ])
    for (const url of [`${at.controlUrl}/healthz`, `${at.kubernetesUrl}/readyz`, `${at.scrapeUrl}`]) {
      expect((await fetch(url)).status, url).toBe(200)
    }
    expect(at.kubeconfigPath).toBe(path)
    expect(readFileSync(path, 'utf8')).toContain(`server: ${at.kubernetesUrl}`)
    child.stdin?.end()
    expect((await ended).code).toBe(0)
  })

  it('ends on SIGTERM', async () => {
    const { child, ended } = start(['--json', '--kubeconfig-out', kubeconfigPath()])
    await firstLine(child)
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  it('says in a sentence what is wrong, and ends with 1', async () => {
    const { code, stderr } = await start([], { HEDDLE_DEMO_SCENARIO: 'doom' }).ended
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('HEDDLE_DEMO_SCENARIO=doom is no scenario')
  })
})

describe('a mesh that is exchanged while it runs', () => {
  it('shows the other world under the same addresses, and the first one again', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 5, 12))
    const demo = await startDemo({ clock, historySeconds: 300, hugeServices: 40 })
    const json = async <T>(url: string) => (await (await fetch(url)).json()) as T
    const services = async () => {
      const { items } = await json<{ items: { metadata: { name: string } }[] }>(
        `${demo.kubernetesUrl}/api/v1/services`,
      )
      return items.map((item) => item.metadata.name)
    }
    const namespaces = async () => {
      const path = '/api/v1/label/destination_service_namespace/values'
      return (await json<{ data: string[] }>(`${demo.prometheusUrl}${path}`)).data
    }
    try {
      expect(await services()).toContain('productpage')
      await demo.startScenario('huge')
      await expect(demo.startScenario('slow-leaf')).rejects.toThrow('being exchanged')
      // waits until the other world is there
      await demo.advance(15)
      expect(await services()).not.toContain('productpage')
      expect(await namespaces()).not.toContain('bookinfo')
      expect((await namespaces()).length).toBeGreaterThan(2)
      await demo.stopScenario('huge')
      await demo.advance(15)
      expect(await services()).toContain('productpage')
      expect(await namespaces()).toContain('bookinfo')
    } finally {
      await demo.close()
    }
  })

  it('tells watchers of the old one to list anew', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 5, 12))
    const demo = await startDemo({ clock, historySeconds: 60, hugeServices: 20 })
    try {
      const list = (await (await fetch(`${demo.kubernetesUrl}/api/v1/services`)).json()) as {
        metadata: { resourceVersion: string }
      }
      await demo.startScenario('huge')
      await demo.advance(15)
      const query = `watch=true&timeoutSeconds=1&resourceVersion=${list.metadata.resourceVersion}`
      const answer = await (await fetch(`${demo.kubernetesUrl}/api/v1/services?${query}`)).text()
      expect(answer).toContain('410')
    } finally {
      await demo.close()
    }
  })
})
