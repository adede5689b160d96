/**
 * Where the compiled CRD validator of each custom kind is, in the version objects are kept in. One import each:
 * the packages' own indexes would load everything they have.
 */
export const MODELS: Readonly<Record<string, () => Promise<Record<string, unknown>>>> = {
  'VirtualService.networking.istio.io': () =>
    import('@kubernetes-models/istio/networking.istio.io/v1/VirtualService'),
  'DestinationRule.networking.istio.io': () =>
    import('@kubernetes-models/istio/networking.istio.io/v1/DestinationRule'),
  'Gateway.networking.istio.io': () => import('@kubernetes-models/istio/networking.istio.io/v1/Gateway'),
  'ServiceEntry.networking.istio.io': () =>
    import('@kubernetes-models/istio/networking.istio.io/v1/ServiceEntry'),
  'Sidecar.networking.istio.io': () => import('@kubernetes-models/istio/networking.istio.io/v1/Sidecar'),
  'WorkloadEntry.networking.istio.io': () =>
    import('@kubernetes-models/istio/networking.istio.io/v1/WorkloadEntry'),
  'WorkloadGroup.networking.istio.io': () =>
    import('@kubernetes-models/istio/networking.istio.io/v1/WorkloadGroup'),
  'EnvoyFilter.networking.istio.io': () =>
    import('@kubernetes-models/istio/networking.istio.io/v1alpha3/EnvoyFilter'),
  'ProxyConfig.networking.istio.io': () =>
    import('@kubernetes-models/istio/networking.istio.io/v1beta1/ProxyConfig'),
  'PeerAuthentication.security.istio.io': () =>
    import('@kubernetes-models/istio/security.istio.io/v1/PeerAuthentication'),
  'AuthorizationPolicy.security.istio.io': () =>
    import('@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy'),
  'RequestAuthentication.security.istio.io': () =>
    import('@kubernetes-models/istio/security.istio.io/v1/RequestAuthentication'),
  'Telemetry.telemetry.istio.io': () => import('@kubernetes-models/istio/telemetry.istio.io/v1/Telemetry'),
  'WasmPlugin.extensions.istio.io': () =>
    import('@kubernetes-models/istio/extensions.istio.io/v1alpha1/WasmPlugin'),
  'GatewayClass.gateway.networking.k8s.io': () =>
    import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/GatewayClass'),
  'Gateway.gateway.networking.k8s.io': () =>
    import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/Gateway'),
  'HTTPRoute.gateway.networking.k8s.io': () =>
    import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute'),
  'GRPCRoute.gateway.networking.k8s.io': () =>
    import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/GRPCRoute'),
  'TLSRoute.gateway.networking.k8s.io': () =>
    import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/TLSRoute'),
  'ReferenceGrant.gateway.networking.k8s.io': () =>
    import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/ReferenceGrant'),
  'TCPRoute.gateway.networking.k8s.io': () =>
    import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1alpha2/TCPRoute'),
}
