/** Heddle's change pipeline over an embedded API server whose answers a test can bend; telemetry is away. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach } from 'vitest'
import { POST as revert } from '@/app/api/v1/changes/[id]/revert/route'
import { GET as getChanges } from '@/app/api/v1/changes/route'
import { POST as applyRoute } from '@/app/api/v1/config/apply/route'
import { POST as previewRoute } from '@/app/api/v1/config/preview/route'
import { ChangeList } from '@/lib/api/schemas/config/changes'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import type { KubernetesObject } from '@/lib/demo/model'
import { createWorld } from '@/lib/demo/world/create-world'
import { readConfig } from '@/lib/server/config/config'
import { createLog } from '@/lib/server/log'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { manualClock, type ManualClock } from '../heddle/manual-clock'
import { present } from '../present'
import { kubeconfigText } from './kubeconfig-text'
import { serveLoopback } from '../loopback'

export const NOW = Date.UTC(2026, 7, 20, 12)
export const REF = {
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'bookinfo',
}
export const REVIEWS = { ...REF, name: 'reviews' }
export const RULE = { ...REF, kind: 'DestinationRule', name: 'reviews' }
export const MOVE = [
  { op: 'replace', path: '/spec/http/0/route/0/weight', value: 50 },
  { op: 'replace', path: '/spec/http/0/route/1/weight', value: 50 },
]

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** What a test sees and steers; made anew before each of its tests. */
export class ChangePipeline {
  store!: ObjectStore
  /** answers the next requests to the API server; `handler` is its own way */
  answerNext!: Handler
  handler!: Handler
  /** requests that store something, in their order: `PATCH /apis/…` */
  writes: string[] = []
  address = ''
  clock!: ManualClock
  up!: Upstreams
  private readonly closers: (() => unknown)[] = []

  async open(): Promise<void> {
    this.store = new ObjectStore(
      [
        ...createWorld({ seed: 7 }).objects,
        weighted('reviews', 'bookinfo', [90, 10]),
        rule(['v1', 'v2', 'v3']),
      ].reduce<KubernetesObject[]>(replacing, []),
      { now: () => NOW },
    )
    reconcileWorkloads(this.store, NOW)
    this.handler = kubernetesHandler({ store: this.store, now: () => NOW })
    this.answerNext = this.handler
    this.writes = []
    const server = await serveLoopback((request, response) => {
      const { method = '', url = '' } = request
      const isStored = method !== 'GET' && !url.includes('dryRun=All') && !url.includes('selfsubject')
      if (isStored) this.writes.push(`${method} ${url.split('?')[0]}`)
      this.answerNext(request, response)
    })
    this.address = server.url
    this.closers.push(server.close)
    this.clock = manualClock(NOW)
    await this.start()
  }

  async close(): Promise<void> {
    setUpstreams(null)
    for (const close of this.closers.splice(0).reverse()) await close()
  }

  kubeconfig(user = '{}'): string {
    return kubeconfigText(this.address, user)
  }

  /** A Heddle of its own: what only its process knew is gone. */
  async start(env: Record<string, string> = {}, user = '{}'): Promise<void> {
    // nothing listens there: changes must work when telemetry is down
    const config = readConfig({
      PROMETHEUS_URL: 'http://127.0.0.1:1',
      KUBECONFIG: this.kubeconfig(user),
      HEDDLE_CLUSTER_NAME: 'east',
      ...env,
    })
    const made = createUpstreams(config, { clock: this.clock, log: createLog('error', () => undefined) })
    this.up = made
    this.closers.push(() => made.close())
    setUpstreams(made)
    const [source] = made.inventories
    await new Promise<void>((resolve) => {
      const look = () => present(source).current().ready && (stop(), resolve())
      const stop = present(source).subscribe(look)
      look()
    })
  }

  readonly request = (path: string, method: string, body?: unknown, headers: Record<string, string> = {}) =>
    new Request(`http://heddle.test/api/v1/${path}`, {
      method,
      headers: { host: 'heddle.test', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  readonly apply = (changes: unknown[], more: object = {}) =>
    applyRoute(this.request('config/apply', 'POST', { changes, ...more }))
  readonly preview = (changes: unknown[]) => previewRoute(this.request('config/preview', 'POST', { changes }))
  readonly history = async (query = '') =>
    ChangeList.parse(await (await getChanges(this.request(`changes${query}`, 'GET'))).json()).items
  readonly takeBack = (id: string) => revert(this.request(`changes/${id}/revert`, 'POST', {}), byId(id))

  readonly stored = (kind: string, name: string) =>
    this.store.get({ kind, group: 'networking.istio.io', namespace: 'bookinfo', name })
  readonly weights = () => {
    const spec = present(this.stored('VirtualService', 'reviews')).spec as {
      http: { route: { weight: number }[] }[]
    }
    return spec.http[0]?.route.map(({ weight }) => weight)
  }
  readonly editElsewhere = () => {
    const now = present(this.stored('VirtualService', 'reviews'))
    const metadata = { ...now.metadata, labels: { by: 'kubectl' } }
    this.store.update({ ...now, metadata })
  }
  /** of the records in Heddle's own namespace */
  readonly recordedStatuses = () =>
    this.store.list('ConfigMap', 'heddle').map(({ metadata }) => metadata.labels?.['heddle.io/status'])
}

/** A pipeline of its own for each test of the file or of the `describe` it is called in. */
export function changePipeline(): ChangePipeline {
  const pipeline = new ChangePipeline()
  beforeEach(() => pipeline.open())
  afterEach(() => pipeline.close())
  return pipeline
}

export const byId = (id: string) => ({ params: Promise.resolve({ id }) })
export const at = (name: string, resource = 'virtualservices') => ({
  params: Promise.resolve({ group: REF.group, version: 'v1', resource, namespace: 'bookinfo', name }),
})
export const addressOf = (name: string) => `config/${REF.group}/v1/virtualservices/bookinfo/${name}`

/** Status and body of an answer that says no. */
export async function refused(response: Response | Promise<Response>) {
  const answer = await response
  const body = (await answer.json()) as Record<string, unknown> & {
    error: { code: string; message: string; parameter?: string }
  }
  return { status: answer.status, ...body }
}

export function weighted(
  name: string,
  namespace: string,
  [v1, v2]: readonly [number, number],
): KubernetesObject {
  const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight })
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace },
    spec: { hosts: [name], http: [{ route: [to('v1', v1), to('v2', v2)] }] },
  }
}

function rule(subsets: readonly string[]): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'reviews', namespace: 'bookinfo' },
    spec: { host: 'reviews', subsets: subsets.map((name) => ({ name, labels: { version: name } })) },
  }
}

/** An object takes the place of one with its name. */
function replacing(objects: KubernetesObject[], object: KubernetesObject): KubernetesObject[] {
  const isSame = (one: KubernetesObject) =>
    one.kind === object.kind &&
    one.metadata.name === object.metadata.name &&
    one.metadata.namespace === object.metadata.namespace
  return [...objects.filter((one) => !isSame(one)), object]
}
