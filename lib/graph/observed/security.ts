/** How traffic into workloads was secured, as the called side saw it. */
import type { Protocol } from '@/lib/mesh/traffic'
import { quantizeRate, ratioOf, roundRate } from '../quantum'
import type { Flow, ServiceEnd, Topology } from '../types'

/** One caller's traffic to one workload through one service. */
export interface SecuredFlow {
  /** `cluster/namespace/workload` */
  target: string
  /** null: the caller named none */
  service: Pick<ServiceEnd, 'namespace' | 'name'> | null
  protocol: Protocol
  caller: { cluster: string | null; namespace: string | null; workload: string | null }
  /** in one unit within a protocol: requests, or bytes */
  known: number
  mutual: number
  /** of the part in plain text; null for tcp */
  plainRequestsPerSecond: number | null
  /** of the part in plain text; null for requests */
  plainConnectionsPerSecond: number | null
}

export interface ObservedSecurity {
  /** 0..1; null: nothing was observed */
  mtlsRatio: number | null
  /** most requests first, each caller once per protocol */
  plaintextCallers: {
    cluster: string | null
    namespace: string | null
    workload: string | null
    protocol: Protocol
    requestsPerSecond: number | null
    connectionsPerSecond: number | null
  }[]
}

/** Flows whose security is known; a caller without identity has nulls for its name. */
export function securedFlows(topology: Topology): SecuredFlow[] {
  return topology.flows.flatMap((flow): SecuredFlow[] => {
    const target = flow.target === null ? undefined : topology.ends[flow.target]
    const source = topology.ends[flow.source]
    if (!source || target?.kind !== 'workload' || target.workload === null || flow.secured.known <= 0)
      return []
    const service = flow.service === null ? undefined : topology.services[flow.service]
    const isUnknown = source.kind === 'unknown'
    return [
      {
        target: workloadKey(target.cluster, target.namespace, target.workload),
        service: service ? { namespace: service.namespace, name: service.name } : null,
        protocol: flow.protocol,
        caller: {
          cluster: isUnknown ? null : source.cluster,
          namespace: isUnknown ? null : source.namespace,
          workload: isUnknown ? null : (source.workload ?? source.app),
        },
        ...flow.secured,
        ...plainPart(flow),
      },
    ]
  })
}

export function workloadKey(cluster: string, namespace: string, workload: string): string {
  return `${cluster}/${namespace}/${workload}`
}

/** The share of mutual TLS over flows, requests and bytes apart: where both flow, requests speak. */
export function sumSecurity(flows: readonly SecuredFlow[]): ObservedSecurity {
  const requests = flows.filter((flow) => flow.protocol !== 'tcp')
  const counted = requests.length > 0 ? requests : flows
  const callers = new Map<string, ObservedSecurity['plaintextCallers'][number]>()
  for (const flow of flows) {
    if (flow.mutual >= flow.known) continue
    const { cluster, namespace, workload } = flow.caller
    const key = `${cluster}\n${namespace}\n${workload}\n${flow.protocol}`
    const seen = callers.get(key)
    callers.set(key, {
      ...flow.caller,
      protocol: flow.protocol,
      requestsPerSecond: plus(seen?.requestsPerSecond, flow.plainRequestsPerSecond),
      connectionsPerSecond: plus(seen?.connectionsPerSecond, flow.plainConnectionsPerSecond),
    })
  }
  const sum = (of: (flow: SecuredFlow) => number) => counted.reduce((total, flow) => total + of(flow), 0)
  return {
    mtlsRatio: ratioOf(
      sum((flow) => flow.mutual),
      sum((flow) => flow.known),
    ),
    plaintextCallers: [...callers.entries()]
      .sort(([a, one], [b, other]) => rateOf(other) - rateOf(one) || (a < b ? -1 : 1))
      .map(([, caller]) => ({
        ...caller,
        requestsPerSecond: caller.requestsPerSecond === null ? null : roundRate(caller.requestsPerSecond),
        connectionsPerSecond:
          caller.connectionsPerSecond === null ? null : roundRate(caller.connectionsPerSecond),
      })),
  }
}

function plainPart(flow: Flow): Pick<SecuredFlow, 'plainRequestsPerSecond' | 'plainConnectionsPerSecond'> {
  const share = 1 - flow.secured.mutual / flow.secured.known
  const part = (rate: number | null) => (rate === null ? null : quantizeRate(rate * share))
  const isTcp = flow.protocol === 'tcp'
  return {
    plainRequestsPerSecond: isTcp ? null : part(flow.requestsPerSecond),
    plainConnectionsPerSecond: isTcp ? part(flow.connectionsPerSecond) : null,
  }
}

function plus(sum: number | null | undefined, rate: number | null): number | null {
  return rate === null ? (sum ?? null) : (sum ?? 0) + rate
}

function rateOf(caller: ObservedSecurity['plaintextCallers'][number]): number {
  return caller.requestsPerSecond ?? caller.connectionsPerSecond ?? 0
}
