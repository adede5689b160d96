/** Pods that workloads among documents will run: text has the workloads, hardly ever the pods. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import {
  INJECT,
  INJECTION,
  isNamespaceAmbient,
  PROXY,
  proxyImage,
  REVISION,
  templateOf,
} from './lookups/injection'
import { NAMESPACE, POD } from './lookups/kinds'
import { selects } from './lookups/selectors'
import { WORKLOAD_KINDS } from './lookups/workloads'
import { asList, labelsOf, specOf } from './read'
import { append, kindKey, namespaceOf } from './world'

/**
 * One pod for each workload that has none among the objects and is to run any, with the proxy it will get. Where the
 * namespace is not among them, it is taken to be in the mesh.
 */
export function templatePods(objects: readonly ConfigObject[]): ConfigObject[] {
  const kinds: ReadonlySet<string> = new Set(WORKLOAD_KINDS)
  const pods = new Map<string, ConfigObject[]>()
  for (const object of objects) if (kindKey(object) === POD) append(pods, namespaceOf(object), object)
  const namespaces = new Map(
    objects.flatMap((object) => (kindKey(object) === NAMESPACE ? [[object.metadata.name, object]] : [])),
  )
  return objects.flatMap((workload): ConfigObject[] => {
    if (!kinds.has(kindKey(workload)) || specOf(workload).replicas === 0) return []
    const namespace = namespaceOf(workload)
    const { spec, labels, annotations } = templateOf(workload)
    if (pods.get(namespace)?.some((pod) => selects(labels, labelsOf(pod)))) return []
    const owner = namespaces.get(namespace)
    const choice = labels[INJECT] ?? annotations[INJECT]
    const isAmbient = isNamespaceAmbient(owner)
    const isInjected = choice === undefined ? !isAmbient && injects(owner) : choice === 'true'
    return [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: workload.metadata.name,
          namespace,
          labels,
          annotations: {
            ...annotations,
            ...(isAmbient ? { 'ambient.istio.io/redirection': 'enabled' } : {}),
            // which image it will be is not known, and compared with nothing
            ...(isInjected ? { 'sidecar.istio.io/proxyImage': 'auto' } : {}),
          },
        },
        spec:
          isInjected && proxyImage(spec) === ''
            ? { ...spec, containers: [...asList(spec.containers), { name: PROXY, image: 'auto' }] }
            : spec,
      },
    ]
  })
}

function injects(namespace: ConfigObject | undefined): boolean {
  if (!namespace) return true
  const labels = labelsOf(namespace)
  return (
    labels[INJECTION] === 'enabled' || (labels[INJECTION] === undefined && labels[REVISION] !== undefined)
  )
}
