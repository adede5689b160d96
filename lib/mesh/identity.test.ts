import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import { edgeId, NODE_KINDS, nodeId, parseNodeId, type NodeRef } from './identity'

describe('node ids', () => {
  it('read as cluster, namespace, kind, name and version', () => {
    const ref: NodeRef = {
      cluster: 'east',
      namespace: 'bookinfo',
      kind: 'app',
      name: 'reviews',
      version: 'v1',
    }
    expect(nodeId(ref)).toBe('east/bookinfo/app/reviews/v1')
    const { version: _version, ...app } = ref
    expect(nodeId(app)).toBe('east/bookinfo/app/reviews')
  })

  it('come back from any names whatsoever, and no two of them meet', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' })
    const ref: fc.Arbitrary<NodeRef> = fc
      .record({ cluster: name, namespace: name, kind: fc.constantFrom(...NODE_KINDS), name })
      .chain((plain) => fc.option(name).map((version) => (version === null ? plain : { ...plain, version })))
    fc.assert(
      fc.property(ref, (each) => {
        expect(parseNodeId(nodeId(each))).toEqual(each)
      }),
    )
    fc.assert(
      fc.property(ref, ref, (a, b) => {
        expect(nodeId(a) === nodeId(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
    )
  })

  it.each(['', 'a/b/c', 'a/b/pod/x', 'a/b/app/', 'a/b/app/x/v1/y', 'a/b/app/%zz'])('refuses "%s"', (id) => {
    expect(parseNodeId(id)).toBeUndefined()
  })

  it('make an edge id that splits again, whatever the names hold', () => {
    const source = nodeId({ cluster: 'e>a', namespace: 'n#s', kind: 'workload', name: 'a/b' })
    const target = nodeId({ cluster: 'e', namespace: 'n', kind: 'service', name: 'x' })
    expect(edgeId(source, target, 'http').split(/[>#]/)).toEqual([source, target, 'http'])
  })
})
