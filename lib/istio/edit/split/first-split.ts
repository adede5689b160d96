/** The first split of a service: the objects that let its requests be shared between versions. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, writtenBackend, type Fields } from './rule'

interface ServiceName {
  namespace: string
  service: string
}

export interface Subset {
  name: string
  labels: Record<string, string>
}

/** A destination rule with one subset more; of null a new one for the service. A subset of that name stays as it is. */
export function withSubset(
  rule: ConfigObject | null,
  { namespace, service }: ServiceName,
  subset: Subset,
): ConfigObject {
  if (!rule) {
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: service, namespace },
      spec: { host: service, subsets: [subset] },
    }
  }
  const spec = asFields(rule.spec)
  const subsets: unknown[] = Array.isArray(spec.subsets) ? spec.subsets : []
  const isThere = subsets.some((one) => asFields(one).name === subset.name)
  return isThere ? rule : { ...rule, spec: { ...spec, subsets: [...subsets, subset] } }
}

/** How the requests of a service are to be shared, and by what. */
export interface FirstSplit extends ServiceName {
  /** weights in the order of the versions */
  versions: { subset: string; service: string | null; weight: number }[]
  port: number | null
  /** requests with this header go to that version (place), whatever the weights */
  testers: { header: string; value: string; place: number } | null
  /** `percent` of the requests are copied to that version (place) */
  mirror: { percent: number; place: number } | null
}

/** A virtual service for callers in the mesh that shares a service's requests between subsets. */
export function firstVirtualService(split: FirstSplit): ConfigObject {
  const { namespace, service, versions, testers, mirror } = split
  const to = (place: number) =>
    writtenBackend('istio', {
      host: service,
      namespace: null,
      subset: versions[place]?.subset ?? null,
      port: null,
    })
  const shared: Fields = {
    route: versions.map(({ weight }, place) => ({ ...to(place), weight })),
    ...(mirror ? { mirror: to(mirror.place).destination, mirrorPercentage: { value: mirror.percent } } : {}),
  }
  const first: Fields[] = testers
    ? [
        {
          name: 'testers',
          match: [{ headers: { [testers.header.toLowerCase()]: { exact: testers.value } } }],
          route: [to(testers.place)],
        },
      ]
    : []
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: service, namespace },
    spec: { hosts: [service], http: [...first, shared] },
  }
}

/** An HTTPRoute on the service itself that shares its requests between services of one version each. */
export function firstHttpRoute(split: FirstSplit): ConfigObject {
  const { namespace, service, versions, port, testers, mirror } = split
  const to = (place: number) =>
    writtenBackend('gateway', {
      host: versions[place]?.service ?? `${service}-${versions[place]?.subset}`,
      namespace: null,
      subset: null,
      port,
    })
  const filters = mirror
    ? [
        {
          type: 'RequestMirror',
          requestMirror: { backendRef: to(mirror.place), percent: mirror.percent },
        },
      ]
    : []
  const everything = { path: { type: 'PathPrefix', value: '/' } }
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: service, namespace },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: service, ...(port === null ? {} : { port }) }],
      rules: [
        ...(testers
          ? [
              {
                matches: [
                  { ...everything, headers: [{ type: 'Exact', name: testers.header, value: testers.value }] },
                ],
                backendRefs: [to(testers.place)],
              },
            ]
          : []),
        {
          matches: [everything],
          ...(filters.length > 0 ? { filters } : {}),
          backendRefs: versions.map(({ weight }, place) => ({ ...to(place), weight })),
        },
      ],
    },
  }
}

/** A service of one version: what a route of the Gateway API needs in the place of a subset. */
export function versionService(
  { namespace, service }: ServiceName,
  version: Subset,
  ports: readonly { port: number; name: string | null; protocol: string }[],
  selector: Readonly<Record<string, string>>,
): ConfigObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${service}-${version.name}`, namespace, labels: { app: service } },
    spec: {
      selector: { ...selector, ...version.labels },
      ports: ports.map(({ port, name, protocol }) => ({
        ...(name === null ? {} : { name }),
        port,
        protocol,
      })),
    },
  }
}
