/**
 * Who else uses a port, beside the callers that telemetry counts: the kubelet's probes, scrapes of metrics, callers
 * from outside the cluster.
 * Sources: https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/,
 * https://istio.io/latest/docs/ops/integrations/prometheus/
 */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { dataPlaneOf } from '../data-plane'
import { servedPorts } from './ports'
import type { ModeChange } from './proposal'

export interface PortUse {
  workload: WorkloadInventory
  /** container port; null: a name that no container port bears */
  port: number | null
  by: 'probe' | 'metrics' | 'outside'
  /** true: STRICT turns it away */
  isRefused: boolean
  reason: string
}

/** Uses of the ports that become STRICT, those that would be refused first. */
export function portUses(index: InventoryIndex, changes: readonly ModeChange[]): PortUse[] {
  const byWorkload = new Map<WorkloadInventory, ModeChange[]>()
  for (const change of changes) {
    if (!change.isEnforced) continue
    byWorkload.set(change.workload, [...(byWorkload.get(change.workload) ?? []), change])
  }
  return [...byWorkload]
    .flatMap(([workload, own]) => {
      // ports that are not listed go by the row of no port
      const modeOf = (port: number | null) =>
        (own.find((change) => change.port === port) ?? own.find((change) => change.port === null))?.after
      return [...probes(index, workload), ...scrapes(index, workload), ...outside(index, workload)].filter(
        ({ port }) => modeOf(port) === 'STRICT',
      )
    })
    .sort((a, b) => Number(b.isRefused) - Number(a.isRefused))
}

/** The injector points HTTP, gRPC and TCP probes at the proxy; an annotation keeps them at the application. */
function probes(index: InventoryIndex, workload: WorkloadInventory): PortUse[] {
  const isAmbient = dataPlaneOf(workload, index) === 'ambient'
  const isKept = workload.podAnnotations['sidecar.istio.io/rewriteAppHTTPProbers'] === 'false'
  const seen = new Set<string>()
  return (workload.probes ?? []).flatMap(({ handler, port, kind }): PortUse[] => {
    const key = `${handler} ${port}`
    if (seen.has(key)) return []
    seen.add(key)
    const what = `The ${kind} probe (${handler}) of ${workload.name}`
    const use = (isRefused: boolean, words: string): PortUse[] => [
      { workload, port, by: 'probe', isRefused, reason: `${what} ${words}.` },
    ]
    if (isAmbient) return use(false, 'passes ztunnel whatever the mode')
    if (!isKept) return use(false, 'is rewritten to ask the proxy, so STRICT does not stop it')
    return handler === 'tcp'
      ? use(false, 'only opens a connection, which the proxy accepts whatever the mode')
      : use(
          true,
          'is not rewritten (sidecar.istio.io/rewriteAppHTTPProbers: "false"), so STRICT makes it fail',
        )
  })
}

function scrapes(index: InventoryIndex, workload: WorkloadInventory): PortUse[] {
  const { podAnnotations } = workload
  if (podAnnotations['prometheus.io/scrape'] !== 'true') return []
  const text = podAnnotations['prometheus.io/port'] ?? ''
  const port = /^\d+$/.test(text) ? Number(text) : 80
  const isMerged =
    dataPlaneOf(workload, index) === 'sidecar' &&
    index.inventory.meshConfig?.enablePrometheusMerge !== false &&
    podAnnotations['prometheus.istio.io/merge-metrics'] !== 'false'
  const reason = isMerged
    ? `Metrics of ${workload.name} are scraped from the proxy, which STRICT does not stop.`
    : `Metrics of ${workload.name} are scraped from port ${port} itself: a Prometheus without a proxy would be refused.`
  return [{ workload, port, by: 'metrics', isRefused: !isMerged, reason }]
}

function outside(index: InventoryIndex, workload: WorkloadInventory): PortUse[] {
  return servedPorts(index, workload).flatMap(({ service, servicePort, port }): PortUse[] => {
    if (service.type !== 'NodePort' && service.type !== 'LoadBalancer') return []
    return [
      {
        workload,
        port,
        by: 'outside',
        isRefused: true,
        reason: `Service ${service.namespace}/${service.name} is of type ${service.type}: callers from outside the cluster reach port ${servicePort} without an identity and would be refused.`,
      },
    ]
  })
}
