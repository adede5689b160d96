import { describe, expect, it } from 'vitest'
import { inventory, request, workload } from '@/tests/support/samples'
import type { RequestSample } from '@/lib/mesh/traffic'
import { createEndTables } from './end-tables'

const first = [request('a', 'b-v1', 3), request('b-v1', 'c', 1)]
const unnamed = (sample: RequestSample): RequestSample => ({
  ...sample,
  source: { ...sample.source, app: null },
})

describe('tables of ends kept between snapshots', () => {
  const tables = () => {
    const kept = createEndTables()
    const ends = (samples: RequestSample[], objects = [inventory({ workloads: [workload('a')] })]) =>
      kept.of([samples, []], objects, 'east')
    return ends
  }

  it('serve again while the same pairs are named, with other figures and in any order', () => {
    const of = tables()
    const table = of(first)
    const again = of([request('b-v1', 'c', 9), request('a', 'b-v1', 0)])
    expect(again.identities).toBe(table.identities)
    expect(again.places[0]).toEqual([table.places[0]?.[1], table.places[0]?.[0]])
  })

  it.each([
    ['a pair is new', [...first, request('a', 'c', 1)]],
    ['a pair is gone', first.slice(1)],
    ['a label is gone', first.map(unnamed)],
  ])('are made anew when %s', (_what, samples) => {
    const of = tables()
    expect(of(first).identities).not.toBe(of(samples).identities)
  })

  it('are made anew when an object is labelled otherwise, not when one merely changes', () => {
    const of = tables()
    const table = of(first)
    const running = workload('a', { replicas: { desired: 3, current: 3, available: 1 } })
    expect(of(first, [inventory({ workloads: [running] })]).identities).toBe(table.identities)
    const relabelled = workload('a', { podLabels: { version: 'v7' } })
    expect(of(first, [inventory({ workloads: [relabelled] })]).identities).not.toBe(table.identities)
  })

  it('keep what several windows name', () => {
    const of = tables()
    const short = of(first.slice(1))
    const long = of(first)
    expect(of(first.slice(1)).identities).toBe(short.identities)
    expect(of(first).identities).toBe(long.identities)
  })

  it('know nothing of pairs that only a later question named', () => {
    const of = tables()
    const table = of(first)
    const also = request('z', 'y', 1)
    table.placeOf(also)
    const again = of(first)
    expect(again.identities).toBe(table.identities)
    expect(again.ends).toHaveLength(3)
    expect(of([...first, also]).identities).not.toBe(table.identities)
  })
})
