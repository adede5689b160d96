/** Subsets a split needs: what a destination rule must know before a route can send to it. */
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
