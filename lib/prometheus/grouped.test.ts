import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import {
  scanned as scannedIn,
  vectorAnswer as answer,
  vectorRow as row,
} from '@/tests/support/prometheus/instant-vector'
import { decodeGrouped, scanGrouped } from './grouped'
import { createLabelSets } from './label-sets'

const grouped = (text: string) => decodeGrouped(JSON.parse(text), 'le')
const sorted = ({ groups }: ReturnType<typeof grouped>) =>
  groups
    .map(({ labels, values }) => ({
      labels: Object.entries(labels).sort(),
      values: [...values].sort((a, b) => (a.by < b.by ? -1 : 1)),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

describe('a grouped vector', () => {
  const text = answer([
    row({ a: 'x', le: '5', z: '1' }, '1'),
    row({ a: 'y', le: '5', z: '1' }, '3'),
    row({ a: 'x', le: '+Inf', z: '1' }, 'NaN'),
  ])

  it('puts together what differs in one label', () => {
    expect(sorted(grouped(text))).toEqual([
      {
        labels: [
          ['a', 'x'],
          ['z', '1'],
        ],
        values: [
          { by: '+Inf', value: null },
          { by: '5', value: 1 },
        ],
      },
      {
        labels: [
          ['a', 'y'],
          ['z', '1'],
        ],
        values: [{ by: '5', value: 3 }],
      },
    ])
  })

  it('is the same read as text', () => {
    const scanned = scannedIn(scanGrouped('le', createLabelSets()), text)
    expect(scanned && sorted(scanned)).toEqual(sorted(grouped(text)))
  })

  it('keeps warnings, which may come before or after the rows', () => {
    const after = answer([row({ le: '1' }, '1')], { warnings: ['one'] })
    expect(scannedIn(scanGrouped('le', createLabelSets()), after)?.warnings).toEqual(['one'])
    const before = after.replace('{"status"', '{"infos":["i"],"status"')
    expect(scannedIn(scanGrouped('le', createLabelSets()), before)?.warnings).toEqual(['one'])
  })

  it.each([
    ['an error', '{"status":"error","errorType":"x","error":"y"}'],
    ['a web page', '<html>'],
    ['a cut answer', text.slice(0, text.length - 20)],
    ['an answer cut at its end', text.slice(0, -1)],
    ['spaces', JSON.stringify(JSON.parse(text), null, 1)],
    ['a matrix', text.replace('vector', 'matrix')],
    ['an error around rows', text.replace('success', 'error')],
    ['a native histogram', text.replace('"value"', '"histogram"')],
    ['an empty text', ''],
  ])('leaves %s to the full parser', (_what, body) => {
    expect(scannedIn(scanGrouped('le', createLabelSets()), body)).toBeUndefined()
  })

  it('reads any labels alike both ways', () => {
    const name = fc.constantFrom('a', 'b', 'le', 'xle', 'lex')
    const odd = fc.constantFrom('},"value":[1,"2"]}', '"le":"5"', ']', '\\', '"', '{"metric":{', 'ž🚀', '')
    const metric = fc.dictionary(name, fc.oneof(odd, fc.string()), { maxKeys: 4 })
    const rows = fc.array(fc.tuple(metric, fc.constantFrom('1', 'NaN', '+Inf', '0.25')), { maxLength: 12 })
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 90 }), (pairs, pieceLength) => {
        const body = answer(pairs.map(([labels, value]) => row(labels, value)))
        const scanned = scannedIn(scanGrouped('le', createLabelSets()), body, pieceLength)
        // it may leave a text to the full parser, but never read it otherwise
        if (scanned) expect(sorted(scanned)).toEqual(sorted(grouped(body)))
      }),
      {
        numRuns: 300,
        examples: [
          [
            [
              [{ le: '', lex: '' }, '1'],
              [{ lex: '' }, '1'],
            ],
            9,
          ],
        ],
      },
    )
  })
})
