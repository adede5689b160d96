/** Labels Istio's proxies write, grouped as our queries need them. https://istio.io/latest/docs/reference/config/metrics/ */

/** The calling end. */
export const SOURCE_LABELS = [
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'source_canonical_service',
  'source_canonical_revision',
] as const

/** The called end: the service asked for and the workload that answered. */
export const DESTINATION_LABELS = [
  'destination_cluster',
  'destination_service_namespace',
  'destination_service',
  'destination_service_name',
  'destination_workload_namespace',
  'destination_workload',
  'destination_canonical_service',
  'destination_canonical_revision',
] as const

export const END_LABELS = [...SOURCE_LABELS, ...DESTINATION_LABELS] as const

/** One query by these gives rates, errors, codes, flags and mTLS together, from all reporters. */
export const REQUEST_LABELS = [
  'reporter',
  ...END_LABELS,
  'request_protocol',
  'response_code',
  'grpc_response_status',
  'response_flags',
  'connection_security_policy',
] as const

/** `app` is the pod that reported: it tells the node proxies of ambient mode from sidecars. */
export const TCP_LABELS = [
  'reporter',
  'app',
  ...END_LABELS,
  'response_flags',
  'connection_security_policy',
] as const

export const LATENCY_LABELS = ['reporter', ...END_LABELS, 'request_protocol'] as const

/** `app` label of node proxies: https://github.com/istio/istio/tree/master/manifests/charts/ztunnel */
export const ZTUNNEL_APP = 'ztunnel'
