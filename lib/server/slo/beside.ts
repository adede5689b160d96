import 'server-only'
import { servicesBeside } from '@/lib/mesh/inventory-index'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { servicesBesideQuery, type ServiceName } from '@/lib/prometheus/istio/objectives'
import { currentInventories, type Upstreams } from '../upstreams'

const FRESH_MS = 10 * 60_000

/**
 * Other services before the pods of these, sorted: as Kubernetes says, or, where none is read, as callers do now.
 * Throws UpstreamError.
 */
export async function findServicesBeside(
  up: Upstreams,
  services: readonly ServiceName[],
): Promise<readonly ServiceName[]> {
  const inventories = currentInventories(up.inventories)
  if (inventories.length > 0) return servicesBeside(inventories, services)
  const name = `services beside ${services.map(keyOf).sort().join()}`
  return up.memory.get(name, FRESH_MS, () => askedOfTheSame(up, services))
}

async function askedOfTheSame(up: Upstreams, services: readonly ServiceName[]): Promise<ServiceName[]> {
  const own = new Set(services.map(keyOf))
  const { scope } = up.config.prometheus
  const time = up.clock.now() - up.config.refresh.lagMs
  try {
    const { samples } = await up.prometheus.instant(servicesBesideQuery({ services, scope }), { time })
    return samples
      .map(({ labels }) => ({
        namespace: labels.destination_service_namespace ?? '',
        name: labels.destination_service_name ?? '',
      }))
      .filter((one) => !own.has(keyOf(one)))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  } catch (error) {
    // objectives of a mesh too large for this question are measured all the same
    if (isUpstreamError(error) && error.kind === 'query') return []
    throw error
  }
}

function keyOf({ namespace, name }: ServiceName): string {
  return `${namespace}/${name}`
}
