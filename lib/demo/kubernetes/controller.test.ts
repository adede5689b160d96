import { beforeEach, describe, expect, it } from 'vitest'
import type { KubernetesObject } from '@/lib/demo/model'
import { PAST_RESTARTS_ANNOTATION } from './controllers/restarts'
import { NOT_READY_ANNOTATION, RESTARTS_ANNOTATION, reconcileWorkloads } from './controller'
import { asRecord, asRecords } from './json'
import { ObjectStore, timestamp } from './object-store'

const DAY = 86_400_000
const START = Date.UTC(2024, 5, 1)

function namespace(name: string, labels: Record<string, string> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels, creationTimestamp: timestamp(START - DAY) },
  }
}

function deployment(name: string, replicas: number, extra: Partial<KubernetesObject['metadata']> = {}) {
  const labels = { app: name, version: 'v1' }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', labels, creationTimestamp: timestamp(START - DAY), ...extra },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: {} as Record<string, string> },
        spec: { serviceAccountName: name, containers: [{ name, image: `example/${name}:1` }] },
      },
    },
  } satisfies KubernetesObject
}

const ref = (name: string) => ({ kind: 'Deployment', group: 'apps', namespace: 'shop', name })

describe('reconcileWorkloads', () => {
  let now = START
  let store: ObjectStore
  beforeEach(() => {
    now = START
    store = new ObjectStore([namespace('shop')], { now: () => now })
  })
  const pods = () => store.list('Pod', 'shop')
  const podNames = () => pods().map((pod) => pod.metadata.name)
  const status = (name: string) => asRecord(store.get(ref(name))?.status)
  const settle = () => {
    now += 60_000
    reconcileWorkloads(store, now)
  }

  it('gives a world pods as old as their workloads, ready at once, the same every time', () => {
    store.create(deployment('cart', 2))
    reconcileWorkloads(store, now)
    expect(pods()).toHaveLength(2)
    expect(asRecord(pods()[0]?.status)).toMatchObject({ phase: 'Running', startTime: timestamp(START - DAY) })
    expect(status('cart')).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2 })
    const again = new ObjectStore([namespace('shop'), deployment('cart', 2)], { now: () => now })
    reconcileWorkloads(again, now)
    expect(again.list('Pod').map((pod) => [pod.metadata.name, asRecord(pod.status).podIP])).toEqual(
      pods().map((pod) => [pod.metadata.name, asRecord(pod.status).podIP]),
    )
  })

  it('chains owners from pod to ReplicaSet to Deployment', () => {
    store.create(deployment('cart', 1))
    reconcileWorkloads(store, now)
    const pod = pods()[0]
    const set = store.list('ReplicaSet', 'shop')[0]
    expect(pod?.metadata.name.startsWith(`${set?.metadata.name}-`)).toBe(true)
    expect(asRecords(pod?.metadata.ownerReferences)[0]).toMatchObject({
      kind: 'ReplicaSet',
      uid: set?.metadata.uid,
    })
    expect(asRecords(set?.metadata.ownerReferences)[0]).toMatchObject({ kind: 'Deployment', name: 'cart' })
    expect(pod?.metadata.labels?.['pod-template-hash']).toBe(set?.metadata.labels?.['pod-template-hash'])
  })

  it('writes nothing when nothing changed', () => {
    store.create(deployment('cart', 2))
    reconcileWorkloads(store, now)
    const before = store.revision
    settle()
    expect(store.revision).toBe(before)
  })

  it('starts added pods after a while and keeps the ones there are', () => {
    store.create(deployment('cart', 1))
    reconcileWorkloads(store, now)
    const [first] = podNames()
    const current = store.get(ref('cart')) as KubernetesObject
    store.update({ ...current, spec: { ...asRecord(current.spec), replicas: 3 } })
    reconcileWorkloads(store, now)
    expect(
      pods()
        .map((pod) => asRecord(pod.status).phase)
        .sort(),
    ).toEqual(['Pending', 'Pending', 'Running'])
    expect(status('cart')).toMatchObject({ replicas: 3, readyReplicas: 1, unavailableReplicas: 2 })
    settle()
    expect(status('cart')).toMatchObject({ readyReplicas: 3 })
    expect(podNames()).toContain(first)
  })

  it('replaces a deleted pod by one of another name', () => {
    store.create(deployment('cart', 1))
    reconcileWorkloads(store, now)
    const [first] = podNames()
    store.delete({ kind: 'Pod', group: '', namespace: 'shop', name: first as string })
    settle()
    expect(podNames()).toHaveLength(1)
    expect(podNames()).not.toContain(first)
  })

  it('rolls a changed template over without going below what must be available', () => {
    store.create(deployment('cart', 4))
    reconcileWorkloads(store, now)
    const old = podNames()
    const current = deployment('cart', 4)
    current.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'] = 'now'
    store.update(current)
    let lowest = 4
    for (let step = 0; step < 60; step += 1) {
      now += 1_000
      reconcileWorkloads(store, now)
      lowest = Math.min(lowest, Number(status('cart').readyReplicas ?? 0))
      expect(pods().length).toBeLessThanOrEqual(5)
    }
    expect(lowest).toBe(3)
    expect(podNames().filter((name) => old.includes(name))).toEqual([])
    expect(status('cart')).toMatchObject({ replicas: 4, updatedReplicas: 4, readyReplicas: 4 })
    expect(store.get(ref('cart'))?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2')
    expect(
      store
        .list('ReplicaSet', 'shop')
        .map((set) => asRecord(set.spec).replicas)
        .sort(),
    ).toEqual([0, 4])
  })

  it('returns to the kept ReplicaSet when the template returns', () => {
    store.create(deployment('cart', 1))
    reconcileWorkloads(store, now)
    const changed = deployment('cart', 1)
    changed.spec.template.metadata.annotations.x = 'y'
    store.update(changed)
    for (let step = 0; step < 10; step += 1) settle()
    store.update(deployment('cart', 1))
    for (let step = 0; step < 10; step += 1) settle()
    expect(store.list('ReplicaSet', 'shop')).toHaveLength(2)
    expect(store.get(ref('cart'))?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3')
    expect(pods()).toHaveLength(1)
  })

  it('removes what belonged to a deleted workload', () => {
    store.create(deployment('cart', 2))
    reconcileWorkloads(store, now)
    store.delete(ref('cart'))
    reconcileWorkloads(store, now)
    expect(pods()).toEqual([])
    expect(store.list('ReplicaSet', 'shop')).toEqual([])
  })

  it('empties a namespace before it goes', () => {
    store.create(deployment('cart', 1))
    reconcileWorkloads(store, now)
    store.delete({ kind: 'Namespace', group: '', name: 'shop' })
    expect(asRecord(store.list('Namespace')[0]?.status).phase).toBe('Terminating')
    reconcileWorkloads(store, now)
    for (const kind of ['Namespace', 'Deployment', 'ReplicaSet', 'Pod', 'ServiceAccount']) {
      expect([kind, store.list(kind)]).toEqual([kind, []])
    }
  })

  it.each([
    ['true', { readyReplicas: undefined, unavailableReplicas: 2 }],
    ['1', { readyReplicas: 1, unavailableReplicas: 1 }],
    ['CrashLoopBackOff', { readyReplicas: undefined, unavailableReplicas: 2 }],
  ])('holds pods unready while the workload says %s, however long, and lets go after', (value, expected) => {
    store.create(
      deployment('cart', 2, { annotations: { [NOT_READY_ANNOTATION]: value, [RESTARTS_ANNOTATION]: '3' } }),
    )
    reconcileWorkloads(store, now)
    settle()
    expect(status('cart')).toMatchObject(JSON.parse(JSON.stringify(expected)))
    expect(status('cart').readyReplicas).toBe(expected.readyReplicas)
    const statuses = pods().flatMap((pod) => asRecords(asRecord(pod.status).containerStatuses))
    expect(statuses.map((container) => container.restartCount)).toEqual([3, 3])
    if (value === 'CrashLoopBackOff') {
      expect(statuses[0]?.state).toMatchObject({ waiting: { reason: 'CrashLoopBackOff' } })
    }
    const current = store.get(ref('cart')) as KubernetesObject
    store.update({ ...current, metadata: { ...current.metadata, annotations: {} } })
    reconcileWorkloads(store, now)
    expect(status('cart')).toMatchObject({ readyReplicas: 2 })
  })

  it('tells of one container that was restarted once its pod is old enough, and how it ended', () => {
    const past = [{ pod: 1, container: 'cart', afterDays: 2, reason: 'OOMKilled', exitCode: 137 }]
    store.create(deployment('cart', 2, { annotations: { [PAST_RESTARTS_ANNOTATION]: JSON.stringify(past) } }))
    reconcileWorkloads(store, now)
    settle()
    const born = Date.parse(pods()[1]?.metadata.creationTimestamp ?? '')
    const restarts = () => pods().map((pod) => asRecords(asRecord(pod.status).containerStatuses)[0])
    const at = born + 2 * 86_400_000
    reconcileWorkloads(store, at - 1_000)
    expect(restarts().map((one) => one?.restartCount)).toEqual([0, 0])
    reconcileWorkloads(store, at + 10_000)
    expect(restarts().map((one) => one?.restartCount)).toEqual([0, 1])
    expect(restarts()[1]).toMatchObject({
      ready: true,
      lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: timestamp(at) } },
    })
  })

  it.each([
    ['injects where the namespace asks', { 'istio-injection': 'enabled' }, {}, 'default', undefined],
    ['injects the revision of the namespace', { 'istio.io/rev': 'canary' }, {}, 'canary', undefined],
    [
      'leaves out a pod that declines',
      { 'istio-injection': 'enabled' },
      { 'sidecar.istio.io/inject': 'false' },
      null,
      undefined,
    ],
    ['injects a pod that asks', {}, { 'sidecar.istio.io/inject': 'true' }, 'default', undefined],
    ['leaves others alone', {}, {}, null, undefined],
    ['redirects in an ambient namespace', { 'istio.io/dataplane-mode': 'ambient' }, {}, null, 'enabled'],
    [
      'leaves out of ambient a pod that declines',
      { 'istio.io/dataplane-mode': 'ambient' },
      { 'istio.io/dataplane-mode': 'none' },
      null,
      undefined,
    ],
  ])('%s', (_name, namespaceLabels, podLabels: Record<string, string>, revision, redirection) => {
    const mesh = new ObjectStore([namespace('shop', namespaceLabels)], { now: () => now })
    const workload = deployment('cart', 1)
    Object.assign(workload.spec.template.metadata.labels, podLabels)
    mesh.create(workload)
    reconcileWorkloads(mesh, now)
    const pod = mesh.list('Pod')[0]
    const containers = asRecords(asRecord(pod?.spec).containers).map((container) => container.name)
    expect(containers.includes('istio-proxy')).toBe(revision !== null)
    expect(pod?.metadata.annotations?.['istio.io/rev'] ?? null).toBe(revision)
    expect(pod?.metadata.annotations?.['sidecar.istio.io/status'] !== undefined).toBe(revision !== null)
    expect(pod?.metadata.annotations?.['ambient.istio.io/redirection']).toBe(redirection)
    expect(asRecords(asRecord(pod?.status).containerStatuses)).toHaveLength(containers.length)
  })

  it('numbers the pods of a StatefulSet and puts one of a DaemonSet on each node', () => {
    const base = deployment('db', 3)
    store.create({ ...base, kind: 'StatefulSet' })
    store.create({ ...base, kind: 'DaemonSet', metadata: { ...base.metadata, name: 'agent' } })
    reconcileWorkloads(store, now)
    settle()
    expect(podNames().filter((name) => name.startsWith('db-'))).toEqual(['db-0', 'db-1', 'db-2'])
    const agents = pods().filter((pod) => pod.metadata.name.startsWith('agent-'))
    expect(new Set(agents.map((pod) => asRecord(pod.spec).nodeName)).size).toBe(store.list('Node').length)
    expect(asRecord(store.list('DaemonSet')[0]?.status)).toMatchObject({
      desiredNumberScheduled: 3,
      numberReady: 3,
    })
  })

  it('runs a Job to its end', () => {
    const base = deployment('import', 1)
    const template = { ...base.spec.template, spec: { ...base.spec.template.spec, restartPolicy: 'Never' } }
    store.create({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'import', namespace: 'shop' },
      spec: { template },
    })
    reconcileWorkloads(store, now)
    expect(asRecord(store.list('Job')[0]?.status)).toMatchObject({ active: 1 })
    settle()
    expect(asRecord(store.list('Job')[0]?.status)).toMatchObject({ succeeded: 1 })
    expect(asRecord(pods()[0]?.status).phase).toBe('Succeeded')
  })

  it('keeps ready and unready addresses of a service', () => {
    store.create(deployment('cart', 2, { annotations: { [NOT_READY_ANNOTATION]: '1' } }))
    store.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    })
    reconcileWorkloads(store, now)
    const subsets = asRecords(store.list('Endpoints', 'shop')[0]?.subsets)
    expect(subsets[0]).toMatchObject({
      addresses: [{ targetRef: { kind: 'Pod' } }],
      notReadyAddresses: [{ targetRef: { kind: 'Pod' } }],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    })
    expect(asRecords(store.list('EndpointSlice', 'shop')[0]?.endpoints)).toHaveLength(2)
    store.delete({ kind: 'Service', group: '', namespace: 'shop', name: 'cart' })
    reconcileWorkloads(store, now)
    expect(store.list('Endpoints', 'shop')).toEqual([])
    expect(store.list('EndpointSlice', 'shop')).toEqual([])
  })

  it('never gives two pods one address', () => {
    store.create(deployment('cart', 400))
    reconcileWorkloads(store, now)
    expect(new Set(pods().map((pod) => asRecord(pod.status).podIP)).size).toBe(400)
  })

  it('records what it did, and what troubles a pod, until that is an hour old', () => {
    store.create(deployment('cart', 1))
    reconcileWorkloads(store, now)
    expect(store.list('Event')).toEqual([])
    const current = store.get(ref('cart')) as KubernetesObject
    store.update({
      ...current,
      metadata: { ...current.metadata, annotations: { [NOT_READY_ANNOTATION]: 'true' } },
      spec: { ...asRecord(current.spec), replicas: 2 },
    })
    reconcileWorkloads(store, now)
    const reasons = store.list('Event').map((event) => event.reason)
    expect(reasons).toEqual(expect.arrayContaining(['ScalingReplicaSet', 'SuccessfulCreate', 'Unhealthy']))
    now += 2 * 3_600_000
    const latest = store.get(ref('cart')) as KubernetesObject
    store.update({ ...latest, metadata: { ...latest.metadata, labels: { touched: 'yes' } } })
    reconcileWorkloads(store, now)
    expect(store.list('Event')).toEqual([])
  })
})
