/** Pods, and what owns them. */
import { describe, expect, it } from 'vitest'
import { present } from '@/tests/support/present'
import { decodePod, decodeReplicaSet, decodeWorkload } from './decode'

const CLUSTER = 'east'

function pod(spec: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) {
  return {
    metadata: { name: 'p', namespace: 'n', ...(rest.metadata as object) },
    spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
    status: rest.status,
  }
}

describe('decodePod', () => {
  it('reads identity, state and containers', () => {
    const record = decodePod(
      {
        metadata: {
          name: 'reviews-v1-6b4c9d7f88-x2x9k',
          namespace: 'bookinfo',
          labels: { app: 'reviews', version: 'v1' },
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'kept' },
          ownerReferences: [
            { kind: 'Node', name: 'not-the-controller' },
            { kind: 'ReplicaSet', name: 'reviews-v1-6b4c9d7f88', controller: true },
          ],
        },
        spec: {
          serviceAccountName: 'bookinfo-reviews',
          nodeName: 'node-1',
          containers: [
            { name: 'reviews', image: 'reviews:1' },
            { name: 'istio-proxy', image: 'proxyv2' },
          ],
        },
        status: {
          phase: 'Running',
          startTime: '2024-01-01T00:00:00Z',
          conditions: [{ type: 'Ready', status: 'False' }],
          containerStatuses: [
            {
              name: 'reviews',
              ready: false,
              restartCount: 4,
              lastState: {
                terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-05T10:00:00Z' },
              },
              state: { waiting: { reason: 'CrashLoopBackOff' } },
            },
            { name: 'istio-proxy', ready: true, restartCount: 1, state: { running: {} } },
          ],
        },
      },
      CLUSTER,
    )
    expect(record).toEqual({
      cluster: 'east',
      namespace: 'bookinfo',
      name: 'reviews-v1-6b4c9d7f88-x2x9k',
      owner: { kind: 'ReplicaSet', name: 'reviews-v1-6b4c9d7f88' },
      labels: { app: 'reviews', version: 'v1' },
      annotations: { note: 'kept' },
      serviceAccount: 'bookinfo-reviews',
      phase: 'Running',
      ready: false,
      restarts: 5,
      node: 'node-1',
      startedAt: Date.UTC(2024, 0, 1),
      containers: [
        {
          name: 'reviews',
          image: 'reviews:1',
          ready: false,
          restarts: 4,
          reason: 'CrashLoopBackOff',
          lastEnd: { reason: 'OOMKilled', exitCode: 137, at: Date.UTC(2026, 0, 5, 10) },
        },
        { name: 'istio-proxy', image: 'proxyv2', ready: true, restarts: 1, reason: null },
      ],
      hasSidecar: true,
      isAmbient: false,
    })
  })

  const proxy = { name: 'istio-proxy', image: 'proxyv2', args: ['proxy', 'sidecar'] }
  it.each([
    ['a container of the pod', { containers: [{ name: 'app' }, proxy] }, true],
    [
      'a native sidecar',
      { initContainers: [{ name: 'istio-init' }, { ...proxy, restartPolicy: 'Always' }] },
      true,
    ],
    ['an init container that ends', { initContainers: [proxy] }, false],
    ['only the redirection', { initContainers: [{ name: 'istio-init' }] }, false],
    ['a gateway', { containers: [{ ...proxy, args: ['proxy', 'router'] }] }, true],
    [
      "ztunnel, which bears the sidecar's name",
      { containers: [{ ...proxy, args: ['proxy', 'ztunnel'] }] },
      false,
    ],
    [
      'ztunnel by its image',
      { containers: [{ name: 'istio-proxy', image: 'docker.io/istio/ztunnel:1.29' }] },
      false,
    ],
    ["Linkerd's proxy", { containers: [{ name: 'linkerd-proxy' }] }, true],
    ['none', {}, false],
  ])('sees whether a proxy is there: %s', (_what, spec, expected) => {
    expect(decodePod(pod(spec), CLUSTER)?.hasSidecar).toBe(expected)
  })

  it.each([
    [{ 'ambient.istio.io/redirection': 'enabled' }, true],
    [{ 'ambient.istio.io/redirection': 'disabled' }, false],
    [{}, false],
  ])('is ambient only when redirected: %j', (annotations, expected) => {
    const metadata = { annotations, labels: { 'istio.io/dataplane-mode': 'ambient' } }
    expect(decodePod(pod({}, { metadata }), CLUSTER)?.isAmbient).toBe(expected)
  })

  it('counts a native sidecar among the containers, and a failing init container while it fails', () => {
    const initContainers = [
      { name: 'migrate', image: 'm' },
      { name: 'done', image: 'd' },
      { name: 'istio-proxy', image: 'proxyv2', restartPolicy: 'Always' },
    ]
    const initContainerStatuses = [
      { name: 'migrate', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } },
      { name: 'done', restartCount: 0, state: { terminated: { reason: 'Completed', exitCode: 0 } } },
      { name: 'istio-proxy', ready: true, restartCount: 2, state: { running: {} } },
    ]
    const record = present(
      decodePod(pod({ initContainers }, { status: { phase: 'Pending', initContainerStatuses } }), CLUSTER),
    )
    expect(record.containers.map((one) => [one.name, one.reason])).toEqual([
      ['app', null],
      ['migrate', 'CrashLoopBackOff'],
      ['istio-proxy', null],
    ])
    expect(record.restarts).toBe(5)
  })

  it('calls a pod that is being deleted terminating', () => {
    const record = decodePod(
      pod({}, { metadata: { deletionTimestamp: '2024-01-01T00:00:00Z' }, status: { phase: 'Running' } }),
      CLUSTER,
    )
    expect(record?.phase).toBe('Terminating')
  })

  it('fills what a new pod does not say yet', () => {
    expect(decodePod(pod(), CLUSTER)).toMatchObject({
      owner: null,
      serviceAccount: 'default',
      phase: 'Unknown',
      ready: false,
      node: null,
      startedAt: null,
    })
  })

  it.each([
    [null],
    ['pod'],
    [{}],
    [{ metadata: { name: '' }, spec: { containers: [] } }],
    [{ metadata: { name: 'p' } }],
  ])('does not read %j', (object) => {
    expect(decodePod(object, CLUSTER)).toBeUndefined()
  })

  it('drops labels and annotations that are no text, not the pod', () => {
    const metadata = { labels: { app: 'a', broken: 1 }, annotations: 'none' }
    expect(decodePod(pod({}, { metadata }), CLUSTER)).toMatchObject({ labels: { app: 'a' }, annotations: {} })
  })
})

