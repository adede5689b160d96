import { describe, expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import type { Upstreams } from '../../upstreams'
import { drawnEnd } from './chart-end'

const NOW = 1_700_000_040_000
const ID = 'east/shop/service/cart'
const TIME = { at: NOW, options: { windowSeconds: 60 } }
const IN_SERVICES = { graphType: 'service', serviceNodes: false } as const
const BETWEEN = { graphType: 'workload', serviceNodes: true } as const
const WORKLOADS = { graphType: 'workload', serviceNodes: false } as const

/** A Heddle that knows of no snapshot yet. */
function upOf(answer: () => Promise<string[]>) {
  const asked: string[] = []
  const instant = async (query: string) => {
    asked.push(query)
    const names = await answer()
    return {
      samples: names.map((name) => ({ labels: { destination_workload: name }, value: 1 })),
      warnings: [],
    }
  }
  const up = {
    clock: manualClock(NOW),
    prometheus: { instant },
    snapshots: { lines: () => [] },
  } as unknown as Upstreams
  return { up, asked }
}

const away = () => Promise.reject(new UpstreamError('prometheus', 'network', 'away'))
const called = { side: 'called', parameter: 'node', id: ID } as const
const calling = { ...called, side: 'calling' } as const

describe('a service as an end of a chart', () => {
  it.each([
    [called, WORKLOADS, 'unanswered'],
    [calling, BETWEEN, 'answered'],
  ])('stands for a part of what it is asked', async (named, drawn, part) => {
    const { up, asked } = upOf(away)
    expect(await drawnEnd(up, { ...named, drawn }, TIME)).toMatchObject({ name: 'cart', part })
    expect(asked).toEqual([])
  })

  it.each([
    [called, IN_SERVICES],
    [called, BETWEEN],
    [calling, IN_SERVICES],
    [calling, WORKLOADS],
  ])('stands for the workloads behind it, who are asked for once a minute', async (named, drawn) => {
    const { up, asked } = upOf(() => Promise.resolve(['cart-v2', 'cart-v1']))
    for (let viewer = 0; viewer < 2; viewer += 1) {
      expect(await drawnEnd(up, { ...named, drawn }, TIME)).toMatchObject({
        workloads: ['cart-v1', 'cart-v2'],
      })
    }
    expect(asked).toHaveLength(1)
  })

  it('is known as what is called without the word of Prometheus, and not as what calls', async () => {
    const { up } = upOf(away)
    const drawn = IN_SERVICES
    expect(await drawnEnd(up, { ...called, drawn }, TIME)).toMatchObject({ name: 'cart', workloads: [] })
    await expect(drawnEnd(up, { ...calling, drawn }, TIME)).rejects.toThrow('away')
  })
})
