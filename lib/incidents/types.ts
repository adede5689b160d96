/** Incidents: failing things that belong together, where they seem to begin, and whom they hurt. */
import type { Graph } from '@/lib/graph/types'
import type { NodeKind } from '@/lib/mesh/identity'
import type { HealthStatus, LatencyBaseline } from '@/lib/health/types'

export interface IncidentInput {
  /** all workloads and what they ask for, idle ones too, without service nodes and without any filter */
  graph: Graph
  /** usual P95 by node id; what is missing cannot be judged slow */
  baselines: ReadonlyMap<string, LatencyBaseline>
  members: MemberLookup
}

/** Who stands behind a service, from selectors and from who answered. Node ids, sorted. */
export interface MemberLookup {
  workloadsOf(service: PlaceRef): readonly string[]
  servicesOf(workload: PlaceRef): readonly string[]
}

export interface PlaceRef {
  kind: NodeKind
  cluster: string
  namespace: string
  name: string
}

/**
 * How a suspect fails. `errors`: it answers with errors; `latency`: it answers late; `refused`: connections to it
 * break before an answer; `no-endpoint`: nothing healthy stands behind it; `blocked`: what leaves the mesh is
 * stopped; `no-route`: it sends to where no route leads; `replicas`: its pods are not as they should be.
 */
export const SYMPTOMS = [
  'errors',
  'latency',
  'refused',
  'no-endpoint',
  'blocked',
  'no-route',
  'replicas',
] as const
export type Symptom = (typeof SYMPTOMS)[number]

export const EVIDENCE_UNITS = ['ratio', 'requests/s', 'connections/s', 'ms', 'count'] as const

/** One claim with its number; the message holds the number with its unit. */
export interface Evidence {
  /** stable, kebab-case */
  code: string
  message: string
  value: number
  unit: (typeof EVIDENCE_UNITS)[number]
}

export interface Suspect extends PlaceRef {
  id: string
  version: string | null
  symptom: Symptom
  /** share of the incident's own failures that begin here, 0..1; the suspects of an incident add up to 1 */
  score: number
  /** strongest first, never empty */
  evidence: Evidence[]
  /** node of the graph at which its failure is measured: the service, where requests never reach the workload */
  observedOn: string
}

export interface Reached extends PlaceRef {
  id: string
  /** asks the origin itself, without anybody between */
  isDirect: boolean
  status: HealthStatus
  /** what it sends into the incident: requests per second, connections where it sends no requests */
  requestsPerSecond: number
  /** of these, what failed or was slow because of this incident */
  hurtPerSecond: number
}

export interface FlagShare {
  flags: string
  /** what they mean; empty for an answer without flags */
  words: string
  /** response code, `-` for TCP */
  code: string
  perSecond: number
}

export interface IncidentEdge {
  source: string
  target: string
  protocol: 'http' | 'grpc' | 'tcp'
  /** connections per second for tcp */
  requestsPerSecond: number
  failedPerSecond: number
  p95Ms: number | null
  status: HealthStatus
}

export interface Incident {
  /** the same for as long as the incident has this origin and symptom */
  id: string
  status: 'failing' | 'degraded'
  symptom: Symptom
  /** `reviews-v3 fails 12 % of requests (limit 10 %)`: no time, no callers */
  headline: string
  /** most suspected first, never empty: the first is the suspected origin */
  suspects: Suspect[]
  /** workloads and unknown callers upstream of the origin, most hurt first */
  callers: Reached[]
  /** where requests enter the mesh (gateways, workloads nobody calls) and are hurt, most hurt first */
  entryPoints: Reached[]
  /** requests and connections per second that enter at `entryPoints` and are hurt */
  hurtPerSecond: number
  /** of all requests that enter the mesh, the share that is hurt, 0..1; null when none enters */
  hurtRatio: number | null
  /** how the failing requests ended at the origin, most frequent first */
  flags: FlagShare[]
  /** everything that belongs to it, suspects included, sorted */
  nodes: string[]
  edges: IncidentEdge[]
}
