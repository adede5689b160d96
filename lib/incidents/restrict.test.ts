import { describe, expect, it } from 'vitest'
import { graphOf } from '@/tests/support/graph/graphs'
import { present } from '@/tests/support/present'
import { request } from '@/tests/support/graph/samples'
import { findIncidents } from './find-incidents'
import { observedOf, restrictIncident } from './restrict'

/** web.front asks api.shop, which asks db.data; db fails a fifth and api with it. */
function incidentOf(rows = CHAIN) {
  const graph = graphOf({ requests: rows }, { idle: true }, {})
  const members = { workloadsOf: () => [], servicesOf: () => [] }
  return present(findIncidents({ graph, baselines: new Map(), members })[0])
}

const failing = (from: string, to: string, perSecond: number) =>
  request(from, to, perSecond, { responseCode: '503' })
const CHAIN = [
  request('front/web', 'shop/api', 8),
  failing('front/web', 'shop/api', 2),
  request('shop/api', 'data/db', 16),
  failing('shop/api', 'data/db', 4),
]
const seeing =
  (...namespaces: string[]) =>
  (_cluster: string, namespace: string) =>
    namespaces.includes(namespace)

describe('an incident as far as it may be seen', () => {
  it('is whole for those who may see all of it', () => {
    const incident = incidentOf()
    const seen = restrictIncident(incident, seeing('front', 'shop', 'data'))
    expect(seen).toEqual({ ...incident, seenAt: null })
    expect(seen && observedOf(seen)?.id).toBe('east/data/workload/db')
  })

  it('tells victims of their own, and of an origin elsewhere neither name nor figure', () => {
    const seen = present(restrictIncident(incidentOf(), seeing('shop')))
    expect(seen.headline).toBe('The origin lies in a namespace you may not see: api fails 20 % of requests')
    expect(seen.seenAt).toMatchObject({ id: 'east/shop/workload/api', namespace: 'shop' })
    expect(seen).toMatchObject({ suspects: [], callers: [{ name: 'api' }], entryPoints: [], flags: [] })
    expect(seen.hurtRatio).toBeNull()
    // what comes into the viewer's part and fails there
    expect(seen.hurtPerSecond).toBe(2)
    expect(JSON.stringify(seen)).not.toMatch(/db|data|front|web/)
    expect(observedOf(seen)?.observedOn).toBe('east/shop/workload/api')
  })

  it('says what fails of what is sent, where nobody else asks', () => {
    const seen = present(restrictIncident(incidentOf(CHAIN.slice(2)), seeing('shop')))
    expect(seen.headline).toMatch(/may not see: 4\.00\/s of the requests that api sends fail$/)
    expect(JSON.stringify(seen)).not.toMatch(/db|data/)
  })

  it('keeps its id from one look to the next, and others apart', () => {
    const id = (rows = CHAIN) => restrictIncident(incidentOf(rows), seeing('shop'))?.id
    expect(id()).toBe(id())
    expect(id()).toMatch(/^elsewhere#[0-9a-f]{8}$/)
    expect(id(CHAIN.map((row) => row).slice(2))).toBe(id())
    expect(id([failing('shop/api', 'data/other', 4)])).not.toBe(id())
  })

  it('keeps an origin of the viewer, without those elsewhere whom it hurts', () => {
    const seen = present(restrictIncident(incidentOf(), seeing('data')))
    expect(seen.suspects.map(({ name }) => name)).toEqual(['db'])
    expect(seen.headline).toMatch(/^db fails 20 %/)
    expect([seen.callers, seen.entryPoints, seen.seenAt, seen.hurtRatio]).toEqual([[], [], null, null])
    expect(seen.hurtPerSecond).toBe(4)
    expect(JSON.stringify([seen.nodes, seen.edges])).not.toMatch(/front|web/)
  })

  it('is none of those whose namespaces it does not touch', () => {
    expect(restrictIncident(incidentOf(), seeing('elsewhere'))).toBeNull()
  })
})
