/** The first split of a service: the objects that let its requests be shared between versions. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields } from './rule'

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
