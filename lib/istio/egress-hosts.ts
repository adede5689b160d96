/** What a Sidecar lets its proxies know: https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener */
import { hostMatches } from './hosts'

export interface EgressHost {
  host: string
  /** the service's; null for an outside host, which any namespace may import */
  namespace: string | null
}

/** Whether one of the patterns `namespace/host` lets a proxy of namespace `own` know a host. */
export function isImported(
  patterns: readonly string[],
  own: string,
  { host, namespace }: EgressHost,
): boolean {
  return patterns.some((pattern) => {
    const [where, name] = pattern.includes('/') ? pattern.split('/', 2) : ['*', pattern]
    if (where === '~' || name === undefined) return false
    const isThere =
      where === '*' || namespace === null || (where === '.' ? own === namespace : where === namespace)
    return isThere && hostMatches(name, host)
  })
}
