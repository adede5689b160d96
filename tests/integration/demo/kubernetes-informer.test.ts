/** Informers and clients of @kubernetes/client-node against the embedded mesh's Kubernetes API. */
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  makeInformer,
} from '@kubernetes/client-node'
import type { KubernetesObject as ClientObject } from '@kubernetes/client-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kubeconfigFor } from '@/lib/demo/kubeconfig'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import { createWorld } from '@/lib/demo/world/create-world'

const NOW = Date.UTC(2026, 0, 1)
const ROUTES = {
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'virtualservices',
  namespace: 'bookinfo',
}

describe('@kubernetes/client-node', () => {
  let store: ObjectStore
  let server: Server
  let config: KubeConfig

  beforeEach(async () => {
    store = new ObjectStore(createWorld({ now: NOW }).objects, { now: () => NOW, historyLimit: 50 })
    reconcileWorkloads(store, NOW)
    server = createServer(kubernetesHandler({ store, now: () => NOW }))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    config = new KubeConfig()
    config.loadFromString(kubeconfigFor('east', `http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  /** An informer over the routes of one namespace, with what it tells as a queue. */
  function informer() {
    const api = config.makeApiClient(CustomObjectsApi)
    const told: string[] = []
    let wake: (() => void) | undefined
    const tell = (word: string) => (object: ClientObject) => {
      told.push(`${word} ${object.metadata?.name}`)
      wake?.()
    }
    const watching = makeInformer<ClientObject>(
      config,
      `/apis/${ROUTES.group}/${ROUTES.version}/namespaces/${ROUTES.namespace}/${ROUTES.plural}`,
      () => api.listNamespacedCustomObject(ROUTES) as Promise<{ items: ClientObject[] }>,
    )
    for (const verb of ['add', 'update', 'delete'] as const) watching.on(verb, tell(verb))
    return {
      watching,
      told,
      async next(count: number) {
        while (told.length < count) await new Promise<void>((resolve) => (wake = resolve))
        return told.splice(0, count)
      },
    }
  }

  it('lists, then hears of every change', async () => {
    const { watching, next } = informer()
    const names = store.list('VirtualService', 'bookinfo').map((object) => object.metadata.name)
    await watching.start()
    expect((await next(names.length)).sort()).toEqual(names.map((name) => `add ${name}`).sort())
    const api = config.makeApiClient(CustomObjectsApi)
    const body = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'fresh' },
      spec: { hosts: ['fresh'], http: [{ route: [{ destination: { host: 'ratings' } }] }] },
    }
    const created = (await api.createNamespacedCustomObject({ ...ROUTES, body })) as ClientObject
    expect(created.metadata?.resourceVersion).toBe(String(store.revision))
    await api.replaceNamespacedCustomObject({
      ...ROUTES,
      name: 'fresh',
      body: { ...body, metadata: created.metadata, spec: { ...body.spec, hosts: ['changed'] } },
    })
    await api.deleteNamespacedCustomObject({ ...ROUTES, name: 'fresh' })
    expect(await next(3)).toEqual(['add fresh', 'update fresh', 'delete fresh'])
    await watching.stop()
  })

  it('lists again when what it saw last is forgotten', async () => {
    const { watching, next } = informer()
    const count = store.list('VirtualService', 'bookinfo').length
    await watching.start()
    await next(count)
    // the watch is cut, and history moves on further than is kept before the client is back
    server.closeAllConnections()
    for (let n = 0; n < 200; n += 1) {
      store.create({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `noise-${n}`, namespace: 'default' },
      })
    }
    store.delete({ kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' })
    await watching.start()
    expect(await next(1)).toEqual(['delete reviews'])
    await watching.stop()
  })

  it('reads built-in kinds with their times, and scales', async () => {
    const pods = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'bookinfo', limit: 3 })
    expect(pods.items).toHaveLength(3)
    expect(pods.items[0]?.metadata?.creationTimestamp).toBeInstanceOf(Date)
    expect(pods.metadata?._continue).toBeDefined()
    const apps = config.makeApiClient(AppsV1Api)
    const scale = await apps.readNamespacedDeploymentScale({ namespace: 'bookinfo', name: 'reviews-v1' })
    await apps.replaceNamespacedDeploymentScale({
      namespace: 'bookinfo',
      name: 'reviews-v1',
      body: { ...scale, spec: { replicas: 1 } },
    })
    expect(
      store.list('Pod', 'bookinfo').filter((pod) => pod.metadata.name.startsWith('reviews-v1-')),
    ).toHaveLength(1)
  })

  it('patches any kind, dry or not, and is told of conflicts', async () => {
    const api = KubernetesObjectApi.makeApiClient(config)
    const route = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'bookinfo' },
    }
    const labelled = { ...route, metadata: { ...route.metadata, labels: { touched: 'yes' } } }
    const before = store.revision
    await api.patch(labelled, undefined, 'All', 'test', undefined, PatchStrategy.MergePatch)
    expect(store.revision).toBe(before)
    await api.patch(labelled, undefined, undefined, 'test', undefined, PatchStrategy.MergePatch)
    expect((await api.read(route)).metadata?.labels).toEqual({ touched: 'yes' })
    const stale = { ...labelled, metadata: { ...labelled.metadata, resourceVersion: '1' } }
    await expect(
      api.patch(stale, undefined, undefined, 'test', undefined, PatchStrategy.MergePatch),
    ).rejects.toMatchObject({ code: 409 })
  })

  it('acts as the user of a context', async () => {
    config.setCurrentContext('demo-viewer@east')
    const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({
      body: {
        spec: {
          resourceAttributes: {
            verb: 'delete',
            group: ROUTES.group,
            resource: ROUTES.plural,
            namespace: 'bookinfo',
          },
        },
      },
    })
    expect(review.status?.allowed).toBe(false)
    const denied = config
      .makeApiClient(CustomObjectsApi)
      .deleteNamespacedCustomObject({ ...ROUTES, name: 'reviews' })
    await expect(denied).rejects.toMatchObject({ code: 403 })
  })
})
