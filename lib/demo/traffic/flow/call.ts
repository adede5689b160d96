/** One call as the configuration sends it: who decides, where it may go, what happens to it there. */
import type { CallSpec, ExternalSpec, WireProtocol } from '@/lib/demo/model'
import type { Outlier, Pool } from '../config/destination-rules'
import type { WorkloadState } from '../config/registry'
import type { Fault, Retries } from '../config/rules'

export interface WireRequest {
  protocol: WireProtocol
  /** Host header or authority */
  host: string
  port: number
  method: string
  path: string
  /** names in lower case */
  headers: Record<string, string>
}

/** The caller, and the proxy that speaks for it. */
export interface Client {
  /** null: somebody outside the mesh, without a proxy */
  workload: WorkloadState | null
  /** `waypoint`: an L7 proxy in front of the service decides for an ambient caller */
  via: 'sidecar' | 'gateway' | 'waypoint' | 'ztunnel' | 'none'
  waypoint: WorkloadState | null
}

/** The service as proxies write it into labels. */
export interface ServiceLabels {
  host: string
  name: string
  namespace: string
}

export interface Call {
  client: Client
  request: WireRequest
  /** what was asked for, before any route */
  service: ServiceLabels
  fault: Fault | null
  timeoutMs: number | null
  retries: Retries
  /** shares add up to 1 */
  branches: Branch[]
  mirrors: { ratio: number; branch: Branch }[]
}

export interface Branch {
  share: number
  service: ServiceLabels
  /** name of the proxy's cluster, as traces show it */
  clusterName: string
  request: WireRequest
  target: Target
}

export type Target =
  /** answered by the caller's proxy itself */
  | { kind: 'local'; status: number; flags: string }
  /** outside the cluster; `spec` null: nobody answers there */
  | { kind: 'external'; spec: ExternalSpec | null; accepts: boolean }
  | {
      kind: 'pods'
      members: Member[]
      pool: Pool | null
      outlier: Outlier | null
      feedbackKey: string | null
    }

/** One workload behind a service. */
export interface Member {
  workload: WorkloadState
  /** index of its endpoint's node; `unknown`: listens, but not for this path; null: does not listen */
  node: number | 'unknown' | null
  /** what a gateway makes of the call */
  next: Call | null
  connection: 'accepted' | 'refused' | 'failed'
  mutual: boolean
  /** who said no, when somebody did: the proxy's HTTP filters or its connection filters */
  denied: 'http' | 'connection' | null
  deniedBy: string | null
}

/** What an application asks for, or an entry. */
export type Wanted = Pick<CallSpec, 'target' | 'port' | 'method' | 'path' | 'headers'> & { host?: string }
