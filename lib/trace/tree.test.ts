import { describe, expect, it } from 'vitest'
import fc from '@/tests/support/chance'
import { present } from '@/tests/support/present'
import { span } from './testing'
import { buildForest } from './tree'

const shape = (spans: Parameters<typeof buildForest>[0]) =>
  buildForest(spans).order.map((node) => `${'.'.repeat(node.depth)}${node.span.id}`)

describe('buildForest', () => {
  it('puts children under parents in order of start, whatever the order of the input', () => {
    const spans = [span('c', 'a', 5, 1), span('a', null, 0, 10), span('d', 'b', 2, 1), span('b', 'a', 1, 3)]
    expect(shape(spans)).toEqual(['a', '.b', '..d', '.c'])
    expect(shape([...spans].reverse())).toEqual(['a', '.b', '..d', '.c'])
    const forest = buildForest(spans)
    expect(forest.roots[0]).toMatchObject({ descendants: 3, isOrphan: false })
    expect(forest).toMatchObject({ depth: 2, warnings: [] })
  })

  it('shows spans of a missing parent as orphans after the real roots, and says so', () => {
    const forest = buildForest([
      span('lost', 'gone', 0, 1),
      span('root', null, 5, 1),
      span('kid', 'lost', 1, 1),
    ])
    expect(forest.roots.map((node) => [node.span.id, node.isOrphan])).toEqual([
      ['root', false],
      ['lost', true],
    ])
    expect(forest.warnings).toEqual(['1 span names a parent that the trace does not hold'])
  })

  it('keeps several roots', () => {
    expect(shape([span('b', null, 2, 1), span('a', null, 1, 1)])).toEqual(['a', 'b'])
  })

  it('opens circles at their earliest span and loses nobody', () => {
    const forest = buildForest([
      span('a', 'c', 3, 1),
      span('b', 'a', 1, 1),
      span('c', 'b', 2, 1),
      span('tail', 'c', 0, 1),
      span('self', 'self', 9, 1),
    ])
    expect(forest.order.map((node) => `${'.'.repeat(node.depth)}${node.span.id}`)).toEqual([
      'self',
      'b',
      '.c',
      '..tail',
      '..a',
    ])
    expect(forest.warnings).toEqual(['1 circle of parents opened'])
  })

  it('survives a chain of 10,000 spans', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, i === 0 ? null : `s${i - 1}`, i, 1))
    expect(buildForest(chain)).toMatchObject({ depth: 9_999, roots: [{ descendants: 9_999 }] })
  })

  it('is empty without spans', () => {
    expect(buildForest([])).toEqual({ roots: [], order: [], depth: 0, warnings: [] })
  })

  it('holds every span exactly once, whatever the parents', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...names, 'x', null), fc.nat(9)), { maxLength: 6 }),
        (rows) => {
          const spans = rows.map(([parent, start], i) => span(present(names[i]), parent, start, 1))
          const { order, roots } = buildForest(spans)
          expect(order.map((node) => node.span.id).sort()).toEqual(spans.map((one) => one.id).sort())
          expect(roots.reduce((sum, root) => sum + 1 + root.descendants, 0)).toBe(spans.length)
        },
      ),
    )
  })
})
