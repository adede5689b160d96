/** How the endpoints of an Envoy fare, read from `/clusters?format=json` of its administration. */
import { addressOf, number, record, records, text, type Wire } from './wire'

export interface ProxyEndpoint {
  cluster: string
  address: string
  health: 'healthy' | 'unhealthy' | 'degraded' | 'unknown'
  /** what made it unhealthy; null when healthy */
  reason: string | null
  weight: number | null
  locality: string | null
  /** since the proxy knows it */
  requests: number | null
  errors: number | null
}

/** Endpoints of `/clusters?format=json` with how they fare. */
export function readEndpoints(body: unknown): ProxyEndpoint[] {
  return records(record(body).cluster_statuses).flatMap((cluster) => {
    const name = text(cluster.name) ?? ''
    return records(cluster.host_statuses).map((host): ProxyEndpoint => {
      const stats = new Map(records(host.stats).map((stat) => [text(stat.name), number(stat.value)]))
      const status = record(host.health_status)
      const { health, reason } = healthOf(status)
      const locality = record(host.locality)
      const place = [locality.region, locality.zone, locality.sub_zone].flatMap((part) => text(part) ?? [])
      return {
        cluster: name,
        address: addressOf(host.address) ?? '?',
        health,
        reason,
        weight: number(host.weight),
        locality: place.length === 0 ? null : place.join('/'),
        // Envoy leaves out what is 0
        requests: stats.has('rq_total') ? (stats.get('rq_total') ?? 0) : null,
        errors: stats.has('rq_error') ? (stats.get('rq_error') ?? 0) : null,
      }
    })
  })
}

function healthOf(status: Wire): Pick<ProxyEndpoint, 'health' | 'reason'> {
  if (status.failed_outlier_check === true) {
    return { health: 'unhealthy', reason: 'ejected: it failed too often (outlier detection)' }
  }
  if (status.failed_active_health_check === true)
    return { health: 'unhealthy', reason: 'failed its health check' }
  const eds = text(status.eds_health_status)
  switch (eds) {
    case 'HEALTHY':
      return { health: 'healthy', reason: null }
    case 'UNHEALTHY':
      return { health: 'unhealthy', reason: 'not ready, says istiod' }
    case 'DRAINING':
      return { health: 'unhealthy', reason: 'shutting down, says istiod' }
    case 'DEGRADED':
      return { health: 'degraded', reason: 'degraded, says istiod' }
    case 'TIMEOUT':
      return { health: 'unhealthy', reason: 'its health check timed out' }
    default:
      return { health: eds === null ? 'healthy' : 'unknown', reason: null }
  }
}

/** How many endpoints a cluster has, and how many of them take requests; null while they could not be read. */
export interface EndpointCounts {
  endpoints: number | null
  healthyEndpoints: number | null
}

/** Counts by cluster. `endpoints` null: not known, which is not none. */
export function endpointCounts(
  endpoints: readonly ProxyEndpoint[] | null,
): (cluster: string) => EndpointCounts {
  if (endpoints === null) return () => ({ endpoints: null, healthyEndpoints: null })
  const counts = new Map<string, { endpoints: number; healthyEndpoints: number }>()
  for (const { cluster, health } of endpoints) {
    const count = counts.get(cluster) ?? { endpoints: 0, healthyEndpoints: 0 }
    count.endpoints += 1
    if (health === 'healthy') count.healthyEndpoints += 1
    counts.set(cluster, count)
  }
  return (cluster) => counts.get(cluster) ?? { endpoints: 0, healthyEndpoints: 0 }
}
