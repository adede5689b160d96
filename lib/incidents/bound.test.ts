import { describe, expect, it } from 'vitest'
import { graphOf } from '@/tests/support/graph/graphs'
import { present } from '@/tests/support/present'
import { callee, request } from '@/tests/support/graph/samples'
import { boundIncident, MOST_FLAGS, MOST_INCIDENT_EDGES, MOST_REACHED } from './bound'
import { findIncidents } from './find-incidents'

const call = (from: string, to: string, perSecond: number, responseCode = '200') =>
  request(from, callee(to, to), perSecond, { responseCode })
/** Each of `count` callers, the last of them most, sends to hub and a tenth fails. */
const callers = (count: number) =>
  Array.from({ length: count }, (_, n) => [
    call(`team/c${n}`, 'shop/hub', 9 + n),
    call(`team/c${n}`, 'shop/hub', 1 + n / 10, '503'),
  ]).flat()

function incidentOf(requests: ReturnType<typeof callers>) {
  const members = { workloadsOf: () => [], servicesOf: () => [] }
  const found = findIncidents({ graph: graphOf({ requests }), baselines: new Map(), members })
  return { ...present(found[0]), seenAt: null }
}

describe('an incident as it is answered', () => {
  it('is whole where it is ordinary, with how many there are of each', () => {
    const incident = incidentOf([
      ...callers(40),
      call('edge/web', 'team/c3', 9),
      call('edge/web', 'team/c3', 1, '503'),
    ])
    expect(boundIncident(incident)).toEqual({
      ...incident,
      callersTotal: 41,
      entryPointsTotal: 40,
      flagsTotal: 1,
      nodesTotal: 42,
      edgesTotal: 41,
      hops: 2,
    })
  })

  it('names of thousands those it hurts most, and what is said of all stays', () => {
    const incident = incidentOf(callers(2_000))
    const bound = boundIncident(incident)
    expect(bound.callers).toEqual(incident.callers.slice(0, MOST_REACHED))
    expect(bound.callers[0]).toMatchObject({ name: 'c1999' })
    expect(bound.entryPoints).toHaveLength(MOST_REACHED)
    expect(bound).toMatchObject({
      callersTotal: 2_000,
      entryPointsTotal: 2_000,
      nodesTotal: 2_001,
      edgesTotal: 2_000,
      hops: 1,
      headline: incident.headline,
      hurtPerSecond: incident.hurtPerSecond,
      hurtRatio: incident.hurtRatio,
    })
    expect(JSON.stringify(bound).length).toBeLessThan(400_000)
  })

  it('keeps the edges that fail most in their order, and the nodes that belong to what is kept', () => {
    const incident = incidentOf(callers(2_000))
    const { edges, nodes, callers: reached } = boundIncident(incident)
    expect(edges).toHaveLength(MOST_INCIDENT_EDGES)
    expect(edges).toEqual(incident.edges.filter((edge) => edges.includes(edge)))
    const least = Math.min(...edges.map(({ failedPerSecond }) => failedPerSecond))
    const left = incident.edges.filter((edge) => !edges.includes(edge))
    expect(Math.max(...left.map(({ failedPerSecond }) => failedPerSecond))).toBeLessThanOrEqual(least)
    expect(nodes).toEqual([...nodes].sort())
    expect(nodes).toContain('east/shop/workload/hub')
    const known = new Set(nodes)
    expect(
      [...reached.map(({ id }) => id), ...edges.map(({ source }) => source)].every((id) => known.has(id)),
    ).toBe(true)
    expect(nodes.length).toBeLessThanOrEqual(1 + MOST_INCIDENT_EDGES + MOST_REACHED)
  })

  it('reaches as far as the farthest it hurts, though that one is not named', () => {
    const chain = [call('edge/far', 'team/c0', 5), call('edge/far', 'team/c0', 0.6, '503')]
    const bound = boundIncident(incidentOf([...callers(700), ...chain]))
    expect(bound.callers.some(({ name }) => name === 'far')).toBe(false)
    expect(bound.hops).toBe(2)
  })

  it('says the most frequent ends of requests, and how many kinds there are', () => {
    const codes = Array.from({ length: 90 }, (_, n) => call('team/c0', 'shop/hub', 1 + n, String(510 + n)))
    const incident = incidentOf(codes)
    expect(boundIncident(incident)).toMatchObject({
      flags: incident.flags.slice(0, MOST_FLAGS),
      flagsTotal: incident.flags.length,
    })
    expect(incident.flags.length).toBeGreaterThan(MOST_FLAGS)
  })
})
