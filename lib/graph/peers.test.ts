import { describe, expect, it } from 'vitest'
import { graphOf } from '@/tests/support/graph/graphs'
import { callee, request } from '@/tests/support/graph/samples'
import { peerEdges } from './peers'

const HUB = 'east/shop/workload/hub'
const call = (from: string, to: string, perSecond: number, code = '200') =>
  request(from, callee(to, to), perSecond, { responseCode: code })

/** The busiest is c9; of c2 a tenth fails, of c4 less; hub asks db and itself. */
const { edges } = graphOf({
  requests: [
    ...Array.from({ length: 10 }, (_, n) => call(`shop/c${n}`, 'shop/hub', 10 + n)),
    call('shop/c2', 'shop/hub', 2, '503'),
    call('shop/c4', 'shop/hub', 0.5, '503'),
    call('shop/hub', 'shop/db', 5),
    call('shop/hub', 'shop/hub', 1),
  ],
})
const callersOf = (most?: number) =>
  peerEdges(edges, HUB, most).edges.flatMap(({ source, target }) =>
    target === HUB && source !== HUB ? [source.split('/')[3]] : [],
  )

describe('edges of one node', () => {
  it('are all there while they are few, in their order', () => {
    const own = edges.filter(({ source, target }) => source === HUB || target === HUB)
    expect(peerEdges(edges, HUB)).toEqual({
      edges: own,
      edgesTotal: { inbound: 11, outbound: 2 },
      callersTotal: 11,
      calledTotal: 2,
    })
  })

  it.each([
    [1, ['c2']],
    [2, ['c2', 'c4']],
    [4, ['c2', 'c4', 'c8', 'c9']],
  ])('are of many the %i that fail or are busiest', (most, callers) => {
    expect(callersOf(most)).toEqual(callers)
  })

  it('are bounded in each direction, and counted whatever is left out', () => {
    const bound = peerEdges(edges, HUB, 2)
    expect(bound.edges.filter(({ source }) => source === HUB)).toHaveLength(2)
    expect(bound).toMatchObject({ edgesTotal: { inbound: 11, outbound: 2 }, callersTotal: 11 })
  })

  it('are counted as callers where something was sent in this time', () => {
    const [first, ...others] = edges.filter(({ target }) => target === HUB)
    const quiet = { ...first, requestsPerSecond: 0 } as (typeof edges)[number]
    const grpc = { ...others[0], id: 'grpc', protocol: 'grpc' } as (typeof edges)[number]
    expect(peerEdges([quiet, ...others, grpc], HUB)).toMatchObject({
      edgesTotal: { inbound: 12 },
      callersTotal: 10,
    })
  })
})
