import type { KubernetesObject } from '@/lib/demo/model'
import { asNumber, asRecord, asRecords, asText } from './json'
import { stableNumber } from './names'

/**
 * Fills in what an API server fills in when a built-in object leaves it out: only the fields that
 * controllers and kubectl rely on. Source: defaulting rules of the Kubernetes API reference.
 */
export function withDefaults(object: KubernetesObject): KubernetesObject {
  switch (`${object.kind} ${object.apiVersion}`) {
    case 'Namespace v1':
      return namespaceDefaults(object)
    case 'Service v1':
      return serviceDefaults(object)
    case 'Deployment apps/v1':
      return { ...object, spec: deploymentDefaults(asRecord(object.spec)) }
    case 'ReplicaSet apps/v1':
      return { ...object, spec: { replicas: 1, ...asRecord(object.spec) } }
    case 'StatefulSet apps/v1':
      return {
        ...object,
        spec: {
          replicas: 1,
          podManagementPolicy: 'OrderedReady',
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
          revisionHistoryLimit: 10,
          ...asRecord(object.spec),
        },
      }
    case 'DaemonSet apps/v1':
      return {
        ...object,
        spec: {
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
          revisionHistoryLimit: 10,
          ...asRecord(object.spec),
        },
      }
    case 'Secret v1':
      return { type: 'Opaque', ...object }
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

function serviceDefaults(object: KubernetesObject): KubernetesObject {
  const spec = asRecord(object.spec)
  const type = asText(spec.type) || 'ClusterIP'
  const next: Record<string, unknown> = {
    type,
    sessionAffinity: 'None',
    ...spec,
    ports: asRecords(spec.ports).map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port })),
  }
  if (type !== 'ExternalName') {
    const clusterIp = asText(spec.clusterIP) || serviceAddress(object)
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

function deploymentDefaults(spec: Record<string, unknown>): Record<string, unknown> {
  return {
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    ...spec,
    replicas: asNumber(spec.replicas, 1),
  }
}
