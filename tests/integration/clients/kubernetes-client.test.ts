/** The inventory source against the embedded mesh's Kubernetes API, over HTTP on loopback. */
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import { apiGroupList } from '@/lib/demo/kubernetes/http/discovery'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import type { KubernetesObject } from '@/lib/demo/model'
import { createWorld } from '@/lib/demo/world/create-world'
import { KubeConfigError } from '@/lib/kubernetes/kube-config'
import { getObject, listEvents, readPodLogs } from '@/lib/kubernetes/read'
import { createInventorySource } from '@/lib/kubernetes/watching/watch'
import type { InventorySource, InventorySourceOptions, InventoryView } from '@/lib/kubernetes/watching/watch'
import { present } from '@/tests/support/present'
import { kubeconfigText } from '@/tests/support/kubernetes/kubeconfig-text'

const NOW = Date.UTC(2026, 0, 1)

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A server that can go away and come back at its address. */
async function listen(handler: RequestListener) {
  let port = 0
  let server: Server | undefined
  let current = handler
  const urls: string[] = []
  const open = new Set<string>()
  const start = async () => {
    server = createServer((req, res) => {
      const url = req.url ?? ''
      urls.push(url)
      if (url.includes('watch=true')) {
        const path = present(url.split('?')[0])
        if (open.has(path)) urls.push(`second watch of ${path}`)
        open.add(path)
        res.once('close', () => open.delete(path))
      }
      current(req, res)
    })
    await new Promise<void>((resolve) => present(server).listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const stop = () =>
    new Promise<void>((resolve) => {
      server?.closeAllConnections()
      server?.close(() => resolve())
    })
  await start()
  closers.push(stop)
  return {
    get port() {
      return port
    },
    /** addresses asked for, and a line for every kind that was watched twice at once */
    urls,
    open,
    start,
    stop,
    answerWith: (next: RequestListener) => (current = next),
  }
}

function kubeconfig(port: number, user?: string): string {
  return kubeconfigText(`http://127.0.0.1:${port}`, user)
}

/** Short waits are not waited at all; long ones (looking again for kinds) last until `lookAgain`. */
function patience() {
  const sleepers: (() => void)[] = []
  const delays: number[] = []
  return {
    delays,
    lookAgain: () => sleepers.splice(0).forEach((wake) => wake()),
    delay: (ms: number, signal?: AbortSignal) => {
      delays.push(ms)
      if (signal?.aborted) return Promise.reject(signal.reason as Error)
      return new Promise<void>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
        if (ms >= 40_000) sleepers.push(resolve)
        else setImmediate(resolve)
      })
    },
  }
}

function watchCluster(config: string, options: Partial<InventorySourceOptions> = {}) {
  const calm = patience()
  const source = createInventorySource({
    kubeconfig: config,
    cluster: 'east',
    now: () => NOW,
    random: () => 0.5,
    delay: calm.delay,
    ...options,
  })
  closers.push(() => source.stop())
  return { source, ...calm }
}

/** Resolves with the view once the condition holds; looked at after every change. */
function until(source: InventorySource, met: (view: InventoryView) => boolean): Promise<InventoryView> {
  return new Promise((resolve) => {
    const look = () => {
      const view = source.current()
      if (!met(view)) return
      unsubscribe()
      resolve(view)
    }
    const unsubscribe = source.subscribe(look)
    look()
  })
}

const hasConfig = (name: string) => (view: InventoryView) =>
  view.inventory?.config.some((object) => object.metadata.name === name) ?? false

function virtualService(name: string, hosts: string[] = ['a']): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'bookinfo' },
    spec: { hosts, http: [{ route: [{ destination: { host: hosts[0] } }] }] },
  }
}

async function embedded(options: { historyLimit?: number } = {}) {
  const world = createWorld({ seed: 7 })
  const store = new ObjectStore(world.objects, { ...options, now: () => NOW })
  reconcileWorkloads(store, NOW)
  const handler = kubernetesHandler({ store, now: () => NOW })
  const server = await listen(handler)
  return { world, store, handler, server }
}

