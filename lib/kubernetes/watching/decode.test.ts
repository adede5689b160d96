/** What is not a pod and owns none: services, namespaces, configuration, settings, events. */
import { describe, expect, it } from 'vitest'
import { decodeConfig, decodeEvent, decodeMeshConfig, decodeNamespace, decodeService } from './decode'

const CLUSTER = 'east'

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
    expect(decodeMeshConfig(configMap('istio', { mesh: 'enableAutoMtls: off' }))?.meshConfig).toEqual({
      enableAutoMtls: false,
    })
  })

  it('tells settings that are broken from ConfigMaps that hold none', () => {
    expect(decodeMeshConfig(configMap('istio', { mesh: 'a: [' }))).toBeUndefined()
    expect(decodeMeshConfig(configMap('istio', { mesh: 'a: *nobody' }))).toBeUndefined()
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
