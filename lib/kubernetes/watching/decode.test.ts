import { describe, expect, it } from 'vitest'
import { present } from '@/tests/support/present'
import {
  decodeConfig,
  decodeEvent,
  decodeMeshConfig,
  decodeNamespace,
  decodePod,
  decodeReplicaSet,
  decodeService,
  decodeWorkload,
} from './decode'

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

describe('decodeService', () => {
  it('reads type, selector and ports with their defaults', () => {
    const object = {
      metadata: { name: 's', namespace: 'n', creationTimestamp: '2024-01-01T00:00:00Z' },
      spec: {
        selector: { app: 'a' },
        ports: [
          { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP', appProtocol: 'http' },
          { port: 90, targetPort: 'named' },
        ],
      },
    }
    expect(decodeService(object, CLUSTER)).toEqual({
      cluster: 'east',
      namespace: 'n',
      name: 's',
      labels: {},
      annotations: {},
      type: 'ClusterIP',
      selector: { app: 'a' },
      ports: [
        { name: 'http', port: 80, targetPort: '8080', protocol: 'TCP', appProtocol: 'http' },
        { name: null, port: 90, targetPort: 'named', protocol: 'TCP', appProtocol: null },
      ],
      createdAt: Date.UTC(2024, 0, 1),
    })
  })

  it('knows a headless one', () => {
    const object = { metadata: { name: 's', namespace: 'n' }, spec: { clusterIP: 'None', ports: [] } }
    expect(decodeService(object, CLUSTER)?.isHeadless).toBe(true)
  })

  it('reads one without ports or selector', () => {
    expect(
      decodeService({ metadata: { name: 's', namespace: 'n' }, spec: { type: 'ExternalName' } }, CLUSTER),
    ).toMatchObject({ type: 'ExternalName', selector: {}, ports: [] })
  })
})

describe('decodeConfig', () => {
  it('keeps every unknown field, drops what only the server writes, fills in the kind', () => {
    const object = {
      metadata: {
        name: 'vs',
        namespace: 'n',
        resourceVersion: '7',
        managedFields: [{ manager: 'kubectl', time: '2026-08-20T12:00:00Z', fieldsV1: { 'f:spec': {} } }],
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', team: 'a' },
        finalizers: ['x'],
      },
      spec: { http: [{ future: true }] },
      extra: 1,
    }
    expect(decodeConfig(object, 'networking.istio.io/v1', 'VirtualService')).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: {
        managedFields: [{ manager: 'kubectl', time: '2026-08-20T12:00:00Z' }],
        name: 'vs',
        namespace: 'n',
        resourceVersion: '7',
        annotations: { team: 'a' },
        finalizers: ['x'],
      },
      spec: { http: [{ future: true }] },
      extra: 1,
    })
  })

  it('does not read an object without a name', () => {
    expect(decodeConfig({ metadata: {} }, 'v1', 'Gateway')).toBeUndefined()
  })
})

describe('decodeMeshConfig', () => {
  const configMap = (name: string, data: unknown) => ({ metadata: { name, namespace: 'istio-system' }, data })

  it('parses the settings of the default and of a named revision', () => {
    expect(
      decodeMeshConfig(configMap('istio', { mesh: 'rootNamespace: root\nenableAutoMtls: true\n' })),
    ).toEqual({
      namespace: 'istio-system',
      name: 'istio',
      meshConfig: { rootNamespace: 'root', enableAutoMtls: true },
    })
    expect(decodeMeshConfig(configMap('istio-canary', { mesh: '{}' }))?.name).toBe('istio-canary')
  })

  it('tells settings that are broken from ConfigMaps that hold none', () => {
    expect(decodeMeshConfig(configMap('istio', { mesh: 'a: [' }))).toBeUndefined()
    expect(decodeMeshConfig(configMap('istio', { mesh: 'just text' }))).toBeUndefined()
    expect(decodeMeshConfig(configMap('istio-ca-root-cert', { 'root-cert.pem': 'x' }))).toBeNull()
    expect(decodeMeshConfig(configMap('istiod-like', { mesh: '{}' }))).toBeNull()
    expect(decodeMeshConfig(configMap('kiali', undefined))).toBeNull()
  })
})

describe('decodeEvent', () => {
  it('reads old and new forms of time and count', () => {
    const base = {
      metadata: { name: 'e', namespace: 'n' },
      involvedObject: { kind: 'Pod', namespace: 'n', name: 'p' },
    }
    expect(
      decodeEvent(
        {
          ...base,
          type: 'Warning',
          reason: 'BackOff',
          count: 3,
          firstTimestamp: '2024-01-01T00:00:00Z',
          lastTimestamp: '2024-01-01T00:01:00Z',
        },
        CLUSTER,
      ),
    ).toMatchObject({
      type: 'Warning',
      count: 3,
      firstAt: Date.UTC(2024, 0, 1),
      lastAt: Date.UTC(2024, 0, 1, 0, 1),
    })
    expect(
      decodeEvent(
        {
          ...base,
          eventTime: '2024-01-01T00:00:00.5Z',
          series: { count: 9, lastObservedTime: '2024-01-01T00:02:00Z' },
        },
        CLUSTER,
      ),
    ).toMatchObject({ count: 9, firstAt: Date.UTC(2024, 0, 1) + 500, lastAt: Date.UTC(2024, 0, 1, 0, 2) })
  })
})

it('reads namespaces', () => {
  expect(
    decodeNamespace({ metadata: { name: 'n', labels: { 'istio-injection': 'enabled' } } }, CLUSTER),
  ).toEqual({
    cluster: 'east',
    name: 'n',
    labels: { 'istio-injection': 'enabled' },
    annotations: {},
  })
})
