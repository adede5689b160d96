/** Drafts of Istio and Gateway API objects, in the versions clusters store them. */
import type { ObjectDraft } from './area'

interface DraftOptions {
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ageDays?: number
}
type Spec = Record<string, unknown>
type Draft = (namespace: string, name: string, spec: Spec, options?: DraftOptions) => ObjectDraft

const draftOf =
  (apiVersion: string, kind: string): Draft =>
  (namespace, name, spec, options = {}) => ({
    apiVersion,
    kind,
    namespace,
    name,
    ageDays: 30,
    ...options,
    body: () => ({ spec }),
  })

export const virtualService = draftOf('networking.istio.io/v1', 'VirtualService')
export const destinationRule = draftOf('networking.istio.io/v1', 'DestinationRule')
export const istioGateway = draftOf('networking.istio.io/v1', 'Gateway')
export const serviceEntry = draftOf('networking.istio.io/v1', 'ServiceEntry')
export const sidecarConfig = draftOf('networking.istio.io/v1', 'Sidecar')
export const peerAuthentication = draftOf('security.istio.io/v1', 'PeerAuthentication')
export const requestAuthentication = draftOf('security.istio.io/v1', 'RequestAuthentication')
export const authorizationPolicy = draftOf('security.istio.io/v1', 'AuthorizationPolicy')
export const telemetry = draftOf('telemetry.istio.io/v1', 'Telemetry')

const MESH_CONTROLLER = 'istio.io/mesh-controller'

/** A waypoint: a Gateway API gateway of the class that Istio turns into a Deployment and a Service. */
export function waypointGateway(namespace: string, name: string): ObjectDraft {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    namespace,
    name,
    labels: { 'istio.io/waypoint-for': 'service' },
    ageDays: 40,
    body: (at) => ({
      spec: {
        gatewayClassName: 'istio-waypoint',
        listeners: [
          { name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'Same' } } },
        ],
      },
      status: {
        addresses: [{ type: 'Hostname', value: `${name}.${namespace}.svc.cluster.local` }],
        conditions: [
          condition(at, 'Accepted', 'Accepted', 'Resource accepted'),
          condition(at, 'Programmed', 'Programmed', 'Resource programmed'),
        ],
        listeners: [
          {
            name: 'mesh',
            attachedRoutes: 1,
            supportedKinds: [],
            conditions: [
              condition(at, 'Accepted', 'Accepted', 'No errors found'),
              condition(at, 'Programmed', 'Programmed', 'No errors found'),
              condition(at, 'ResolvedRefs', 'ResolvedRefs', 'No errors found'),
            ],
          },
        ],
      },
    }),
  }
}

export function gatewayClass(name: string, controllerName: string, description: string): ObjectDraft {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    name,
    ageDays: 90,
    body: (at) => ({
      spec: { controllerName, description },
      status: { conditions: [condition(at, 'Accepted', 'Accepted', 'Handled by Istio controller')] },
    }),
  }
}

/** An HTTPRoute of the mesh: its parent is a Service, so it holds for all callers of that service. */
export function meshRoute(
  namespace: string,
  name: string,
  parent: { service: string; port: number },
  rules: Spec[],
): ObjectDraft {
  const parentRef = { group: '', kind: 'Service', name: parent.service, port: parent.port }
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    namespace,
    name,
    ageDays: 12,
    body: (at) => ({
      spec: { parentRefs: [parentRef], rules },
      status: {
        parents: [
          {
            controllerName: MESH_CONTROLLER,
            parentRef,
            conditions: [
              condition(at, 'Accepted', 'Accepted', 'Route was valid'),
              condition(at, 'ResolvedRefs', 'ResolvedRefs', 'All references resolved'),
            ],
          },
        ],
      },
    }),
  }
}

/** A condition that holds since the object was made. */
function condition(at: string, type: string, reason: string, message: string) {
  return { type, status: 'True', reason, message, observedGeneration: 1, lastTransitionTime: at }
}
