import { describe, expect, it } from 'vitest'
import { present } from '@/tests/support/present'
import type { Owner, PodRecord, WorkloadRecord } from './decode'
import { buildInventory } from './inventory'
import type { ClusterRecords } from './inventory'

function pod(name: string, owner: Owner | null, rest: Partial<PodRecord> = {}): PodRecord {
  return {
    cluster: 'east',
    namespace: 'n',
    name,
    owner,
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
    ...rest,
  }
}

function workload(kind: string, name: string, owner: Owner | null = null): WorkloadRecord {
  return {
    cluster: 'east',
    namespace: 'n',
    name,
    kind,
    labels: {},
    annotations: {},
    podLabels: {},
    podAnnotations: {},
    serviceAccount: 'default',
    replicas: null,
    createdAt: null,
    owner,
  }
}

function build(records: Partial<ClusterRecords>) {
  return buildInventory({
    cluster: 'east',
    namespaces: [],
    workloads: [],
    replicaSets: [],
    pods: [],
    services: [],
    serviceAccounts: [],
    config: [],
    meshConfigs: [],
    ...records,
  })
}

const ownerOf = (records: Partial<ClusterRecords>) => {
  const { workload, workloadKind } = present(build(records).pods[0])
  return [workloadKind, workload]
}

describe('buildInventory: owners of pods', () => {
  it('walks up ReplicaSets to Deployments and Rollouts', () => {
    const pods = [pod('p', { kind: 'ReplicaSet', name: 'a-1' })]
    for (const kind of ['Deployment', 'Rollout']) {
      const replicaSets = [workload('ReplicaSet', 'a-1', { kind, name: 'a' })]
      expect(ownerOf({ pods, replicaSets })).toEqual([kind, 'a'])
    }
  })

  it('stops at a ReplicaSet that nobody owns', () => {
    const replicaSets = [workload('ReplicaSet', 'bare')]
    const inventory = build({ pods: [pod('p', { kind: 'ReplicaSet', name: 'bare' })], replicaSets })
    expect(inventory.pods[0]).toMatchObject({ workload: 'bare', workloadKind: 'ReplicaSet' })
    expect(inventory.workloads.map((one) => [one.kind, one.name])).toEqual([['ReplicaSet', 'bare']])
  })

  it('uses the template hash where ReplicaSets may not be read, and never cuts by guess', () => {
    const owner = { kind: 'ReplicaSet', name: 'reviews-v1-6b4c9d7f88' }
    const of = (labels: Record<string, string>) => ownerOf({ pods: [pod('p', owner, { labels })] })
    expect(of({ 'pod-template-hash': '6b4c9d7f88' })).toEqual(['Deployment', 'reviews-v1'])
    expect(of({ 'rollouts-pod-template-hash': '6b4c9d7f88' })).toEqual(['Rollout', 'reviews-v1'])
    expect(of({ 'pod-template-hash': 'other' })).toEqual(['ReplicaSet', 'reviews-v1-6b4c9d7f88'])
    expect(of({})).toEqual(['ReplicaSet', 'reviews-v1-6b4c9d7f88'])
  })

  it('walks up Jobs to CronJobs, seen or named', () => {
    const owner = { kind: 'Job', name: 'report-28391040' }
    const pods = [pod('p', owner)]
    const job = workload('Job', 'report-28391040', { kind: 'CronJob', name: 'report' })
    expect(ownerOf({ pods, workloads: [job] })).toEqual(['CronJob', 'report'])
    expect(ownerOf({ pods })).toEqual(['CronJob', 'report'])
    expect(ownerOf({ pods, workloads: [workload('Job', 'report-28391040')] })).toEqual([
      'Job',
      'report-28391040',
    ])
  })

  it("follows OpenShift's controllers by their label", () => {
    const record = pod(
      'p',
      { kind: 'ReplicationController', name: 'a-3' },
      { labels: { deploymentconfig: 'a' } },
    )
    expect(ownerOf({ pods: [record] })).toEqual(['DeploymentConfig', 'a'])
  })

  it('leaves a bare pod without a workload, and makes it one of its own in the list', () => {
    const inventory = build({ pods: [pod('debug', null, { labels: { app: 'x' }, startedAt: 5 })] })
    expect(inventory.pods[0]).toMatchObject({ workload: null, workloadKind: null })
    expect(inventory.workloads).toMatchObject([
      { kind: 'Pod', name: 'debug', podLabels: { app: 'x' }, replicas: null, createdAt: 5 },
    ])
  })
})

