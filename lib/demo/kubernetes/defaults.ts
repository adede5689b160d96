import type { KubernetesObject } from '@/lib/demo/model'
import { asNumber, asRecord, asRecords, asText, isRecord } from './json'
import type { JsonRecord } from './json'
import { stableNumber } from './names'

/**
 * Fills in what an API server fills in when a built-in object leaves it out: only the fields that
 * controllers and kubectl rely on. `before` is the stored object of an update, whose addresses stay.
 * Source: defaulting rules of the Kubernetes API reference.
 */
export function withDefaults(object: KubernetesObject, before?: KubernetesObject): KubernetesObject {
  switch (`${object.kind} ${object.apiVersion}`) {
    case 'Namespace v1':
      return namespaceDefaults(object)
    case 'Service v1':
      return serviceDefaults(object, asRecord(before?.spec))
    case 'Pod v1':
      return { ...object, spec: podSpecDefaults(asRecord(object.spec)) }
    case 'Deployment apps/v1':
      return withTemplate(object, {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      })
    case 'ReplicaSet apps/v1':
      return withTemplate(object, { replicas: 1 })
    case 'StatefulSet apps/v1':
      return withTemplate(object, {
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        revisionHistoryLimit: 10,
      })
    case 'DaemonSet apps/v1':
      return withTemplate(object, {
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        revisionHistoryLimit: 10,
      })
    case 'Job batch/v1':
      return withTemplate(object, { parallelism: 1, completions: 1, backoffLimit: 6, suspend: false })
    case 'Secret v1':
      return secretDefaults(object)
    default:
      return object
  }
}

function namespaceDefaults(object: KubernetesObject): KubernetesObject {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { 'kubernetes.io/metadata.name': object.metadata.name, ...object.metadata.labels },
    },
    spec: { finalizers: ['kubernetes'], ...asRecord(object.spec) },
    status: { phase: 'Active', ...asRecord(object.status) },
  }
}

function serviceDefaults(object: KubernetesObject, before: JsonRecord): KubernetesObject {
  const spec = asRecord(object.spec)
  const type = asText(spec.type) || 'ClusterIP'
  const next: JsonRecord = {
    type,
    sessionAffinity: 'None',
    ...spec,
    ports: asRecords(spec.ports).map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port })),
  }
  if (type !== 'ExternalName') {
    const clusterIp = asText(spec.clusterIP) || asText(before.clusterIP) || serviceAddress(object)
    next.clusterIP = clusterIp
    next.clusterIPs = spec.clusterIPs ?? [clusterIp]
    next.internalTrafficPolicy = spec.internalTrafficPolicy ?? 'Cluster'
    next.ipFamilies = spec.ipFamilies ?? ['IPv4']
    next.ipFamilyPolicy = spec.ipFamilyPolicy ?? 'SingleStack'
  }
  return { ...object, spec: next, status: object.status ?? { loadBalancer: {} } }
}

/** An address of 10.96.0.0/12 fixed by the name; two services meet once in a million pairs, which nothing here minds. */
function serviceAddress(object: KubernetesObject): string {
  const seed = stableNumber(`service ${object.metadata.namespace ?? ''}/${object.metadata.name}`)
  return `10.${96 + ((seed >>> 16) & 15)}.${(seed >>> 8) & 255}.${1 + ((seed & 255) % 254)}`
}

function withTemplate(object: KubernetesObject, defaults: JsonRecord): KubernetesObject {
  const spec = asRecord(object.spec)
  const template = spec.template
  return {
    ...object,
    spec: {
      ...defaults,
      ...spec,
      ...('replicas' in defaults ? { replicas: asNumber(spec.replicas, 1) } : {}),
      ...(isRecord(template)
        ? { template: { ...template, spec: podSpecDefaults(asRecord(template.spec)) } }
        : {}),
    },
  }
}

function podSpecDefaults(spec: JsonRecord): JsonRecord {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    ...(Array.isArray(spec.containers)
      ? { containers: asRecords(spec.containers).map(containerDefaults) }
      : {}),
    ...(Array.isArray(spec.initContainers)
      ? { initContainers: asRecords(spec.initContainers).map(containerDefaults) }
      : {}),
  }
}

function containerDefaults(container: JsonRecord): JsonRecord {
  const isLatest = /(^[^:]+|:latest)$/.test(asText(container.image))
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    ...container,
    ...(Array.isArray(container.ports)
      ? { ports: asRecords(container.ports).map((port) => ({ protocol: 'TCP', ...port })) }
      : {}),
  }
}

/** `stringData` is for writing only: it is kept as `data`. */
function secretDefaults(object: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = object
  const encoded = Object.entries(asRecord(stringData)).map(([key, value]) => [
    key,
    Buffer.from(asText(value)).toString('base64'),
  ])
  return {
    type: 'Opaque',
    ...rest,
    ...(encoded.length > 0 ? { data: { ...asRecord(object.data), ...Object.fromEntries(encoded) } } : {}),
  }
}
