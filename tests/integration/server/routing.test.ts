/** What routes a service on the embedded API server, and edits of it: forms to preview to apply. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POST as applyRoute } from '@/app/api/v1/config/apply/route'
import { POST as previewRoute } from '@/app/api/v1/config/preview/route'
import { GET as getRouting } from '@/app/api/v1/routing/route'
import { GET as getTargets } from '@/app/api/v1/splits/targets/route'
import { plannedItems, plannedObjects, startPlan, type Present } from '@/components/routing/first/split-plan'
import { patchItem } from '@/components/splits/change-items'
import { apiPaths } from '@/lib/api/paths'
import { ApplyAnswer, PreviewAnswer, type ChangeItem } from '@/lib/api/schemas/config/changes'
import { ServiceRouting } from '@/lib/api/schemas/config/routing'
import { SplitTargets } from '@/lib/api/schemas/config/splits'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import { createWorld } from '@/lib/demo/world/create-world'
import { readForm, writeForm } from '@/lib/istio/edit/form'
import { timeoutForm } from '@/lib/istio/edit/rule/timeout'
import { rulesOf, withRule } from '@/lib/istio/edit/rules'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { readConfig } from '@/lib/server/config/config'
import { createLog } from '@/lib/server/log'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { manualClock } from '../../support/heddle/manual-clock'
import { present } from '../../support/present'
import { until } from '../../support/until'
import { kubeconfigText } from '../../support/kubernetes/kubeconfig-text'
import { serveLoopback, type Loopback } from '../../support/loopback'

const NOW = Date.UTC(2026, 7, 20, 12)
const NETWORKING = 'networking.istio.io'
const service = (name: string, namespace = 'bookinfo') => ({ cluster: 'east', namespace, name })

describe('routing of a service on the embedded API server', () => {
  let store: ObjectStore
  let up: Upstreams
  let cluster: Loopback

  beforeAll(async () => {
    store = new ObjectStore(createWorld({ seed: 7 }).objects, { now: () => NOW })
    // ratings runs in two versions; nothing tells them apart but their labels
    for (const kind of ['VirtualService', 'DestinationRule']) {
      store.delete({ kind, group: NETWORKING, namespace: 'bookinfo', name: 'ratings' })
    }
    reconcileWorkloads(store, NOW)
    cluster = await serveLoopback(kubernetesHandler({ store, now: () => NOW }))
    const config = readConfig({
      // nothing listens there: routes are edited when telemetry is down, too
      PROMETHEUS_URL: 'http://127.0.0.1:1',
      KUBECONFIG: kubeconfigText(cluster.url),
      HEDDLE_CLUSTER_NAME: 'east',
    })
    up = createUpstreams(config, { clock: manualClock(NOW), log: createLog('error', () => undefined) })
    setUpstreams(up)
    await until('the objects are read', async () => up.inventories[0]?.current().ready || undefined)
  })

  afterAll(async () => {
    setUpstreams(null)
    await up?.close()
    await cluster?.close()
  })

  const get = (path: string) => new Request(`http://heddle.test${path}`)
  const post = (path: string, changes: ChangeItem[]) =>
    new Request(`http://heddle.test${path}`, {
      method: 'POST',
      headers: { host: 'heddle.test', 'content-type': 'application/json' },
      body: JSON.stringify({ changes }),
    })
  const routing = async (name: string, namespace?: string) => {
    const answer = await getRouting(get(apiPaths.routing(service(name, namespace))))
    return ServiceRouting.parse(await answer.json()).objects.map(({ ref }) => `${ref.kind} ${ref.name}`)
  }
  const targets = async (name: string) =>
    SplitTargets.parse(await (await getTargets(get(apiPaths.splitTargets(service(name))))).json())
  const stored = (kind: string, name: string) =>
    // objects of the store are those of the API
    store.get({ kind, group: NETWORKING, namespace: 'bookinfo', name }) as unknown as ConfigObject | undefined

  it('names entries, routes and policies', async () => {
    expect(await routing('reviews')).toEqual(['VirtualService reviews', 'DestinationRule reviews'])
    expect(await routing('productpage')).toEqual(['Gateway bookinfo-gateway', 'VirtualService bookinfo'])
    const stock = await routing('stock-api-v1', 'inventory')
    expect(stock).toContain('HTTPRoute stock-api')
    expect(stock[0]).toMatch(/^Gateway /)
    const none = await getRouting(get(apiPaths.routing(service('nobody'))))
    expect([none.status, await none.json()]).toMatchObject([404, { error: { code: 'service-not-found' } }])
  })

  it('makes the first split of a service from the versions of its pods', async () => {
    expect(await routing('ratings')).toEqual([])
    const found = await targets('ratings')
    expect(found).toMatchObject({ splits: [], destinationRule: null, route: null, api: 'istio' })
    const start = startPlan(found)
    expect(start.chosen).toEqual(expect.arrayContaining(['v1', 'v2']))
    const [first = '', second = ''] = start.chosen
    const plan = {
      ...start,
      typed: { [first]: '95', [second]: '5' },
      testers: { header: 'end-user', value: 'jason', version: second },
      mirror: { percent: '10', version: second },
    }
    const nothing: Present = { destinationRule: null, route: null }
    const planned = plannedObjects(plan, found, nothing)
    const items = 'problem' in planned ? [] : plannedItems('east', planned)
    const preview = PreviewAnswer.parse(await (await previewRoute(post(apiPaths.preview(), items))).json())
    expect(preview.changes.map(({ op, dryRun }) => [op, dryRun.ok])).toEqual([
      ['create', true],
      ['create', true],
    ])
    expect((preview.findings?.added ?? []).filter(({ severity }) => severity === 'error')).toEqual([])
    const applied = ApplyAnswer.parse(await (await applyRoute(post(apiPaths.apply(), items))).json())
    // the subsets before the route that sends to them
    expect([applied.status, applied.changes.map(({ ref }) => ref.kind)]).toEqual([
      'applied',
      ['DestinationRule', 'VirtualService'],
    ])
    expect(rulesOf(present(stored('VirtualService', 'ratings')))).toMatchObject([
      { name: 'testers', route: [{ destination: { subset: second } }] },
      { route: [{ weight: 95 }, { weight: 5 }], mirrorPercentage: { value: 10 } },
    ])
    const now = await until('the split is seen', async () => {
      const seen = await targets('ratings')
      return seen.splits.length > 0 ? seen : undefined
    })
    expect(now.versions.map(({ subset }) => subset)).toEqual([first, second])
    expect(await routing('ratings')).toEqual(['VirtualService ratings', 'DestinationRule ratings'])
  })

  it('sets a timeout and leaves all else of the object alone', async () => {
    const before = present(stored('VirtualService', 'reviews'))
    const rule = present(rulesOf(before)[0])
    const form = { ...readForm(timeoutForm, rule), timeout: '2s' }
    const after = withRule(before, 0, writeForm(timeoutForm, rule, form))
    const item = present(
      patchItem(
        { ...service('reviews'), group: NETWORKING, version: 'v1', kind: 'VirtualService' },
        before,
        after,
      ),
    )
    expect(item.patch).toEqual([{ op: 'add', path: '/spec/http/0/timeout', value: '2s' }])
    const applied = ApplyAnswer.parse(await (await applyRoute(post(apiPaths.apply(), [item]))).json())
    expect(applied.status).toBe('applied')
    expect(present(stored('VirtualService', 'reviews')).spec).toEqual(after.spec)
  })

  it('writes nothing of what the API server would refuse', async () => {
    const before = present(stored('VirtualService', 'reviews'))
    const [first] = rulesOf(before)
    const after = withRule(before, 0, { ...first, timeout: 'soon' })
    const ref = { ...service('reviews'), group: NETWORKING, version: 'v1', kind: 'VirtualService' }
    const item = present(patchItem(ref, before, after))
    const preview = PreviewAnswer.parse(await (await previewRoute(post(apiPaths.preview(), [item]))).json())
    expect(preview.changes[0]?.dryRun.ok).toBe(false)
    expect((await applyRoute(post(apiPaths.apply(), [item]))).status).toBe(400)
    expect(stored('VirtualService', 'reviews')).toEqual(before)
  })
})
