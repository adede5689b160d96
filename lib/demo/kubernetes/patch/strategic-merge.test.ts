import { describe, expect, it } from 'vitest'
import { findKind } from '../kinds'
import type { JsonRecord } from '../json'
import { schemaOf } from '../schema/schemas'
import { PatchError } from './patch-error'
import { applyStrategicMerge } from './strategic-merge'

const deployment = findKind('Deployment', 'apps')
const schema = deployment && schemaOf(deployment)

function withContainers(...containers: JsonRecord[]): JsonRecord {
  return { spec: { template: { spec: { containers } } } }
}

const app = { name: 'app', image: 'app:1', env: [{ name: 'A', value: '1' }] }
const proxy = { name: 'istio-proxy', image: 'proxy:1' }

describe('applyStrategicMerge', () => {
  it.each([
    [
      'merges containers by name',
      withContainers(app, proxy),
      withContainers({ name: 'app', image: 'app:2' }),
      withContainers({ ...app, image: 'app:2' }, proxy),
    ],
    [
      'merges inside a merged item',
      withContainers(app),
      withContainers({ name: 'app', env: [{ name: 'B', value: '2' }] }),
      withContainers({
        ...app,
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      }),
    ],
    ['adds an item', withContainers(app), withContainers(proxy), withContainers(app, proxy)],
    [
      'deletes an item',
      withContainers(app, proxy),
      withContainers({ name: 'istio-proxy', $patch: 'delete' }),
      withContainers(app),
    ],
    [
      'replaces a list',
      withContainers(app, proxy),
      withContainers({ $patch: 'replace' }, { name: 'only', image: 'x' }),
      withContainers({ name: 'only', image: 'x' }),
    ],
    [
      'orders items',
      withContainers(app, proxy),
      {
        spec: {
          template: { spec: { '$setElementOrder/containers': [{ name: 'istio-proxy' }, { name: 'app' }] } },
        },
      },
      withContainers(proxy, app),
    ],
    [
      'keeps only named keys',
      { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } },
      { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
      { spec: { strategy: { type: 'Recreate' } } },
    ],
    [
      'joins and cuts lists of plain values',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { finalizers: ['c'], '$deleteFromPrimitiveList/finalizers': ['a'] } },
      { metadata: { finalizers: ['b', 'c'] } },
    ],
    [
      'replaces lists without a merge key',
      withContainers({ name: 'app', args: ['a', 'b'] }),
      withContainers({ name: 'app', args: ['c'] }),
      withContainers({ name: 'app', args: ['c'] }),
    ],
    [
      'removes by null',
      { metadata: { labels: { a: '1', b: '2' } } },
      { metadata: { labels: { a: null } } },
      { metadata: { labels: { b: '2' } } },
    ],
    [
      'replaces a record',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { $patch: 'replace', b: '2' } } },
      { metadata: { labels: { b: '2' } } },
    ],
  ])('%s', (_name, original, patch, expected) => {
    expect(applyStrategicMerge(original, patch, schema)).toEqual(expected)
  })

  it('refuses an item without its merge key', () => {
    expect(() => applyStrategicMerge(withContainers(app), withContainers({ image: 'x' }), schema)).toThrow(
      PatchError,
    )
  })

  it('tells ports of a container from ports of a service', () => {
    const service = findKind('Service', '')
    const ports = (...list: JsonRecord[]) => ({ spec: { ports: list } })
    expect(
      applyStrategicMerge(
        ports({ port: 80, name: 'http', targetPort: 8080 }),
        ports({ port: 80, targetPort: 9090 }, { port: 90 }),
        service && schemaOf(service),
      ),
    ).toEqual(ports({ port: 80, name: 'http', targetPort: 9090 }, { port: 90 }))
  })
})
