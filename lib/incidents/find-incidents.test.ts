import { describe, expect, it } from 'vitest'
import { graphOf } from '@/tests/support/graph/graphs'
import { callee, latency, request } from '@/tests/support/graph/samples'
import { findIncidents } from './find-incidents'
import type { MemberLookup } from './types'

const NOBODY: MemberLookup = { workloadsOf: () => [], servicesOf: () => [] }
/** a workload `x-v1` stands behind service `x` of its namespace */
const BY_NAME: MemberLookup = {
  workloadsOf: ({ cluster, namespace, name }) => [`${cluster}/${namespace}/workload/${name}-v1`],
  servicesOf: ({ name }) => [name.replace(/-v\d+$/, '')],
}

type Rows = Parameters<typeof graphOf>[0]['requests']

function found(requests: Rows, members = NOBODY, usual: Record<string, number> = {}, samples = {}) {
  const graph = graphOf({ requests: requests ?? [] }, { idle: true }, samples)
  const baselines = new Map(
    Object.entries(usual).map(([id, p95Ms]) => [`east/shop/workload/${id}`, { p95Ms }]),
  )
  return findIncidents({ graph, baselines, members })
}

const failing = (from: string, to: string, perSecond: number, more = {}) =>
  request(from, to, perSecond, { responseCode: '503', ...more })

const names = (incidents: ReturnType<typeof found>) =>
  incidents.map(({ suspects }) => suspects.map(({ name }) => name))

describe('findIncidents', () => {
  it('finds none where nothing fails, and none in nothing', () => {
    expect(found([request('shop/a', 'shop/b', 10)])).toEqual([])
    expect(found([])).toEqual([])
  })

  it('names no limit that the told share keeps, as where one caller of many sees all failures', () => {
    const [incident] = found([
      request('shop/web', 'shop/db', 4),
      failing('shop/web', 'shop/db', 1),
      request('shop/batch', 'shop/db', 9_995),
    ])
    expect(incident?.headline).toBe('db fails <0.1 % of requests (degraded above 0 %)')
  })

  it('follows failures to the node whose dependencies do not fail', () => {
    const [incident, ...rest] = found([
      request('shop/web', 'shop/api', 8),
      failing('shop/web', 'shop/api', 2),
      request('shop/api', 'shop/db', 8),
      failing('shop/api', 'shop/db', 2),
      request('shop/db', 'shop/disk', 10),
    ])
    expect(rest).toEqual([])
    expect(incident).toMatchObject({
      status: 'failing',
      symptom: 'errors',
      headline: 'db fails 20 % of requests (limit 10 %)',
      hurtPerSecond: 2,
      hurtRatio: 0.2,
    })
    expect(incident?.suspects.map(({ name }) => name)).toEqual(['db'])
    expect(incident?.callers.map(({ name, isDirect }) => [name, isDirect])).toEqual([
      ['api', true],
      ['web', false],
    ])
    expect(incident?.entryPoints.map(({ name }) => name)).toEqual(['web'])
    expect(incident?.suspects[0]?.evidence[0]?.message).toBe(
      '2.00/s of 2.00/s failed requests begin here: its one dependency fails none',
    )
  })

  it('keeps incidents apart that share a caller, and gives each its share of the harm', () => {
    const incidents = found([
      failing('shop/web', 'shop/api', 8),
      failing('shop/api', 'shop/x', 6),
      failing('shop/api', 'shop/y', 2),
    ])
    expect(names(incidents)).toEqual([['x'], ['y']])
    expect(incidents.map(({ hurtPerSecond }) => hurtPerSecond)).toEqual([6, 2])
  })

  it('puts what fails before what is degraded, then what hurts more', () => {
    const incidents = found([
      request('shop/u', 'shop/big', 1_000),
      failing('shop/u', 'shop/big', 20),
      failing('shop/v', 'shop/small', 1),
      failing('shop/w', 'shop/middle', 3),
    ])
    expect(names(incidents)).toEqual([['middle'], ['small'], ['big']])
  })

  it('takes one failed request for chance', () => {
    expect(found([request('shop/a', 'shop/b', 10), failing('shop/a', 'shop/b', 1 / 120)])).toEqual([])
  })

  it('leaves requests that reach nobody with the service', () => {
    const [incident] = found([
      failing('shop/a', 'shop/x', 5, { destination: callee(null, 'b'), flags: 'UH' }),
    ])
    expect(incident).toMatchObject({ symptom: 'no-endpoint', suspects: [{ kind: 'service', name: 'b' }] })
    expect(incident?.flags).toEqual([
      { flags: 'UH', words: 'no healthy endpoint (UH)', code: '503', perSecond: 5 },
    ])
  })

  it('does not say that all fails where workloads answer the rest', () => {
    const lost = failing('shop/a', 'shop/x', 0.5, { destination: callee(null, 'b'), flags: 'UH' })
    expect(found([lost], BY_NAME)[0]?.headline).toBe('b has no healthy endpoint: 100 % of requests fail')
    const [incident] = found([request('shop/a', 'shop/b-v1', 50), lost], BY_NAME)
    expect(incident?.headline).toBe('b had no healthy endpoint for 0.50/s requests')
    const overflown = failing('shop/a', 'shop/x', 0.5, { destination: callee(null, 'b'), flags: 'UO' })
    const [other] = found([request('shop/a', 'shop/b-v1', 50), overflown], BY_NAME)
    expect(other?.headline).toBe('b fails 0.50/s requests')
  })

  it('blames the workload whose errors made proxies eject it, not the service', () => {
    const incidents = found(
      [
        request('shop/a', 'shop/b-v1', 8),
        failing('shop/a', 'shop/b-v1', 2),
        failing('shop/a', 'shop/x', 1, { destination: callee(null, 'b'), flags: 'UH' }),
      ],
      BY_NAME,
    )
    expect(names(incidents)).toEqual([['b-v1']])
    expect(incidents[0]?.hurtPerSecond).toBe(3)
  })

  it('says which callers are refused, and that others are not', () => {
    const [incident] = found([
      request('shop/good', 'shop/b', 9),
      failing('shop/plain', 'shop/b', 3, { flags: 'UC' }),
    ])
    expect(incident?.symptom).toBe('refused')
    expect(incident?.suspects[0]?.evidence.map(({ message }) => message)).toContain(
      '1 of 2 callers see failures: plain 100 %; 1 other caller sees no failure',
    )
  })

  it('finds one origin for callers that fail in a circle', () => {
    const incidents = found([failing('shop/a', 'shop/b', 4), failing('shop/b', 'shop/a', 2)])
    expect(incidents).toHaveLength(1)
    expect(names(incidents)).toEqual([['b']])
  })

  it('does not depend on the order of rows', () => {
    const rows = [
      failing('shop/web', 'shop/api', 8),
      failing('shop/api', 'shop/x', 6),
      failing('shop/api', 'shop/y', 2),
      request('shop/web', 'shop/z', 2),
    ]
    expect(found([...rows].reverse())).toEqual(found(rows))
  })

  it('calls nobody slow whose usual latency is not known', () => {
    const rows = [request('shop/a', 'shop/b', 10)]
    const samples = { latency: [latency('shop/a', 'shop/b', [0, 0, 10, 10])] }
    expect(found(rows, NOBODY, {}, samples)).toEqual([])
  })
})
