import type { ServicePlan, WorkloadPlan } from './area'
import { service, workload } from './area'

export const ISTIO_VERSION = '1.29.2'
export const PROXY_IMAGE = `docker.io/istio/proxyv2:${ISTIO_VERSION}`

/**
 * Deployment and Service that Istio makes of a Gateway of the Gateway API. A waypoint takes the Gateway's name,
 * an ingress gateway adds the class to it. Labels: Istio's gateway deployment templates.
 */
export function gatewayProxy(
  namespace: string,
  gateway: string,
  role: 'waypoint' | 'ingressGateway',
): { workload: WorkloadPlan; service: ServicePlan } {
  const isWaypoint = role === 'waypoint'
  const name = isWaypoint ? gateway : `${gateway}-istio`
  const owner = `Gateway/${namespace}/${gateway}`
  const shared = {
    'gateway.networking.k8s.io/gateway-name': gateway,
    'gateway.networking.k8s.io/gateway-class-name': isWaypoint ? 'istio-waypoint' : 'istio',
    'gateway.istio.io/managed': isWaypoint ? 'istio.io-mesh-controller' : 'istio.io-gateway-controller',
  }
  const proxy = workload({
    namespace,
    name,
    app: name,
    serviceAccount: name,
    role,
    labels: {
      ...shared,
      'istio.io/dataplane-mode': 'none',
      'sidecar.istio.io/inject': 'false',
      'service.istio.io/canonical-name': name,
      'service.istio.io/canonical-revision': 'latest',
    },
    annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15020' },
    image: PROXY_IMAGE,
    extraPorts: [
      isWaypoint ? { name: 'mesh', port: 15008 } : { name: 'http', port: 80 },
      { name: 'status-port', port: 15021 },
    ],
    ageDays: 40,
    owner,
  })
  // such pods carry no app label: Istio names them by the canonical name alone
  const labels = Object.fromEntries(Object.entries(proxy.spec.labels).filter(([key]) => key !== 'app'))
  return {
    workload: { ...proxy, spec: { ...proxy.spec, labels } },
    service: service({
      namespace,
      name,
      selector: { 'gateway.networking.k8s.io/gateway-name': gateway },
      labels: shared,
      type: isWaypoint ? 'ClusterIP' : 'LoadBalancer',
      ports: [
        [15021, 'http', 15021, 'status-port'],
        isWaypoint ? [15008, 'tcp', 15008, 'mesh'] : [80, 'http', 80, 'http'],
      ],
      ageDays: 40,
      owner,
    }),
  }
}
