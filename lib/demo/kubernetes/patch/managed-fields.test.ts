import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '@/lib/demo/model'
import { findKind } from '../kinds'
import { schemaOf } from '../schema/schemas'
import { applyConfiguration, recordUpdate } from './managed-fields'
import type { Applied, Manager } from './managed-fields'

const schema = (() => {
  const kind = findKind('Deployment', 'apps')
  const found = kind && schemaOf(kind)
  if (found === undefined) throw new Error('no schema of Deployment')
  return found
})()

function manager(name: string): Manager {
  return { name, apiVersion: 'apps/v1', time: '2024-01-01T00:00:00Z' }
}

function deployment(spec: Record<string, unknown>, labels?: Record<string, string>): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', namespace: 'shop', ...(labels === undefined ? {} : { labels }) },
    spec,
  }
}

function containers(...list: Record<string, unknown>[]) {
  return { template: { spec: { containers: list } } }
}

function objectOf(applied: Applied): KubernetesObject {
  if ('conflicts' in applied) throw new Error(JSON.stringify(applied.conflicts))
  return applied.object
}

const owners = (object: KubernetesObject) =>
  (object.metadata.managedFields as { manager: string; fieldsV1: unknown }[]).map((entry) => [
    entry.manager,
    entry.fieldsV1,
  ])

describe('server-side apply', () => {
  it('owns what it applies, items of keyed lists one by one', () => {
    const object = objectOf(
      applyConfiguration(
        undefined,
        deployment(containers({ name: 'a', image: 'x' })),
        manager('me'),
        schema,
        false,
      ),
    )
    expect(owners(object)).toEqual([
      [
        'me',
        {
          'f:spec': {
            'f:template': {
              'f:spec': { 'f:containers': { 'k:{"name":"a"}': { 'f:name': {}, 'f:image': {} } } },
            },
          },
        },
      ],
    ])
  })

  it('removes what its manager no longer names and keeps what others own', () => {
    const first = objectOf(
      applyConfiguration(
        undefined,
        deployment({ replicas: 2 }, { a: '1', b: '2' }),
        manager('me'),
        schema,
        false,
      ),
    )
    const both = objectOf(
      applyConfiguration(first, deployment({}, { b: '2', c: '3' }), manager('other'), schema, false),
    )
    const next = objectOf(applyConfiguration(both, deployment({}, { a: '1' }), manager('me'), schema, false))
    expect(next.metadata.labels).toEqual({ a: '1', b: '2', c: '3' })
    expect(next.spec).toBeUndefined()
  })

  it('merges containers of two managers', () => {
    const first = objectOf(
      applyConfiguration(
        undefined,
        deployment(containers({ name: 'a', image: 'x' })),
        manager('me'),
        schema,
        false,
      ),
    )
    const both = objectOf(
      applyConfiguration(
        first,
        deployment(containers({ name: 'b', image: 'y' })),
        manager('other'),
        schema,
        false,
      ),
    )
    expect(both.spec).toEqual(containers({ name: 'a', image: 'x' }, { name: 'b', image: 'y' }))
    const gone = objectOf(applyConfiguration(both, deployment(containers()), manager('other'), schema, false))
    expect(gone.spec).toEqual(containers({ name: 'a', image: 'x' }))
  })

  it('names the owner in the way, and takes over when forced', () => {
    const live = recordUpdate(undefined, deployment({ replicas: 2 }), manager('kubectl-scale'), schema)
    const config = deployment({ replicas: 5 })
    expect(applyConfiguration(live, config, manager('me'), schema, false)).toEqual({
      conflicts: [{ manager: 'kubectl-scale', operation: 'Update', paths: ['.spec.replicas'] }],
    })
    const forced = objectOf(applyConfiguration(live, config, manager('me'), schema, true))
    expect(forced.spec).toEqual({ replicas: 5 })
    expect(owners(forced)).toEqual([['me', { 'f:spec': { 'f:replicas': {} } }]])
  })

  it('shares a field whose value is the same', () => {
    const live = recordUpdate(undefined, deployment({ replicas: 2 }), manager('other'), schema)
    const shared = objectOf(
      applyConfiguration(live, deployment({ replicas: 2 }), manager('me'), schema, false),
    )
    expect(owners(shared).map(([name]) => name)).toEqual(['other', 'me'])
  })

  it('does not silently overwrite what was there before anybody applied', () => {
    const result = applyConfiguration(
      deployment({ replicas: 2 }),
      deployment({ replicas: 3 }),
      manager('me'),
      schema,
      false,
    )
    expect(result).toMatchObject({ conflicts: [{ manager: 'before-first-apply' }] })
  })
})

describe('recordUpdate', () => {
  it('moves changed fields to who changed them', () => {
    const first = recordUpdate(undefined, deployment({ replicas: 2, paused: true }), manager('a'), schema)
    const next = recordUpdate(first, { ...first, spec: { replicas: 3, paused: true } }, manager('b'), schema)
    expect(owners(next)).toEqual([
      ['a', { 'f:spec': { 'f:paused': {} } }],
      ['b', { 'f:spec': { 'f:replicas': {} } }],
    ])
  })

  it('leaves nobody owning what is gone', () => {
    const first = recordUpdate(undefined, deployment({ replicas: 2 }, { x: 'y' }), manager('a'), schema)
    const next = recordUpdate(first, deployment({ replicas: 2 }), manager('b'), schema)
    expect(owners(next)).toEqual([['a', { 'f:spec': { 'f:replicas': {} } }]])
  })
})
