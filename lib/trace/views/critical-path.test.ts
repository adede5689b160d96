import { describe, expect, it } from 'vitest'
import fc from '@/tests/support/chance'
import { criticalPath } from './critical-path'
import { span } from '../testing'
import { buildForest } from '../tree'

const path = (spans: Parameters<typeof buildForest>[0]) =>
  criticalPath(buildForest(spans)).map(({ spanId, startMs, endMs }) => [spanId, startMs, endMs])

describe('criticalPath', () => {
  it('gives a span without children all of its time', () => {
    expect(path([span('a', null, 10, 5)])).toEqual([['a', 10, 15]])
  })

  it('follows calls made one after the other', () => {
    expect(path([span('a', null, 0, 100), span('b', 'a', 10, 30), span('c', 'a', 50, 40)])).toEqual([
      ['a', 0, 10],
      ['b', 10, 40],
      ['a', 40, 50],
      ['c', 50, 90],
      ['a', 90, 100],
    ])
  })

  it('takes the slower of calls made together', () => {
    expect(path([span('a', null, 0, 100), span('fast', 'a', 10, 20), span('slow', 'a', 10, 80)])).toEqual([
      ['a', 0, 10],
      ['slow', 10, 90],
      ['a', 90, 100],
    ])
  })

  it('counts asynchronous work only while the caller waited', () => {
    expect(
      path([span('a', null, 0, 50), span('late', 'a', 40, 500), span('after', 'late', 100, 10)]),
    ).toEqual([
      ['a', 0, 40],
      ['late', 40, 50],
    ])
  })

  it('leaves out a child that clock skew puts outside its parent', () => {
    expect(path([span('a', null, 100, 50), span('skewed', 'a', 10, 20)])).toEqual([['a', 100, 150]])
  })

  it('takes the longest root of several', () => {
    expect(path([span('short', null, 0, 5), span('long', null, 1, 9)])).toEqual([['long', 1, 10]])
  })

  it('is empty without spans', () => {
    expect(path([])).toEqual([])
  })

  it('fills the root exactly, without overlap, whatever the children', () => {
    const row = fc.tuple(fc.nat(8), fc.integer({ min: -20, max: 120 }), fc.nat(90))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 9 }), (rows) => {
        const spans = [span('s0', null, 0, 100)]
        rows.forEach(([parent, start, duration], i) =>
          spans.push(span(`s${i + 1}`, `s${Math.min(parent, i)}`, start, duration)),
        )
        const sections = criticalPath(buildForest(spans))
        let at = 0
        for (const section of sections) {
          expect(section.startMs).toBe(at)
          at = section.endMs
        }
        expect(at).toBe(100)
      }),
    )
  })

  it('walks 10,000 spans in a chain', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) =>
      span(`s${i}`, i === 0 ? null : `s${i - 1}`, i, 20_000 - 2 * i),
    )
    expect(path(chain)).toHaveLength(19_999)
  })
})
