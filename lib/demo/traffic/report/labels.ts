/**
 * Labels of Istio's standard metrics, as the proxies of one call write them.
 * https://istio.io/latest/docs/reference/config/metrics/#labels
 */
import type { WorkloadState } from '../config/registry'
import type { Call, ServiceLabels } from '../flow/call'
import type { FarSide, Outcome } from '../flow/outcome'

export type Labels = Record<string, string>

const UNKNOWN = 'unknown'

function sourceLabels(workload: WorkloadState | null, isSecure: boolean): Labels {
  const spec = workload?.spec
  return {
    source_workload: spec?.name ?? UNKNOWN,
    source_workload_namespace: spec?.namespace ?? UNKNOWN,
    source_principal: (isSecure ? workload?.principal : null) ?? UNKNOWN,
    source_app: spec?.app ?? UNKNOWN,
    source_version: word(spec?.version),
    source_cluster: spec?.cluster ?? UNKNOWN,
    source_canonical_service: spec?.app ?? UNKNOWN,
    source_canonical_revision: revision(spec?.version),
  }
}

function destinationLabels(
  workload: WorkloadState | null,
  service: ServiceLabels,
  isSecure: boolean,
): Labels {
  const spec = workload?.spec
  return {
    destination_workload: spec?.name ?? UNKNOWN,
    destination_workload_namespace: spec?.namespace ?? UNKNOWN,
    destination_principal: (isSecure ? workload?.principal : null) ?? UNKNOWN,
    destination_app: spec?.app ?? UNKNOWN,
    destination_version: word(spec?.version),
    destination_service: service.host,
    destination_service_name: service.name,
    destination_service_namespace: service.namespace,
    destination_cluster: spec?.cluster ?? UNKNOWN,
    destination_canonical_service: spec?.app ?? UNKNOWN,
    destination_canonical_revision: revision(spec?.version),
  }
}

function word(value: string | undefined): string {
  return value === undefined || value === '' ? UNKNOWN : value
}

/** Istio's own fallback: a workload without a version is its latest. */
function revision(value: string | undefined): string {
  return value === undefined || value === '' ? 'latest' : value
}

/** What the caller's proxy, or the waypoint for it, writes. */
export function nearLabels(call: Call, outcome: Outcome): Labels {
  const isWaypoint = call.client.via === 'waypoint'
  const secure = outcome.member?.mutual ?? false
  return {
    reporter: isWaypoint ? 'waypoint' : 'source',
    ...sourceLabels(call.client.workload, secure || isWaypoint),
    ...destinationLabels(outcome.member?.workload ?? null, outcome.branch.service, secure),
    request_protocol: outcome.branch.request.protocol,
    // a source proxy cannot tell what became of its connection
    connection_security_policy: isWaypoint ? 'mutual_tls' : UNKNOWN,
    ...resultLabels(outcome),
  }
}

/** What the callee's sidecar writes: a caller without a proxy has no name there. */
export function farLabels(call: Call, outcome: Outcome, far: FarSide): Labels {
  const mutual = outcome.member?.mutual ?? false
  return {
    reporter: 'destination',
    ...sourceLabels(knownCaller(call, outcome), mutual),
    ...destinationLabels(outcome.member?.workload ?? null, outcome.branch.service, mutual),
    request_protocol: outcome.branch.request.protocol,
    connection_security_policy: mutual ? 'mutual_tls' : 'none',
    ...resultLabels(far),
  }
}

/** Proxies tell each other who they are: inside mTLS always, in plain text only with HTTP. */
function knownCaller(call: Call, outcome: Outcome): WorkloadState | null {
  const { client } = call
  if (client.via === 'none') return null
  const isKnown = (outcome.member?.mutual ?? false) || outcome.branch.request.protocol !== 'tcp'
  return isKnown ? (client.waypoint ?? client.workload) : null
}

function resultLabels(result: { code: string; grpc: string | null; flags: string }): Labels {
  const labels: Labels = { response_flags: result.flags }
  if (result.code !== '') labels.response_code = result.code
  if (result.grpc !== null) labels.grpc_response_status = result.grpc
  return labels
}

/** What a node's ztunnel writes about bytes between two workloads. */
export function tunnelLabels(
  reporter: 'source' | 'destination',
  source: WorkloadState | null,
  destination: WorkloadState | null,
  service: ServiceLabels,
  flags: string,
  isSecure: boolean,
): Labels {
  return {
    reporter,
    ...sourceLabels(source, isSecure),
    ...destinationLabels(destination, service, isSecure),
    request_protocol: 'tcp',
    connection_security_policy: isSecure ? 'mutual_tls' : UNKNOWN,
    response_flags: flags,
  }
}

export interface PodIdentity {
  name: string
  ip: string
}

/** Labels that the scrape adds: one pod stands for all of its workload, to keep the number of series small. */
export function scrapeLabels(workload: WorkloadState, pod: PodIdentity): Labels {
  return {
    job: 'kubernetes-pods',
    app: workload.spec.role === 'ztunnel' ? 'ztunnel' : workload.spec.app,
    namespace: workload.spec.namespace,
    pod: pod.name,
    instance: `${pod.ip}:15020`,
  }
}
