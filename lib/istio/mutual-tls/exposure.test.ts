import { describe, expect, it } from 'vitest'
import { inventory, podOf, service, workload } from '@/tests/support/graph/samples'
import type { PodInventory, ServiceInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import type { MtlsMode } from '../mtls'
import { portUses } from './exposure'

const port = (number: number) => ({
  name: 'http',
  port: 80,
  targetPort: String(number),
  protocol: 'TCP',
  appProtocol: null,
})

function usesOf(
  parts: Partial<WorkloadInventory>,
  more: {
    pod?: Partial<PodInventory>
    service?: Partial<ServiceInventory>
    meshConfig?: Record<string, unknown>
    after?: MtlsMode
  } = {},
) {
  const api = workload('api', parts)
  const index = indexInventory(
    inventory({
      workloads: [api],
      pods: [podOf(api, more.pod)],
      services: [service('api', { ports: [port(8080)], ...more.service })],
      meshConfig: more.meshConfig ?? null,
    }),
  )
  const after = more.after ?? 'STRICT'
  const changes = [null, 8080].map((each) => ({
    workload: api,
    port: each,
    before: 'PERMISSIVE' as const,
    after,
    isEnforced: true,
  }))
  return portUses(index, changes).map(({ by, port: used, isRefused }) => [by, used, isRefused])
}

const probe = (handler: 'http' | 'tcp' | 'grpc', number: number | null = 8080) => ({
  probes: [{ kind: 'readiness' as const, handler, port: number }],
})
const KEPT = { podAnnotations: { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' } }
const AMBIENT = { hasSidecar: false, isAmbient: true }
const scraped = (more: Record<string, string> = {}) => ({
  podAnnotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9102', ...more },
})

describe('portUses', () => {
  it.each<[string, Parameters<typeof usesOf>, unknown[]]>([
    ['nothing', [{}], []],
    ['a probe the injector rewrote', [probe('http')], [['probe', 8080, false]]],
    ['a probe that still asks the application', [{ ...probe('http'), ...KEPT }], [['probe', 8080, true]]],
    ['the same by gRPC', [{ ...probe('grpc'), ...KEPT }], [['probe', 8080, true]]],
    [
      'a probe that only connects reaches the proxy',
      [{ ...probe('tcp'), ...KEPT }],
      [['probe', 8080, false]],
    ],
    ['ztunnel lets probes pass', [{ ...probe('http'), ...KEPT }, { pod: AMBIENT }], [['probe', 8080, false]]],
    ['a port nobody knows', [{ ...probe('http', null), ...KEPT }], [['probe', null, true]]],
    ['metrics by way of the proxy', [scraped()], [['metrics', 9102, false]]],
    [
      'metrics from the application: merging is off for it',
      [scraped({ 'prometheus.istio.io/merge-metrics': 'false' })],
      [['metrics', 9102, true]],
    ],
    [
      'merging is off in the mesh',
      [scraped(), { meshConfig: { enablePrometheusMerge: false } }],
      [['metrics', 9102, true]],
    ],
    ['ambient merges nothing', [scraped(), { pod: AMBIENT }], [['metrics', 9102, true]]],
    ['callers from outside', [{}, { service: { type: 'LoadBalancer' } }], [['outside', 8080, true]]],
    ['the same by node port', [{}, { service: { type: 'NodePort' } }], [['outside', 8080, true]]],
    [
      'what is refused comes first',
      [probe('http'), { service: { type: 'NodePort' } }],
      [
        ['outside', 8080, true],
        ['probe', 8080, false],
      ],
    ],
    ['another mode than STRICT', [{ ...probe('http'), ...KEPT }, { after: 'DISABLE' }], []],
  ])('%s', (_name, args, want) => {
    expect(usesOf(...args)).toEqual(want)
  })
})
