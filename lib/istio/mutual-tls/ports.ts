/** The ports of a workload as services name them. */
import type { ServiceInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import type { Protocol } from '@/lib/mesh/traffic'

export interface ServedPort {
  service: ServiceInventory
  servicePort: number
  /** container port; null: the service names it, and the pod template does not say which that is */
  port: number | null
  /** null: found out by looking at the traffic */
  protocol: Protocol | null
}

/** Ports of a workload that services lead to, by service and port. */
export function servedPorts(index: InventoryIndex, workload: WorkloadInventory): ServedPort[] {
  return (index.servicesOfWorkload.get(`${workload.namespace}/${workload.name}`) ?? []).flatMap((service) =>
    service.ports
      .filter(({ protocol }) => protocol === 'TCP' || protocol === '')
      .map((each) => ({
        service,
        servicePort: each.port,
        port: containerPort(each.targetPort, each.port, workload.namedPorts),
        protocol: protocolOf(each.appProtocol ?? each.name),
      })),
  )
}

function containerPort(
  target: string | null,
  port: number,
  named: Readonly<Record<string, number>> = {},
): number | null {
  if (target === null || target === '') return port
  return /^\d+$/.test(target) ? Number(target) : (named[target] ?? null)
}

const L7: Readonly<Record<string, Protocol>> = {
  http: 'http',
  http2: 'http',
  'kubernetes.io/h2c': 'http',
  grpc: 'grpc',
  'grpc-web': 'grpc',
}

/**
 * Protocol by `appProtocol` or by the name's first word.
 * https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
function protocolOf(name: string | null): Protocol | null {
  if (name === null || name === '') return null
  const plain = name.toLowerCase()
  const known = L7[plain] ?? (plain.startsWith('grpc-web') ? 'grpc' : L7[plain.split('-')[0] ?? ''])
  if (known) return known
  return /^(tcp|tls|https|mongo|mysql|redis)(-|$)/.test(plain) ? 'tcp' : null
}