describe('decodeWorkload', () => {
  const template = {
    metadata: { labels: { app: 'a' }, annotations: { 'sidecar.istio.io/inject': 'false' } },
    spec: { serviceAccountName: 'sa' },
  }

  it.each([
    [
      'Deployment',
      { replicas: 3 },
      { replicas: 2, availableReplicas: 1 },
      { desired: 3, current: 2, available: 1 },
    ],
    ['Deployment', { replicas: 0 }, {}, { desired: 0, current: 0, available: 0 }],
    // no number means one, as the API server defaults
    ['Deployment', {}, { replicas: 1, availableReplicas: 1 }, { desired: 1, current: 1, available: 1 }],
    [
      'StatefulSet',
      { replicas: 2 },
      { replicas: 2, readyReplicas: 1 },
      { desired: 2, current: 2, available: 1 },
    ],
    [
      'DaemonSet',
      {},
      { desiredNumberScheduled: 4, currentNumberScheduled: 3, numberAvailable: 2 },
      { desired: 4, current: 3, available: 2 },
    ],
    ['Job', {}, { succeeded: 1 }, null],
  ])('%s %j %j has replicas %j', (kind, spec, status, replicas) => {
    const object = { metadata: { name: 'w', namespace: 'n' }, spec: { ...spec, template }, status }
    expect(decodeWorkload(object, CLUSTER, kind)).toMatchObject({
      kind,
      replicas,
      podLabels: { app: 'a' },
      podAnnotations: { 'sidecar.istio.io/inject': 'false' },
      serviceAccount: 'sa',
    })
  })

  it('reads the ports its template names and what probes ask of them', () => {
    const containers = [
      {
        ports: [{ name: 'web', containerPort: 8080 }, { containerPort: 9090 }],
        readinessProbe: { httpGet: { path: '/ready', port: 'web' } },
        livenessProbe: { tcpSocket: { port: 9090 } },
        startupProbe: { exec: { command: ['true'] } },
      },
      { readinessProbe: { grpc: { port: 9000 } }, livenessProbe: { httpGet: { port: 'elsewhere' } } },
    ]
    const object = { metadata: { name: 'w', namespace: 'n' }, spec: { template: { spec: { containers } } } }
    expect(decodeWorkload(object, CLUSTER, 'Deployment')).toMatchObject({
      namedPorts: { web: 8080 },
      probes: [
        { kind: 'liveness', handler: 'tcp', port: 9090 },
        { kind: 'readiness', handler: 'http', port: 8080 },
        { kind: 'liveness', handler: 'http', port: null },
        { kind: 'readiness', handler: 'grpc', port: 9000 },
      ],
    })
  })

  it("reads a CronJob's pods from its job template", () => {
    const object = { metadata: { name: 'w', namespace: 'n' }, spec: { jobTemplate: { spec: { template } } } }
    expect(decodeWorkload(object, CLUSTER, 'CronJob')).toMatchObject({
      podLabels: { app: 'a' },
      replicas: null,
    })
  })

  it('keeps of an owned ReplicaSet only its owner', () => {
    const owned = {
      metadata: {
        name: 'w-1',
        namespace: 'n',
        labels: { app: 'a' },
        ownerReferences: [{ kind: 'Deployment', name: 'w', controller: true }],
      },
      spec: { replicas: 1, template },
    }
    expect(decodeReplicaSet(owned, CLUSTER)).toMatchObject({
      labels: {},
      podLabels: {},
      owner: { name: 'w' },
    })
    const bare = { metadata: { name: 'w-1', namespace: 'n' }, spec: { replicas: 1, template } }
    expect(decodeReplicaSet(bare, CLUSTER)).toMatchObject({ podLabels: { app: 'a' }, owner: null })
  })
})
