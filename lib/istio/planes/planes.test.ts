import { describe, expect, it } from 'vitest'
import { indexInventory } from '@/lib/mesh/inventory-index'
import type { PodInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import { inventory, podOf, workload } from '@/tests/support/graph/samples'
import { controlPlaneOf, dataPlaneState, imageVersion, type IstiodMeasures } from './planes'

const QUIET: IstiodMeasures = {
  connectedProxies: null,
  pushesPerSecond: 0.1,
  pushP99Ms: 100,
  rejectsPerSecond: 0,
  internalErrorsPerSecond: null,
}

const ISTIO = { namespace: 'istio-system' }
const istiod = (available: number, name = 'istiod') =>
  workload(name, { ...ISTIO, replicas: { desired: 2, current: 2, available } })
const image = (name: string, tag: string) => [
  { name, image: `docker.io/istio/${name}:${tag}`, ready: true, restarts: 0, reason: null },
]
const INJECTED = { podLabels: { app: 'a', 'sidecar.istio.io/inject': 'true' } }

function indexOf(workloads: WorkloadInventory[], pods: PodInventory[]) {
  return indexInventory(inventory({ workloads, pods }))
}

describe('controlPlaneOf', () => {
  const of = (one: WorkloadInventory, measures: Partial<IstiodMeasures> = {}) => {
    const pod = podOf(one, { ...ISTIO, containers: image('discovery', '1.29.2-distroless') })
    return controlPlaneOf(indexOf([one], [pod]), { ...QUIET, ...measures })
  }

  it('is null where no istiod runs', () => {
    expect(controlPlaneOf(indexOf([workload('web')], []), QUIET)).toBeNull()
  })

  it('names version and replicas', () => {
    expect(of(istiod(2))).toMatchObject({
      status: 'healthy',
      reasons: [],
      istiods: [{ name: 'istiod', version: '1.29.2', replicas: { desired: 2, available: 2 } }],
    })
  })

  it.each([
    ['failing', istiod(0), {}, 'istiod has 0 of 2 replicas'],
    ['degraded', istiod(1), {}, 'istiod has 1 of 2 replicas'],
    ['degraded', istiod(2), { pushP99Ms: 9_000 }, /takes 9.*s \(P99, limit 5.*s\)/],
    ['degraded', istiod(2), { rejectsPerSecond: 0.01 }, 'Proxies refuse configuration, 36 times per hour'],
    ['degraded', istiod(2), { internalErrorsPerSecond: 0.00001 }, /1 times per hour/],
  ])('is %s and says why', (status, one, measures, reason) => {
    const state = of(one, measures)
    expect(state?.status).toBe(status)
    expect(state?.reasons).toHaveLength(1)
    expect(state?.reasons[0]).toMatch(reason)
  })
})

describe('dataPlaneState', () => {
  const web = workload('web', INJECTED)
  const proxied = (tag: string, name: string) =>
    podOf(web, { name, hasSidecar: true, containers: image('istio-proxy', tag) })

  it('is null without proxies', () => {
    expect(dataPlaneState(indexOf([workload('web')], []), null)).toBeNull()
  })

  it('counts proxies by version and those istiod does not hear of', () => {
    const one = istiod(2)
    const pods = [
      podOf(one, { ...ISTIO, hasSidecar: false, containers: image('discovery', '1.29.2') }),
      proxied('1.29.2', 'web-1'),
      proxied('1.28.0', 'web-2'),
      proxied('1.29.2-distroless', 'web-3'),
    ]
    const state = dataPlaneState(indexOf([one, web], pods), 2)
    expect(state).toMatchObject({
      status: 'degraded',
      proxies: 3,
      notConnected: 1,
      versions: [
        { version: '1.29.2', proxies: 2 },
        { version: '1.28.0', proxies: 1 },
      ],
    })
    expect(state?.reasons.join('\n')).toMatch(/1 of 3 proxies hold no stream/)
    expect(state?.reasons.join('\n')).toMatch(/1 of 3 proxies run 1.28.0, istiod 1.29.2/)
  })

  it('finds workloads that should have a sidecar and have none', () => {
    const naked = podOf(web, { name: 'web-1', hasSidecar: false })
    const state = dataPlaneState(indexOf([web], [naked]), null)
    expect(state).toMatchObject({ status: 'degraded', notConnected: null })
    expect(state?.missingSidecars).toHaveLength(1)
    expect(state?.reasons).toEqual(['1 workload should have a sidecar and has none: restart the pods'])
  })

  it('is failing when no node has a ztunnel', () => {
    const ztunnel = workload('ztunnel', {
      ...ISTIO,
      kind: 'DaemonSet',
      replicas: { desired: 3, current: 0, available: 0 },
    })
    expect(dataPlaneState(indexOf([ztunnel], []), null)).toMatchObject({
      status: 'failing',
      ztunnel: { desired: 3, available: 0 },
    })
  })
})

it.each([
  ['docker.io/istio/proxyv2:1.29.2-distroless', '1.29.2'],
  ['registry:5000/istio/pilot:1.28.0@sha256:abc', '1.28.0'],
  ['registry:5000/istio/pilot', null],
])('reads the version of %s', (text, version) => {
  expect(imageVersion(text)).toBe(version)
})
