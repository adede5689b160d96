import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { conditionsOf, isBadNews } from './conditions'

const object = (status: unknown, generation = 3): ConfigObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'web', namespace: 'shop', generation },
  status,
})
const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'fine' }

describe('conditionsOf', () => {
  it('reads those of the object, of parents and of listeners, and says whose they are', () => {
    const found = conditionsOf(
      object({
        conditions: [accepted],
        parents: [{ parentRef: { name: 'edge' }, conditions: [{ ...accepted, status: 'False' }] }],
        listeners: [{ name: 'https', conditions: [{ ...accepted, type: 'Conflicted' }] }],
      }),
    )
    expect(found.map(({ of, type, status }) => [of, type, status])).toEqual([
      ['', 'Accepted', 'True'],
      ['Gateway edge', 'Accepted', 'False'],
      ['listener https', 'Conflicted', 'True'],
    ])
    expect(found.map(isBadNews)).toEqual([false, true, true])
  })

  it('marks what was said of an earlier state, also where the generation is text', () => {
    const at = (observedGeneration: unknown) =>
      conditionsOf(object({ conditions: [{ ...accepted, observedGeneration }] }))[0]?.isOld
    expect([at(2), at(3), at('2'), at(undefined)]).toEqual([true, false, true, false])
  })

  it.each([undefined, null, 'broken', { conditions: 'no' }, { conditions: [null, {}] }])(
    'finds none in %j',
    (status) => expect(conditionsOf(object(status))).toEqual([]),
  )
})
