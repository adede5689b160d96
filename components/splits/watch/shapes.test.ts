import { describe, expect, it } from 'vitest'
import type { SplitWatch } from '@/lib/api/schemas/config/splits'
import { watchShapes } from './shapes'

const backend = (name: string, configuredShare: number, share: (number | null)[]) => ({
  name,
  version: name,
  configuredShare,
  share,
  requestsPerSecond: share,
  errorRatio: [0, 0, null],
  p50: [1, 1, 1],
  p95: [2, 2, 2],
  p99: [3, null, 4],
})
const watch = {
  from: 0,
  to: 20_000,
  stepSeconds: 10,
  backends: [backend('v1', 0.5, [0.9, 0.7, 0.5]), backend('v2', 0.5, [0.1, 0.3, null])],
  queries: { requests: 'sum(r)', latency: 'sum(l)' },
  // the rest is not drawn
} as unknown as SplitWatch

describe('watchShapes', () => {
  it('draws observed shares beside the configured ones, those from the change on', () => {
    const [share] = watchShapes(watch, 10_000)
    expect(share?.rows).toEqual([
      { at: 0, v1: 0.9, v2: 0.1, 'v1 configured': null, 'v2 configured': null },
      { at: 10_000, v1: 0.7, v2: 0.3, 'v1 configured': 0.5, 'v2 configured': 0.5 },
      { at: 20_000, v1: 0.5, v2: null, 'v1 configured': 0.5, 'v2 configured': 0.5 },
    ])
    expect(share?.lines.map(({ name, last, dash }) => [name, last, dash])).toEqual([
      ['v1', 0.5, undefined],
      ['v2', 0.3, undefined],
      ['v1 configured', 0.5, '5 4'],
      ['v2 configured', 0.5, '5 4'],
    ])
    expect(share?.marks).toEqual([{ at: 10_000, label: 'changed' }])
  })

  it('has errors and latency of requests only', () => {
    expect(watchShapes(watch, null).map((one) => one.id)).toEqual(['share', 'errors', 'latency'])
    expect(watchShapes({ ...watch, queries: { requests: 'r' } }, null).map((one) => one.id)).toEqual([
      'share',
    ])
    expect(watchShapes(watch, null)[0]?.marks).toEqual([])
  })

  it('tells destinations of one name apart', () => {
    const twice = { ...watch, backends: [backend('a', 0.5, []), backend('a', 0.5, [])] }
    expect(watchShapes(twice, null)[1]?.lines.map((line) => line.name)).toEqual(['a (1)', 'a (2)'])
  })
})
