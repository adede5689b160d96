import { describe, expect, it } from 'vitest'
import { namespace, startCluster, virtualService } from '@/tests/support/kubernetes/kubernetes-cluster'
import type { WatchLine } from '@/tests/support/kubernetes/kubernetes-cluster'

const VS = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices'
const said = (lines: readonly WatchLine[]) => lines.map((line) => [line.type, line.object.metadata.name])

describe('watches', () => {
  it('resumes after a revision, with every change in order', async () => {
    const { watch, store } = await startCluster([virtualService('a'), namespace('other')])
    const from = store.revision
    store.create(virtualService('b'))
    store.create(virtualService('elsewhere', {}, { namespace: 'other' }))
    store.update(virtualService('b', { hosts: ['b', 'c'] }))
    store.delete({ kind: 'VirtualService', namespace: 'shop', name: 'a' })
    expect(said(await watch(`${VS}?watch=true&resourceVersion=${from}`, 3))).toEqual([
      ['ADDED', 'b'],
      ['MODIFIED', 'b'],
      ['DELETED', 'a'],
    ])
  })

  it('goes on with what happens while it runs', async () => {
    const { call, store, address } = await startCluster([virtualService('a')])
    const response = await fetch(`${address}${VS}?watch=1`)
    const reader = response.body?.getReader()
    const next = async () => JSON.parse(new TextDecoder().decode((await reader?.read())?.value)) as WatchLine
    expect(said([await next()])).toEqual([['ADDED', 'a']])
    await call('DELETE', `${VS}/a`)
    const line = await next()
    expect(said([line])).toEqual([['DELETED', 'a']])
    expect(line.object.metadata.resourceVersion).toBe(String(store.revision))
    await reader?.cancel()
  })

  it('tells who sees only some objects when one comes into sight or leaves it', async () => {
    const { watch, store } = await startCluster([
      virtualService('a'),
      virtualService('b', {}, { labels: { x: '1' } }),
    ])
    const from = store.revision
    store.update(virtualService('a', {}, { labels: { x: '1' } }))
    store.update(virtualService('b', {}, { labels: { x: '2' } }))
    store.update(virtualService('b', {}, { labels: { x: '3' } }))
    store.update(virtualService('a', { hosts: ['z'] }, { labels: { x: '1' } }))
    const lines = await watch(`${VS}?watch=true&resourceVersion=${from}&labelSelector=x%3D1`, 3)
    expect(said(lines)).toEqual([
      ['ADDED', 'a'],
      ['DELETED', 'b'],
      ['MODIFIED', 'a'],
    ])
    expect(lines[1]?.object.metadata.labels).toEqual({ x: '1' })
  })

  it('answers an ERROR of code 410 for a revision it forgot', async () => {
    const { watch, store } = await startCluster([], { historyLimit: 2 })
    const from = store.revision
    for (let n = 0; n < 20; n += 1) store.create(virtualService(`v${n}`))
    const [line] = await watch(`${VS}?watch=true&resourceVersion=${from}`, 1)
    expect(line).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })
  })

  it('ends when its time is up, with a bookmark of where it stood', async () => {
    const { watch, store } = await startCluster([virtualService('a')], { watchTimeoutMs: 1 })
    store.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'shop' } })
    const lines = await watch(
      `${VS}?watch=true&resourceVersion=${store.revision}&allowWatchBookmarks=true`,
      Infinity,
    )
    expect(lines).toEqual([
      {
        type: 'BOOKMARK',
        object: {
          kind: 'VirtualService',
          apiVersion: 'networking.istio.io/v1',
          metadata: { resourceVersion: String(store.revision) },
        },
      },
    ])
    expect(await watch(`${VS}?watch=true&resourceVersion=${store.revision}`, Infinity)).toEqual([])
  })

  it('sends bookmarks while nothing happens', async () => {
    const { watch, store } = await startCluster([], { bookmarkMs: 1 })
    const lines = await watch(
      `${VS}?watch=true&resourceVersion=${store.revision}&allowWatchBookmarks=true`,
      2,
    )
    expect(lines.map((line) => line.type)).toEqual(['BOOKMARK', 'BOOKMARK'])
  })

  it('streams a list and marks its end', async () => {
    const { watch } = await startCluster([virtualService('a'), virtualService('b')])
    const query =
      'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const lines = await watch(`${VS}?${query}`, 3)
    expect(lines.map((line) => line.type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK'])
    expect(lines[2]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' })
  })

  it('writes tables, with columns once', async () => {
    const { watch } = await startCluster([virtualService('a'), virtualService('b')])
    const lines = await watch(`${VS}?watch=true`, 2, {
      Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    })
    const columns = lines.map((line) => Array.isArray(line.object.columnDefinitions))
    expect(columns).toEqual([true, false])
    expect(lines.map((line) => (line.object.rows as { cells: unknown[] }[])[0]?.cells[0])).toEqual(['a', 'b'])
  })
})
