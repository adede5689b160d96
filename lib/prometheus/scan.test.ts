import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import {
  scanned as scannedIn,
  vectorAnswer as answer,
  vectorRow as row,
} from '@/tests/support/prometheus/instant-vector'
import { decodeInstantVector } from './decode'
import { createLabelSets } from './label-sets'
import { scanSamples } from './scan'

describe('an instant vector read as text', () => {
  it('is what JSON.parse makes of it, whatever labels hold', () => {
    const label = fc.string({ unit: 'binary' })
    const rows = fc.array(
      fc.record({
        metric: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), label),
        value: fc.constantFrom('0', '1.5e-7', '-3', 'NaN', '+Inf', '-Inf'),
      }),
    )
    const sets = createLabelSets(3)
    fc.assert(
      fc.property(
        rows,
        fc.option(fc.array(label)),
        fc.integer({ min: 1, max: 90 }),
        (made, warnings, pieceLength) => {
          const text = answer(
            made.map(({ metric, value }) => row(metric, value)),
            warnings ? { warnings } : {},
          )
          const scanned = scannedIn(scanSamples(sets), text, pieceLength)
          expect(scanned && { ...scanned }).toEqual(decodeInstantVector(JSON.parse(text)))
        },
      ),
    )
  })

  it('gives rows of later answers the labels of earlier ones', () => {
    const sets = createLabelSets()
    const first = scannedIn(scanSamples(sets), answer([row({ a: 'x' }, '1'), row({ a: 'y' }, '2')]))
    const second = scannedIn(scanSamples(sets), answer([row({ a: 'y' }, '3')]))
    expect(second?.samples[0]?.labels).toBe(first?.samples[1]?.labels)
    expect(second?.samples[0]?.value).toBe(3)
  })

  it('forgets label sets that no answer holds any more', () => {
    const sets = createLabelSets(2)
    const of = (value: string) => sets.reader()(`"a":"${value}"`)
    const first = of('x')
    for (const other of ['1', '2']) of(other)
    expect(of('x')).toBe(first)
    for (const other of ['3', '4', '5', '6']) of(other)
    expect(of('x')).not.toBe(first)
    expect(of('x')).toEqual(first)
  })

  it('does not mind rows that come in another order', () => {
    const sets = createLabelSets()
    const read = (names: string[]) =>
      scannedIn(
        scanSamples(sets),
        answer(names.map((name, index) => row({ a: name }, String(index)))),
      )?.samples.map(({ labels, value }) => `${labels.a}${value}`)
    expect(read(['x', 'y', 'z'])).toEqual(['x0', 'y1', 'z2'])
    expect(read(['z', 'x', 'new', 'y', 'y'])).toEqual(['z0', 'x1', 'new2', 'y3', 'y4'])
    expect(read(['x', 'y', 'z'])).toEqual(['x0', 'y1', 'z2'])
  })

  it.each([
    ['cut', answer([row({ a: 'x' }, '1')]).slice(0, -20)],
    ['an error', '{"status":"error","errorType":"bad_data","error":"no"}'],
    ['spaced out', JSON.stringify(JSON.parse(answer([row({ a: 'x' }, '1')])), null, 1)],
    ['a label that is no text', answer([row({ a: 1 as unknown as string }, '1')])],
    ['a native histogram', answer([row({}, '1')]).replace('"value"', '"histogram"')],
    ['a failed answer with rows', answer([row({}, '1')]).replace('success', 'error')],
  ])('leaves to the full parser: %s', (_what, text) => {
    for (const pieceLength of [text.length, 7]) {
      expect(scannedIn(scanSamples(createLabelSets()), text, pieceLength)).toBeUndefined()
    }
  })
})
