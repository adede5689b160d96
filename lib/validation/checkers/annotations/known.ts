/**
 * The annotations Istio knows: where each belongs and how it stands.
 * Source: istio/api annotation/annotations.yaml
 */

export type Holder =
  | 'Any'
  | 'AuthorizationPolicy'
  | 'Gateway'
  | 'GatewayClass'
  | 'Ingress'
  | 'Namespace'
  | 'Pod'
  | 'Service'
  | 'ServiceEntry'
  | 'WorkloadEntry'

export interface KnownAnnotation {
  holders: readonly Holder[]
  isDeprecated: boolean
  isAlpha: boolean
}

const alpha = (...holders: Holder[]): KnownAnnotation => ({ holders, isDeprecated: false, isAlpha: true })
const stable = (...holders: Holder[]): KnownAnnotation => ({ holders, isDeprecated: false, isAlpha: false })
const deprecated = (known: KnownAnnotation): KnownAnnotation => ({ ...known, isDeprecated: true })

const ON_PODS = [
  'ambient.istio.io/bypass-inbound-capture',
  'inject.istio.io/templates',
  'istio.io/rev',
  'prometheus.istio.io/merge-metrics',
  'proxy.istio.io/overrides',
  'readiness.status.sidecar.istio.io/applicationPorts',
  'readiness.status.sidecar.istio.io/failureThreshold',
  'readiness.status.sidecar.istio.io/initialDelaySeconds',
  'readiness.status.sidecar.istio.io/periodSeconds',
  'sidecar.istio.io/agentLogLevel',
  'sidecar.istio.io/bootstrapOverride',
  'sidecar.istio.io/componentLogLevel',
  'sidecar.istio.io/enableCoreDump',
  'sidecar.istio.io/interceptionMode',
  'sidecar.istio.io/logLevel',
  'sidecar.istio.io/nativeSidecar',
  'sidecar.istio.io/proxyCPU',
  'sidecar.istio.io/proxyCPULimit',
  'sidecar.istio.io/proxyImage',
  'sidecar.istio.io/proxyImageType',
  'sidecar.istio.io/proxyMemory',
  'sidecar.istio.io/proxyMemoryLimit',
  'sidecar.istio.io/rewriteAppHTTPProbers',
  'sidecar.istio.io/statsCompression',
  'sidecar.istio.io/statsEvictionInterval',
  'sidecar.istio.io/statsFlushInterval',
  'sidecar.istio.io/statsHistogramBuckets',
  'sidecar.istio.io/status',
  'sidecar.istio.io/userVolume',
  'sidecar.istio.io/userVolumeMount',
  'status.sidecar.istio.io/port',
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/excludeInterfaces',
  'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeOutboundPorts',
  'traffic.sidecar.istio.io/includeInboundPorts',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
  'traffic.sidecar.istio.io/includeOutboundPorts',
]

const KNOWN: ReadonlyMap<string, KnownAnnotation> = new Map<string, KnownAnnotation>([
  ...ON_PODS.map((name) => [name, alpha('Pod')] as const),
  ['alpha.istio.io/canonical-serviceaccounts', deprecated(alpha('Service'))],
  ['alpha.istio.io/kubernetes-serviceaccounts', deprecated(alpha('Service'))],
  ['ambient.istio.io/connect-strategy', alpha('ServiceEntry', 'Service')],
  ['ambient.istio.io/dns-capture', alpha('Pod', 'Namespace')],
  ['ambient.istio.io/redirection', stable('Pod')],
  ['ambient.istio.io/waypoint-inbound-binding', alpha('GatewayClass', 'Gateway')],
  ['galley.istio.io/analyze-suppress', alpha('Any')],
  ['gateway.istio.io/controller-version', alpha('Any')],
  ['gateway.istio.io/name-override', alpha('Gateway')],
  ['gateway.istio.io/service-account', alpha('Gateway')],
  ['gateway.istio.io/tls-terminate-mode', alpha('Gateway')],
  ['internal.istio.io/service-account-selector', alpha('Any')],
  ['istio.io/autoRegistrationGroup', alpha('WorkloadEntry')],
  ['istio.io/connectedAt', alpha('WorkloadEntry')],
  ['istio.io/disconnectedAt', alpha('WorkloadEntry')],
  ['istio.io/dry-run', alpha('AuthorizationPolicy')],
  ['istio.io/reroute-virtual-interfaces', alpha('Pod')],
  ['istio.io/workloadController', alpha('WorkloadEntry')],
  ['kubernetes.io/ingress.class', stable('Ingress')],
  ['networking.istio.io/address-type', alpha('Service')],
  ['networking.istio.io/exportTo', alpha('Service')],
  ['networking.istio.io/service-type', alpha('Gateway')],
  ['networking.istio.io/traffic-distribution', alpha('Service', 'ServiceEntry')],
  ['proxy.istio.io/config', stable('Pod')],
  ['sidecar.istio.io/discoveryAddress', deprecated(alpha('Pod'))],
  ['sidecar.istio.io/extraStatTags', deprecated(alpha('Pod'))],
  ['sidecar.istio.io/inject', deprecated(stable('Pod'))],
  ['sidecar.istio.io/statsInclusionPrefixes', deprecated(alpha('Pod'))],
  ['sidecar.istio.io/statsInclusionRegexps', deprecated(alpha('Pod'))],
  ['sidecar.istio.io/statsInclusionSuffixes', deprecated(alpha('Pod'))],
  ['topology.istio.io/controlPlaneClusters', alpha('Namespace')],
  ['traffic.istio.io/nodeSelector', stable('Service')],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', deprecated(alpha('Pod'))],
])

export function findAnnotation(name: string): KnownAnnotation | undefined {
  return KNOWN.get(name)
}

/** True for annotations that look like Istio's, and for the one of Kubernetes that Istio documents. */
export function isIstioAnnotation(name: string): boolean {
  return name === 'kubernetes.io/ingress.class' || (name.split('/')[0] ?? '').endsWith('istio.io')
}

/** Annotations that controllers set; nothing is said about them. */
export const SET_BY_CONTROLLERS: ReadonlySet<string> = new Set([
  'gateway.istio.io/controller-version',
  'istio.io/rev',
  'sidecar.istio.io/status',
])