describe('inventory of the embedded mesh', () => {
  it('holds the world: namespaces, workloads, pods with their owners, services, configuration, mesh settings', async () => {
    const { world, server } = await embedded()
    const { source } = watchCluster(kubeconfig(server.port))
    const { inventory, version, error, lastHeardAt, notices } = await until(source, (view) => view.ready)
    if (!inventory) throw new Error('ready without an inventory')
    const home = world.workloads.filter((one) => one.cluster === world.homeCluster)
    const names = new Set(inventory.workloads.map((one) => `${one.namespace}/${one.kind}/${one.name}`))
    for (const spec of home) expect(names).toContain(`${spec.namespace}/${spec.kind}/${spec.name}`)
    expect(version).toMatch(/^v1\.\d+/)
    expect({ error, lastHeardAt, notices }).toEqual({ error: null, lastHeardAt: NOW, notices: [] })

    const reviews = inventory.pods.filter((pod) => pod.workload === 'reviews-v1')
    expect(reviews.length).toBeGreaterThan(0)
    for (const pod of reviews) {
      expect(pod).toMatchObject({
        namespace: 'bookinfo',
        workloadKind: 'Deployment',
        hasSidecar: true,
        ready: true,
      })
    }
    const ztunnel = inventory.pods.filter((pod) => pod.workload === 'ztunnel')
    expect(ztunnel.length).toBeGreaterThan(0)
    expect(ztunnel.every((pod) => !pod.hasSidecar && !pod.isAmbient)).toBe(true)
    const ambient = inventory.pods.filter((pod) => pod.isAmbient)
    expect(ambient.length).toBeGreaterThan(0)
    expect(ambient.every((pod) => !pod.hasSidecar)).toBe(true)

    expect(inventory.pods.some((pod) => pod.workload === null && pod.workloadKind !== null)).toBe(false)
    expect(inventory.services.find((one) => one.name === 'reviews')).toMatchObject({
      selector: { app: 'reviews' },
    })
    expect(inventory.config.map((one) => one.kind)).toEqual(
      expect.arrayContaining(['VirtualService', 'HTTPRoute']),
    )
    expect(inventory.meshConfig).not.toBeNull()
    expect(inventory.rootNamespace).toBe(world.rootNamespace)
    expect(inventory.config.every((one) => one.metadata.managedFields === undefined)).toBe(true)
  })

  it('follows what is created, changed and deleted', async () => {
    const { store, server } = await embedded()
    const { source } = watchCluster(kubeconfig(server.port))
    await until(source, (view) => view.ready)
    const before = source.current().inventory
    expect(source.current().inventory).toBe(before)

    const pod = present(store.list('Pod', 'bookinfo')[0])
    const labels = { ...pod.metadata.labels, touched: 'yes' }
    store.update({ ...pod, metadata: { ...pod.metadata, labels } })
    const touched = await until(
      source,
      (view) => view.inventory?.pods.some((one) => one.labels.touched === 'yes') ?? false,
    )
    // pods change all the time: the list of configuration stays the very same meanwhile
    expect(touched.inventory).not.toBe(before)
    expect(touched.inventory?.config).toBe(before?.config)

    store.create(virtualService('mine'))
    const created = await until(source, hasConfig('mine'))
    expect(created.inventory?.config).not.toBe(before?.config)
    store.update(virtualService('mine', ['changed']))
    await until(source, (view) =>
      JSON.stringify(view.inventory?.config.find((one) => one.metadata.name === 'mine')?.spec).includes(
        'changed',
      ),
    )
    store.delete({ kind: 'VirtualService', namespace: 'bookinfo', name: 'mine' })
    await until(source, (view) => !hasConfig('mine')(view))
  })

  it('keeps one watch per kind, and ends all of them when stopped', async () => {
    const { server } = await embedded()
    const { source } = watchCluster(kubeconfig(server.port))
    await until(source, (view) => view.kinds.every((one) => one.state !== 'retrying'))
    const watched = source.current().kinds.filter((one) => one.state === 'watching').length
    await expect.poll(() => server.open.size).toBe(watched)
    expect(server.urls.filter((url) => url.startsWith('second'))).toEqual([])
    const asked = server.urls.length
    await source.stop()
    // the server notices closed connections in its own time
    await expect.poll(() => server.open.size).toBe(0)
    expect(server.urls).toHaveLength(asked)
    expect(source.current().inventory).not.toBeNull()
  })

  it('survives a restart of the server: keeps what it knew, says so, and catches up', async () => {
    const { store, server } = await embedded()
    const { source, delays } = watchCluster(kubeconfig(server.port))
    await until(source, (view) => view.ready)
    await server.stop()
    const down = await until(
      source,
      (view) => view.error !== null && view.kinds.every((one) => one.state !== 'watching'),
    )
    expect(down.inventory?.pods.length).toBeGreaterThan(0)
    expect(down.notices.map((one) => one.code)).toContain('kinds-stale')
    expect(down.error).toMatch(/connection/)
    store.create(virtualService('meanwhile'))
    const lists = () =>
      server.urls.filter((url) => url.includes('/pods') && !url.includes('watch=true')).length
    const before = lists()
    await server.start()
    const up = await until(source, (view) => hasConfig('meanwhile')(view) && view.error === null)
    expect(up.notices).toEqual([])
    // goes on from where it was instead of reading everything again
    expect(lists()).toBe(before)
    expect(delays.some((ms) => ms > 100 && ms <= 30_000)).toBe(true)
  })

  it('lists anew when the history it needs is gone (410)', async () => {
    const { store, server } = await embedded({ historyLimit: 20 })
    const { source } = watchCluster(kubeconfig(server.port))
    store.create(virtualService('early'))
    await until(source, hasConfig('early'))
    await server.stop()
    store.delete({ kind: 'VirtualService', namespace: 'bookinfo', name: 'early' })
    for (let n = 0; n < 40; n += 1) store.create(virtualService(`later-${n}`))
    await server.start()
    await until(source, (view) => hasConfig('later-39')(view) && !hasConfig('early')(view))
  })

  it('waits for a cluster that is not there yet', async () => {
    const { server } = await embedded()
    await server.stop()
    const { source } = watchCluster(kubeconfig(server.port))
    const waiting = await until(source, (view) => view.error !== null)
    expect(waiting).toMatchObject({ inventory: null, ready: false, version: null, lastHeardAt: null })
    expect(waiting.error).toContain('nothing listens')
    await server.start()
    expect(await until(source, (view) => view.ready)).toMatchObject({ error: null })
  })

  it('goes on without kinds the account may not read, and takes them up when it may', async () => {
    const { handler, server } = await embedded()
    server.answerWith((req, res) => {
      if (/\/(replicasets|secrets|peerauthentications)(\?|$)/.test(req.url ?? '')) {
        res.writeHead(403, { 'content-type': 'application/json' })
        res.end(JSON.stringify({ kind: 'Status', code: 403, message: 'is forbidden' }))
      } else handler(req, res)
    })
    const { source, lookAgain } = watchCluster(kubeconfig(server.port))
    const { inventory, notices, error } = await until(source, (view) => view.ready)
    expect(error).toBeNull()
    expect(notices).toEqual([
      {
        code: 'kinds-forbidden',
        message:
          'The account may not read PeerAuthentication.security.istio.io, ReplicaSet.apps; grant it list and watch in all namespaces.',
      },
    ])
    // without ReplicaSets the template hash tells the Deployment
    expect(inventory?.pods.find((pod) => pod.name.startsWith('reviews-v1'))).toMatchObject({
      workload: 'reviews-v1',
    })
    expect(inventory?.config.some((one) => one.kind === 'PeerAuthentication')).toBe(false)
    server.answerWith(handler)
    lookAgain()
    await until(source, (view) => view.notices.length === 0)
    expect(source.current().inventory?.config.some((one) => one.kind === 'PeerAuthentication')).toBe(true)
  })

  it('goes on without kinds the cluster lacks, and takes them up when they are installed', async () => {
    const { handler, server } = await embedded()
    server.answerWith((req, res) => {
      if ((req.url ?? '').includes('networking.istio.io')) return void res.writeHead(404).end('{}')
      if (req.url !== '/apis') return handler(req, res)
      const { groups, ...list } = apiGroupList() as { groups: { name: string }[] }
      const others = groups.filter((group) => group.name !== 'networking.istio.io')
      res.end(JSON.stringify({ ...list, groups: others }))
    })
    const { source, lookAgain } = watchCluster(kubeconfig(server.port))
    const without = await until(source, (view) => view.ready)
    expect(without.notices.map((one) => one.code)).toEqual(['kinds-absent'])
    expect(without.kinds.find((one) => one.kind === 'VirtualService.networking.istio.io')?.state).toBe(
      'absent',
    )
    expect(server.urls.some((url) => url.includes('virtualservices'))).toBe(false)
    server.answerWith(handler)
    lookAgain()
    const installed = await until(source, (view) =>
      Boolean(view.inventory?.config.some((one) => one.kind === 'VirtualService')),
    )
    expect(installed.inventory?.pods.length).toBeGreaterThan(0)
    await until(source, (view) => view.notices.length === 0)
  })

  it('says when the credentials are refused', async () => {
    const { server } = await embedded()
    const { source } = watchCluster(kubeconfig(server.port, '{ token: not-known }'))
    expect(await until(source, (view) => view.error !== null)).toMatchObject({
      ready: false,
      error: expect.stringContaining('/version does not accept our credentials'),
    })
  })

  it('reads as a viewer', async () => {
    const { server } = await embedded()
    const { source } = watchCluster(kubeconfig(server.port, '{ token: demo-viewer }'))
    expect((await until(source, (view) => view.ready)).notices).toEqual([])
  })

  it('leaves out one object it cannot read, and names it', async () => {
    const { store, handler, server } = await embedded()
    const pod = present(store.list('Pod')[0])
    server.answerWith((req, res) => {
      if (!/\/api\/v1\/pods\?(?!.*watch=true)/.test(req.url ?? '')) return handler(req, res)
      const items = [pod, { metadata: { name: 'odd', namespace: 'n' }, spec: 'none' }]
      res.end(JSON.stringify({ metadata: { resourceVersion: String(store.revision) }, items }))
    })
    const { source } = watchCluster(kubeconfig(server.port))
    const { inventory, notices } = await until(source, (view) => view.ready)
    expect(inventory?.pods.map((one) => one.name)).toEqual([pod.metadata.name])
    expect(notices).toEqual([
      { code: 'objects-unreadable', message: '1 object could not be read and is left out: Pod n/odd.' },
    ])
  })

  it('answers a web page in the place of the API with a clear error', async () => {
    const server = await listen((_req, res) => res.end('<html>sign in</html>'))
    const { source } = watchCluster(kubeconfig(server.port))
    const { error, ready } = await until(source, (view) => view.error !== null)
    expect(ready).toBe(false)
    expect(error).toContain('web page')
  })

  it('refuses an unusable kubeconfig at once', () => {
    expect(() => watchCluster('/nowhere/at/all')).toThrow(KubeConfigError)
  })

  it('reads single objects, logs and events with the same credentials', async () => {
    const { store, server } = await embedded()
    const { source } = watchCluster(kubeconfig(server.port))
    const { inventory } = await until(source, (view) => view.ready)
    store.create(virtualService('mine'))
    const at = {
      group: 'networking.istio.io',
      version: 'v1',
      plural: 'virtualservices',
      namespace: 'bookinfo',
    }
    expect(await getObject(source.client, { ...at, name: 'mine' })).toMatchObject({ kind: 'VirtualService' })
    expect(await getObject(source.client, { ...at, name: 'other' })).toBeNull()
    const pod = present(present(inventory).pods.find((one) => one.workload === 'reviews-v1'))
    const container = present(pod.containers.find((one) => one.name !== 'istio-proxy')).name
    const lines = await readPodLogs(source.client, {
      namespace: 'bookinfo',
      pod: pod.name,
      container,
      tailLines: 3,
    })
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThanOrEqual(3)
    expect(await listEvents(source.client, { cluster: 'east', namespace: 'bookinfo' })).toBeInstanceOf(Array)
  })
})
