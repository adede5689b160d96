import type { KubernetesObject } from '@/lib/demo/model'
import { asNumber, asRecord, asText, at } from '../json'
import type { JsonRecord } from '../json'
import { badRequest } from './api-error'
import { selectorText } from './selectors'

/** A workload seen through its scale subresource. */
export function toScale(workload: KubernetesObject): KubernetesObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: asNumber(asRecord(workload.spec).replicas, 1) },
    status: {
      replicas: asNumber(asRecord(workload.status).replicas, 0),
      selector: selectorText(at(workload.spec, 'selector')),
    },
  }
}

/** The workload with the number of replicas a Scale asks for. Throws ApiError 400. */
export function fromScale(workload: KubernetesObject, scale: JsonRecord): KubernetesObject {
  const replicas = asRecord(scale.spec).replicas ?? 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest(
      'Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a whole number',
    )
  }
  const resourceVersion = asText(asRecord(scale.metadata).resourceVersion)
  const { resourceVersion: _current, ...metadata } = workload.metadata
  return {
    ...workload,
    metadata: { ...metadata, ...(resourceVersion === '' ? {} : { resourceVersion }) },
    spec: { ...asRecord(workload.spec), replicas },
  }
}
