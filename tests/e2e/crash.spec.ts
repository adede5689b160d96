import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { startDemoProcess } from '@/tests/support/heddle/demo-process'
import { startHeddle } from '@/tests/support/heddle/heddle-process'
import { startHoldingProxy } from '@/tests/support/holding-proxy'

const REVIEWS = {
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'bookinfo',
  name: 'reviews',
}
const PATH = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews'
const CHANGES = '/api/v1/changes?namespace=bookinfo&name=reviews'
const LONG_AGO_MS = 10 * 60_000

const isRealPatch = ({ method, url = '' }: IncomingMessage) =>
  method === 'PATCH' && url.startsWith(PATH) && !url.includes('dryRun')

interface Change {
  id: string
  status: string
  objects: { status: string; error: { code: string } | null }[]
}

for (const { what, status, code, timeout } of [
  { what: 'request', status: 'failed', code: 'interrupted', timeout: '10s' },
  { what: 'answer', status: 'applied', code: undefined, timeout: '7s' },
] as const) {
  test(`killed while the ${what} of a write is on its way: the next start tells what became of it`, async () => {
    test.setTimeout(120_000)
    const mesh = await startDemoProcess()
    const proxy = await startHoldingProxy(mesh.kubernetesUrl)
    const folder = mkdtempSync(join(tmpdir(), 'heddle-crash-'))
    const kubeconfig = join(folder, 'kubeconfig')
    writeFileSync(
      kubeconfig,
      readFileSync(mesh.kubeconfigPath, 'utf8').replaceAll(mesh.kubernetesUrl, proxy.url),
    )
    const env = {
      PROMETHEUS_URL: mesh.prometheusUrl,
      KUBECONFIG: kubeconfig,
      JAEGER_URL: '',
      HEDDLE_CLUSTER_NAME: 'east',
    }
    let heddle = await startHeddle(env)
    try {
      const arrived = proxy.hold(isRealPatch, what)
      const body = {
        changes: [
          {
            op: 'patch',
            ref: REVIEWS,
            patch: [{ op: 'replace', path: '/spec/http/1/timeout', value: '7s' }],
          },
        ],
      }
      const applying = fetch(`${heddle.url}/api/v1/config/apply`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).catch(() => undefined)
      await arrived
      await heddle.kill()
      await applying
      expect(await timeoutOf(mesh.kubernetesUrl, kubeconfig)).toBe(timeout)

      // the record is there, still open; made older, so that nobody may still be at it
      const record = await recordOf(mesh.kubernetesUrl, kubeconfig)
      expect(record.data['change.yaml']).toContain('status: pending')
      const at = Number(/^at: (\d+)$/m.exec(record.data['change.yaml'])?.[1])
      record.data['change.yaml'] = record.data['change.yaml'].replace(String(at), String(at - LONG_AGO_MS))
      await ask(
        kubeconfig,
        `${mesh.kubernetesUrl}/api/v1/namespaces/heddle/configmaps/${record.metadata.name}`,
        record,
      )

      heddle = await startHeddle(env)
      const { items } = (await (await fetch(`${heddle.url}${CHANGES}`)).json()) as { items: Change[] }
      const change = items.find(({ id }) => record.metadata.name.endsWith(id))
      expect(change?.status).toBe(status)
      expect(change?.objects[0]?.error?.code).toBe(code)
      expect((await recordOf(mesh.kubernetesUrl, kubeconfig)).data['change.yaml']).toContain(
        `status: ${status}`,
      )
    } finally {
      await heddle.stop()
      await proxy.close()
      await mesh.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

interface Stored {
  metadata: { name: string }
  data: Record<'change.yaml', string>
}

async function recordOf(url: string, kubeconfig: string): Promise<Stored> {
  const list = `${url}/api/v1/namespaces/heddle/configmaps?labelSelector=heddle.io/change`
  const { items } = (await ask(kubeconfig, list)) as { items: Stored[] }
  expect(items).toHaveLength(1)
  return items[0] as Stored
}

async function timeoutOf(url: string, kubeconfig: string): Promise<string | undefined> {
  const object = (await ask(kubeconfig, url + PATH)) as { spec: { http: { timeout?: string }[] } }
  return object.spec.http[1]?.timeout
}

/** Straight from the API server, with the token of the kubeconfig; a body replaces the object. */
async function ask(kubeconfig: string, url: string, body?: object): Promise<unknown> {
  const token = /^\s*token: (\S+)$/m.exec(readFileSync(kubeconfig, 'utf8'))?.[1]
  const answer = await fetch(url, {
    method: body ? 'PUT' : 'GET',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  expect(answer.status, url).toBe(200)
  return answer.json()
}
