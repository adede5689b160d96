import { describe, expect, it } from 'vitest'
import type { ClusterInventory, PodInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { dataPlaneOf, expectedDataPlane, isOutOfMesh } from './data-plane'

type Labels = Record<string, string>

function workload(rest: Partial<WorkloadInventory> = {}): WorkloadInventory {
  return {
    cluster: 'east',
    namespace: 'n',
    name: 'w',
    kind: 'Deployment',
    labels: {},
    annotations: {},
    podLabels: {},
    podAnnotations: {},
    serviceAccount: 'default',
    replicas: null,
    createdAt: null,
    ...rest,
  }
}

function index(namespaceLabels: Labels, pods: Partial<PodInventory>[] = []) {
  const inventory: ClusterInventory = {
    cluster: 'east',
    namespaces: [{ cluster: 'east', name: 'n', labels: namespaceLabels, annotations: {} }],
    workloads: [],
    pods: pods.map((pod, i) => ({
      cluster: 'east',
      namespace: 'n',
      name: `w-${i}`,
      workload: 'w',
      workloadKind: 'Deployment',
      labels: {},
      annotations: {},
      serviceAccount: 'default',
      phase: 'Running',
      ready: true,
      restarts: 0,
      node: null,
      startedAt: null,
      containers: [],
      hasSidecar: false,
      isAmbient: false,
      ...pod,
    })),
    services: [],
    serviceAccounts: [],
    config: [],
    meshConfig: null,
    rootNamespace: 'istio-system',
  }
  return indexInventory(inventory)
}

describe('expectedDataPlane', () => {
  const enabled = { 'istio-injection': 'enabled' }
  const disabled = { 'istio-injection': 'disabled' }
  const revision = { 'istio.io/rev': 'canary' }
  const ambient = { 'istio.io/dataplane-mode': 'ambient' }
  const yes = { 'sidecar.istio.io/inject': 'true' }
  const no = { 'sidecar.istio.io/inject': 'false' }

  it.each([
    ['nothing said', {}, {}, {}, 'none'],
    ['namespace enabled', enabled, {}, {}, 'sidecar'],
    ['namespace enabled, pod refuses', enabled, no, {}, 'none'],
    ['namespace enabled, annotation refuses', enabled, {}, no, 'none'],
    ['namespace enabled, pod label overrides the annotation', enabled, yes, no, 'sidecar'],
    ['namespace disabled, pod consents', disabled, yes, {}, 'none'],
    ['only the pod consents', {}, yes, {}, 'sidecar'],
    ['only the annotation consents, which no webhook sees', {}, {}, yes, 'none'],
    ['namespace of a revision', revision, {}, {}, 'sidecar'],
    ['namespace of a revision, pod refuses', revision, no, {}, 'none'],
    ['namespace of a revision but disabled', { ...revision, ...disabled }, {}, {}, 'none'],
    ['pod of a revision', {}, revision, {}, 'sidecar'],
    ['ambient namespace', ambient, {}, {}, 'ambient'],
    ['ambient namespace, pod left out', ambient, { 'istio.io/dataplane-mode': 'none' }, {}, 'none'],
    ['ambient pod', {}, ambient, {}, 'ambient'],
    ['ambient and injected: the sidecar wins', { ...ambient, ...enabled }, {}, {}, 'sidecar'],
    ['ambient namespace, sidecar refused', ambient, no, {}, 'ambient'],
  ] as [string, Labels, Labels, Labels, string][])(
    '%s',
    (_what, namespaceLabels, podLabels, podAnnotations, expected) => {
      const mode = expectedDataPlane(workload({ podLabels, podAnnotations }), index(namespaceLabels))
      expect(mode).toBe(expected)
    },
  )
})

describe('dataPlaneOf', () => {
  it('believes the pods before the labels', () => {
    const enabled = { 'istio-injection': 'enabled' }
    expect(dataPlaneOf(workload(), index(enabled, [{}]))).toBe('none')
    expect(dataPlaneOf(workload(), index({}, [{ hasSidecar: true }]))).toBe('sidecar')
    expect(dataPlaneOf(workload(), index(enabled, [{ isAmbient: true }]))).toBe('ambient')
    expect(dataPlaneOf(workload(), index(enabled))).toBe('sidecar')
  })

  it('counts one injected pod among others that still wait for their restart', () => {
    expect(dataPlaneOf(workload(), index({}, [{}, { hasSidecar: true }]))).toBe('sidecar')
  })
})

describe('isOutOfMesh', () => {
  it('is not said of gateways, the control plane and the root namespace', () => {
    const nothing = index({}, [{}])
    expect(isOutOfMesh(workload(), nothing)).toBe(true)
    expect(isOutOfMesh(workload({ podLabels: { app: 'istiod' } }), nothing)).toBe(false)
    expect(isOutOfMesh(workload({ podLabels: { istio: 'ingressgateway' } }), nothing)).toBe(false)
    expect(isOutOfMesh(workload({ namespace: 'istio-system' }), nothing)).toBe(false)
  })
})