describe('buildInventory: workloads', () => {
  it('lists what people made, not the steps between', () => {
    const inventory = build({
      workloads: [
        workload('Deployment', 'a'),
        workload('Job', 'report-28391040', { kind: 'CronJob', name: 'report' }),
        workload('CronJob', 'report'),
        workload('StatefulSet', 'db', { kind: 'Database', name: 'db' }),
      ],
      replicaSets: [workload('ReplicaSet', 'a-1', { kind: 'Deployment', name: 'a' })],
      pods: [
        pod('p1', { kind: 'ReplicaSet', name: 'a-1' }),
        pod('p2', { kind: 'Job', name: 'report-28391040' }),
      ],
    })
    expect(inventory.workloads.map((one) => `${one.kind} ${one.name}`)).toEqual([
      'Deployment a',
      'StatefulSet db',
      'CronJob report',
    ])
  })

  it('puts a workload of an unknown kind together from its pods, once', () => {
    const owner = { kind: 'StrimziPodSet', name: 'kafka' }
    const inventory = build({
      pods: [
        pod('kafka-1', owner, { startedAt: 9, labels: { app: 'kafka' } }),
        pod('kafka-0', owner, { startedAt: 7, serviceAccount: 'sa', labels: { app: 'kafka' } }),
      ],
    })
    expect(inventory.workloads).toEqual([
      {
        cluster: 'east',
        namespace: 'n',
        name: 'kafka',
        kind: 'StrimziPodSet',
        labels: {},
        annotations: {},
        podLabels: { app: 'kafka' },
        podAnnotations: {},
        serviceAccount: 'sa',
        replicas: null,
        createdAt: 7,
      },
    ])
  })

  it('keeps the same name in two namespaces and two kinds apart', () => {
    const inventory = build({
      workloads: [
        workload('Deployment', 'a'),
        { ...workload('Deployment', 'a'), namespace: 'm' },
        workload('StatefulSet', 'a'),
      ],
    })
    expect(inventory.workloads.map((one) => [one.namespace, one.name, one.kind])).toEqual([
      ['m', 'a', 'Deployment'],
      ['n', 'a', 'Deployment'],
      ['n', 'a', 'StatefulSet'],
    ])
  })

  it('does not depend on the order of the records', () => {
    const records = {
      workloads: [workload('Deployment', 'b'), workload('Deployment', 'a')],
      pods: [pod('q', null), pod('p', { kind: 'Deployment', name: 'a' })],
    }
    const turned = { workloads: [...records.workloads].reverse(), pods: [...records.pods].reverse() }
    expect(build(turned)).toEqual(build(records))
  })
})

describe('buildInventory: mesh settings', () => {
  const settings = (name: string, meshConfig: Record<string, unknown>, namespace = 'istio-system') => ({
    namespace,
    name,
    meshConfig,
  })

  it('prefers the default revision', () => {
    const meshConfigs = [settings('istio-canary', { a: 1 }), settings('istio', { a: 2 })]
    expect(build({ meshConfigs }).meshConfig).toEqual({ a: 2 })
  })

  it('takes the root namespace from the settings, else from where they lie, else the usual', () => {
    expect(build({ meshConfigs: [settings('istio', { rootNamespace: 'root' })] }).rootNamespace).toBe('root')
    expect(build({ meshConfigs: [settings('istio', {}, 'mesh-system')] }).rootNamespace).toBe('mesh-system')
    expect(build({})).toMatchObject({ rootNamespace: 'istio-system', meshConfig: null })
  })
})
