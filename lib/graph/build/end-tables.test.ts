import { describe, expect, it } from 'vitest'
import { callee, inventory, request, workload } from '@/tests/support/graph/samples'
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

  it('serve again while the same workloads are named, whoever calls whom how often', () => {
    const of = tables()
    const table = of(first)
    const again = of([request('b-v1', 'c', 9), request('a', 'b-v1', 0), request('c', 'a', 1)])
    expect(again.identities).toBe(table.identities)
    expect(again.places[0]?.slice(0, 2)).toEqual([table.places[0]?.[1], table.places[0]?.[0]])
    expect(again.pairCount).toBe(3)
  })

  it.each([
    ['a workload is new', [...first, request('a', 'z', 1)]],
    ['a workload is gone', first.slice(1)],
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

  it('tell what the samples name from what others did', () => {
    const of = tables()
    const external = request('a', callee(null, 'api.example.com'), 1)
    const table = of([...first, external])
    table.placeOf(request('z', 'y', 1))
    const again = of(first)
    expect(again.identities).toBe(table.identities)
    expect([...again.named.ends].filter(Boolean)).toHaveLength(3)
    expect([...again.named.services].filter(Boolean)).toHaveLength(2)
    expect(again.services.length).toBeGreaterThan(2)
  })

  it('do not grow without end where callers make up hosts', () => {
    const of = tables()
    const identities = new Set<unknown>()
    for (let round = 0; round < 30; round += 1) {
      const junk = Array.from({ length: 1000 }, (_, index) =>
        request('a', callee('b-v1', `junk-${round}-${index}.example.com`), 1),
      )
      identities.add(of([...first, ...junk]).identities)
    }
    expect(identities.size).toBeGreaterThan(1)
    expect(identities.size).toBeLessThan(5)
  })
})
