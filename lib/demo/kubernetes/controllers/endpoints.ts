import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, asRecords, asStrings, asText } from '../json'
import type { JsonRecord } from '../json'
import { stableSuffix } from '../names'
import { isPodReady } from './kubelet'
import { ownedBy } from './owners'
import { phaseOf } from './pods'
import type { Pass } from './pods'

const SERVICE_LABEL = 'kubernetes.io/service-name'

/** One EndpointSlice and one Endpoints for every service of the namespace that selects pods. */
export function reconcileEndpoints(pass: Pass): void {
  const services = pass.store.list('Service', pass.namespace)
  const pods = pass.store
    .list('Pod', pass.namespace)
    .filter((pod) => asText(asRecord(pod.status).podIP) !== '' && phaseOf(pod) !== 'Succeeded')
  const byLabel = new Map<string, KubernetesObject[]>()
  for (const pod of pods) {
    for (const [key, value] of Object.entries(asStrings(pod.metadata.labels))) {
      const label = `${key}=${value}`
      const group = byLabel.get(label)
      if (group === undefined) byLabel.set(label, [pod])
      else group.push(pod)
    }
  }
  const names = new Set<string>()
  for (const service of services) {
    names.add(service.metadata.name)
    const selector = asStrings(asRecord(service.spec).selector)
    const wanted = Object.entries(selector)
    if (wanted.length === 0) continue
    const [first] = wanted
    const chosen = (byLabel.get(`${first?.[0]}=${first?.[1]}`) ?? []).filter((pod) => {
      const labels = asStrings(pod.metadata.labels)
      return wanted.every(([key, value]) => labels[key] === value)
    })
    put(pass, sliceOf(service, chosen))
    put(pass, endpointsOf(service, chosen))
  }
  for (const endpoints of pass.store.list('Endpoints', pass.namespace)) {
    if (names.has(endpoints.metadata.name) || endpoints.metadata.annotations?.[OURS] === undefined) continue
    pass.store.delete({
      kind: 'Endpoints',
      group: '',
      namespace: pass.namespace,
      name: endpoints.metadata.name,
    })
  }
}

/** Kubernetes' own mark on Endpoints its controller keeps; ones people write by hand stay. */
const OURS = 'endpoints.kubernetes.io/last-change-trigger-time'

function put(pass: Pass, object: KubernetesObject): void {
  const ref = {
    kind: object.kind,
    group: object.kind === 'Endpoints' ? '' : 'discovery.k8s.io',
    namespace: pass.namespace,
    name: object.metadata.name,
  }
  const existing = pass.store.get(ref)
  if (existing === undefined) pass.store.create(object)
  else pass.store.update({ ...object, metadata: { ...existing.metadata, labels: object.metadata.labels } })
}

function target(pod: KubernetesObject): JsonRecord {
  return {
    kind: 'Pod',
    name: pod.metadata.name,
    namespace: pod.metadata.namespace,
    uid: pod.metadata.uid,
  }
}

function sliceOf(service: KubernetesObject, pods: readonly KubernetesObject[]): KubernetesObject {
  const seed = `${service.metadata.namespace ?? ''}/${service.metadata.name}`
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service.metadata.name}-${stableSuffix(`slice ${seed}`, 5)}`,
      namespace: service.metadata.namespace,
      labels: {
        ...service.metadata.labels,
        [SERVICE_LABEL]: service.metadata.name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: ownedBy(service),
    },
    addressType: 'IPv4',
    ports: asRecords(asRecord(service.spec).ports).map((port) => ({
      name: asText(port.name),
      port: targetPort(port, pods[0]),
      protocol: asText(port.protocol) || 'TCP',
      ...(typeof port.appProtocol === 'string' ? { appProtocol: port.appProtocol } : {}),
    })),
    endpoints: pods.map((pod) => {
      const isReady = isPodReady(pod)
      return {
        addresses: [asText(asRecord(pod.status).podIP)],
        conditions: { ready: isReady, serving: isReady, terminating: false },
        nodeName: asRecord(pod.spec).nodeName,
        targetRef: target(pod),
      }
    }),
  }
}

function endpointsOf(service: KubernetesObject, pods: readonly KubernetesObject[]): KubernetesObject {
  const address = (pod: KubernetesObject) => ({
    ip: asText(asRecord(pod.status).podIP),
    nodeName: asRecord(pod.spec).nodeName,
    targetRef: target(pod),
  })
  const ready = pods.filter(isPodReady).map(address)
  const notReady = pods.filter((pod) => !isPodReady(pod)).map(address)
  const ports = asRecords(asRecord(service.spec).ports).map((port) => ({
    ...(typeof port.name === 'string' ? { name: port.name } : {}),
    port: targetPort(port, pods[0]),
    protocol: asText(port.protocol) || 'TCP',
  }))
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: service.metadata.name,
      namespace: service.metadata.namespace,
      labels: { ...service.metadata.labels },
      annotations: { [OURS]: service.metadata.creationTimestamp ?? '' },
    },
    ...(pods.length === 0
      ? {}
      : {
          subsets: [
            {
              ...(ready.length > 0 ? { addresses: ready } : {}),
              ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
              ports,
            },
          ],
        }),
  }
}

/** The container port behind a service port; a named target is looked up in the pod. */
function targetPort(port: JsonRecord, pod: KubernetesObject | undefined): number {
  if (typeof port.targetPort === 'number') return port.targetPort
  const name = asText(port.targetPort)
  for (const container of asRecords(asRecord(pod?.spec).containers)) {
    for (const own of asRecords(container.ports)) {
      if (own.name === name && typeof own.containerPort === 'number') return own.containerPort
    }
  }
  return typeof port.port === 'number' ? port.port : 0
}
