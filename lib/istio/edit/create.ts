/** New objects for a service that has none of a kind yet. */
import { serviceHost } from '@/lib/istio/hosts'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asList, getAt, setAt } from './fields'

export interface ServiceName {
  namespace: string
  name: string
}

/** Everything to the service as before: a rule to build on. */
export function newVirtualService({ namespace, name }: ServiceName): ConfigObject {
  const host = serviceHost(name, namespace)
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace },
    spec: { hosts: [host], http: [{ route: [{ destination: { host } }] }] },
  }
}

export function newDestinationRule({ namespace, name }: ServiceName): ConfigObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name, namespace },
    spec: { host: serviceHost(name, namespace) },
  }
}

/** A route of the Gateway API for requests within the mesh: its parent is the service itself. */
export function newHttpRoute({ namespace, name }: ServiceName, port: number): ConfigObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name, port }],
      rules: [{ backendRefs: [{ name, port }] }],
    },
  }
}

/** Subsets a destination rule defines, with their labels. */
export function subsetsOf(rule: ConfigObject): { name: string; labels: Record<string, string> }[] {
  return asList(getAt(rule, ['spec', 'subsets'])).flatMap((subset) => {
    const { name, labels } = asFields(subset)
    if (typeof name !== 'string') return []
    const texts = Object.entries(asFields(labels)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    )
    return [{ name, labels: Object.fromEntries(texts) }]
  })
}

/** The destination rule with a subset of that name; one that exists stays as it is. */
export function withSubset(
  rule: ConfigObject,
  name: string,
  labels: Readonly<Record<string, string>>,
): ConfigObject {
  if (subsetsOf(rule).some((subset) => subset.name === name)) return rule
  return setAt(rule, ['spec', 'subsets'], [...asList(getAt(rule, ['spec', 'subsets'])), { name, labels }])
}
