import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '@/lib/demo/model'
import { ObjectStore, StoreError } from './object-store'
import type { StoreEvent } from './object-store'

function virtualService(
  name: string,
  spec: unknown,
  metadata: Record<string, unknown> = {},
): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'bookinfo', ...metadata },
    spec,
  }
}

function reasonOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof StoreError) return error.reason
    throw error
  }
  return 'none'
}

describe('ObjectStore', () => {
  it('fills in uid, creation time, generation and resourceVersion', () => {
    const store = new ObjectStore([], { now: () => Date.UTC(2024, 0, 2, 3, 4, 5, 678) })
    const stored = store.create(virtualService('reviews', { hosts: ['reviews'] }))
    expect(stored.metadata).toMatchObject({
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      creationTimestamp: '2024-01-02T03:04:05Z',
      generation: 1,
      resourceVersion: String(store.revision),
    })
  })

  it('keeps an object in the preferred version of its kind', () => {
    const store = new ObjectStore([
      { ...virtualService('old', {}), apiVersion: 'networking.istio.io/v1alpha3' },
    ])
    expect(store.list('VirtualService')[0]?.apiVersion).toBe('networking.istio.io/v1')
  })

  it('raises generation for a changed spec and not for labels or status', () => {
    const store = new ObjectStore([virtualService('reviews', { hosts: ['a'] })])
    const relabelled = store.update(virtualService('reviews', { hosts: ['a'] }, { labels: { x: 'y' } }))
    expect(relabelled.metadata.generation).toBe(1)
    const changed = store.update(virtualService('reviews', { hosts: ['b'] }, { labels: { x: 'y' } }))
    expect(changed.metadata.generation).toBe(2)
    const reported = store.update({ ...changed, status: { conditions: [] } })
    expect(reported.metadata.generation).toBe(2)
  })

  it('does not write an update that changes nothing', () => {
    const store = new ObjectStore([virtualService('reviews', { hosts: ['a'] })])
    const before = store.revision
    store.update(virtualService('reviews', { hosts: ['a'] }))
    expect(store.revision).toBe(before)
  })

  it('refuses a stale resourceVersion and takes a current or absent one', () => {
    const store = new ObjectStore()
    const first = store.create(virtualService('reviews', { n: 1 }))
    store.update({ ...first, spec: { n: 2 } })
    expect(reasonOf(() => store.update({ ...first, spec: { n: 3 } }))).toBe('Conflict')
    expect(store.update(virtualService('reviews', { n: 4 })).spec).toEqual({ n: 4 })
  })

  it.each([
    ['AlreadyExists', (store: ObjectStore) => store.create(virtualService('reviews', {}))],
    ['NotFound', (store: ObjectStore) => store.update(virtualService('nobody', {}))],
    [
      'NotFound',
      (store: ObjectStore) => store.delete({ kind: 'VirtualService', namespace: 'x', name: 'reviews' }),
    ],
    [
      'Conflict',
      (store: ObjectStore) =>
        store.delete(
          { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
          { resourceVersion: '0' },
        ),
    ],
  ])('answers %s', (reason, act) => {
    const store = new ObjectStore([virtualService('reviews', {})])
    expect(reasonOf(() => act(store))).toBe(reason)
  })

  it('tells the two kinds named Gateway apart and lists both under the bare name', () => {
    const metadata = { name: 'front', namespace: 'bookinfo' }
    const store = new ObjectStore([
      { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { ...metadata } },
      { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { ...metadata } },
    ])
    expect(store.list('Gateway')).toHaveLength(2)
    expect(store.list('Gateway.networking.istio.io').map((o) => o.apiVersion)).toEqual([
      'networking.istio.io/v1',
    ])
    store.delete({ kind: 'Gateway', group: 'networking.istio.io', ...metadata })
    expect(store.list('Gateway', 'bookinfo').map((o) => o.apiVersion)).toEqual([
      'gateway.networking.k8s.io/v1',
    ])
  })

  it('answers the same list until a write of that kind, sorted, by namespace', () => {
    const store = new ObjectStore([virtualService('b', {}), virtualService('a', {})])
    const list = store.list('VirtualService', 'bookinfo')
    expect(list.map((o) => o.metadata.name)).toEqual(['a', 'b'])
    store.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'bookinfo' } })
    expect(store.list('VirtualService', 'bookinfo')).toBe(list)
    store.create(virtualService('c', {}))
    expect(store.list('VirtualService', 'bookinfo')).toHaveLength(3)
    expect(store.list('VirtualService', 'elsewhere')).toEqual([])
  })

  it('hands out objects nobody can change in place', () => {
    const store = new ObjectStore([virtualService('a', { http: [{ route: [] }] })])
    const spec = store.list('VirtualService')[0]?.spec as { http: unknown[] }
    expect(() => spec.http.push({})).toThrow(TypeError)
  })

  it('waits for finalizers before it deletes', () => {
    const store = new ObjectStore([virtualService('a', {}, { finalizers: ['keep'] })], { now: () => 1000 })
    const ref = { kind: 'VirtualService', namespace: 'bookinfo', name: 'a' }
    expect(store.delete(ref).metadata.deletionTimestamp).toBe('1970-01-01T00:00:01Z')
    expect(store.get(ref)).toBeDefined()
    store.update(virtualService('a', {}, { finalizers: [] }))
    expect(store.get(ref)).toBeUndefined()
  })

  it('tells listeners of every write in order until they leave', () => {
    const store = new ObjectStore()
    const seen: StoreEvent[] = []
    const leave = store.subscribe((event) => seen.push(event))
    store.create(virtualService('a', { n: 1 }))
    store.update(virtualService('a', { n: 2 }))
    store.delete({ kind: 'VirtualService', namespace: 'bookinfo', name: 'a' })
    leave()
    store.create(virtualService('b', {}))
    expect(seen.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
    expect(seen.map((event) => event.previous?.spec)).toEqual([undefined, { n: 1 }, { n: 2 }])
    expect(seen[2]?.object.metadata.resourceVersion).toBe(String(seen[2]?.revision))
  })

  it('keeps a bounded history and answers Gone before it', () => {
    const store = new ObjectStore([], { historyLimit: 4 })
    const start = store.revision
    for (let n = 0; n < 20; n += 1) store.create(virtualService(`v${n}`, {}))
    expect(store.eventsSince(store.revision - 3).map((event) => event.object.metadata.name)).toEqual([
      'v17',
      'v18',
      'v19',
    ])
    expect(store.eventsSince(store.revision)).toEqual([])
    expect(reasonOf(() => store.eventsSince(start))).toBe('Gone')
    expect(reasonOf(() => store.eventsSince(store.revision + 1))).toBe('Invalid')
  })
})
