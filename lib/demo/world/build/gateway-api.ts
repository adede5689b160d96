/** Drafts of Gateway API objects with the status that Istio's controllers give them. */
import type { ObjectDraft } from './area'
import { publicAddress } from './kubernetes'

const API_VERSION = 'gateway.networking.k8s.io/v1'
const MESH_CONTROLLER = 'istio.io/mesh-controller'
const GATEWAY_CONTROLLER = 'istio.io/gateway-controller'

/** The classes that Istio creates by itself. */
export function gatewayClasses(): ObjectDraft[] {
  const draft = (name: string, controllerName: string, description: string): ObjectDraft => ({
    apiVersion: API_VERSION,
    kind: 'GatewayClass',
    name,
    ageDays: 90,
    body: (at) => ({
      spec: { controllerName, description },
      status: { conditions: [condition(at, 'Accepted', 'Accepted', 'Handled by Istio controller')] },
    }),
  })
  return [
    draft('istio', GATEWAY_CONTROLLER, 'The default Istio GatewayClass'),
    draft('istio-waypoint', MESH_CONTROLLER, 'The default Istio waypoint GatewayClass'),
  ]
}

/** A waypoint for the services of its namespace. */
export function waypointGateway(namespace: string, name: string): ObjectDraft {
  return gateway(namespace, name, {
    className: 'istio-waypoint',
    labels: { 'istio.io/waypoint-for': 'service' },
    listener: {
      name: 'mesh',
      port: 15008,
      protocol: 'HBONE',
      allowedRoutes: { namespaces: { from: 'Same' } },
    },
    routeKinds: [],
    address: { type: 'Hostname', value: `${name}.${namespace}.svc.cluster.local` },
  })
}

/** An ingress gateway for one host; its Service is named as `gatewayProxy` names it. */
export function ingressGateway(namespace: string, name: string, host: string): ObjectDraft {
  return gateway(namespace, name, {
    className: 'istio',
    listener: {
      name: 'http',
      port: 80,
      protocol: 'HTTP',
      hostname: host,
      allowedRoutes: { namespaces: { from: 'Same' } },
    },
    routeKinds: ['HTTPRoute', 'GRPCRoute'],
    address: { type: 'IPAddress', value: publicAddress(namespace, `${name}-istio`) },
  })
}

interface RouteParent {
  kind: 'Service' | 'Gateway'
  name: string
  port?: number
}

/**
 * An HTTPRoute or GRPCRoute. With a Service as parent it holds for all callers of that service in the mesh,
 * with a Gateway for what enters there.
 */
export function route(
  kind: 'HTTPRoute' | 'GRPCRoute',
  namespace: string,
  name: string,
  parent: RouteParent,
  spec: { rules: Record<string, unknown>[]; hostnames?: string[] },
  ageDays = 12,
): ObjectDraft {
  const isMesh = parent.kind === 'Service'
  const parentRef = { group: isMesh ? '' : 'gateway.networking.k8s.io', ...parent }
  return {
    apiVersion: API_VERSION,
    kind,
    namespace,
    name,
    ageDays,
    body: (at) => ({
      spec: { parentRefs: [parentRef], ...spec },
      status: {
        parents: [
          {
            controllerName: isMesh ? MESH_CONTROLLER : GATEWAY_CONTROLLER,
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

/** A Service as backend of a route. */
export function backendRef(name: string, port: number, weight?: number): Record<string, unknown> {
  return { group: '', kind: 'Service', name, port, ...(weight === undefined ? {} : { weight }) }
}

interface GatewayDraft {
  className: string
  labels?: Record<string, string>
  listener: { name: string; port: number; protocol: string; [key: string]: unknown }
  routeKinds: string[]
  address: { type: string; value: string }
}

function gateway(namespace: string, name: string, draft: GatewayDraft): ObjectDraft {
  return {
    apiVersion: API_VERSION,
    kind: 'Gateway',
    namespace,
    name,
    ...(draft.labels === undefined ? {} : { labels: draft.labels }),
    ageDays: 40,
    body: (at) => ({
      spec: { gatewayClassName: draft.className, listeners: [draft.listener] },
      status: {
        addresses: [draft.address],
        conditions: [
          condition(at, 'Accepted', 'Accepted', 'Resource accepted'),
          condition(at, 'Programmed', 'Programmed', 'Resource programmed'),
        ],
        listeners: [
          {
            name: draft.listener.name,
            attachedRoutes: draft.routeKinds.length > 0 ? 1 : 0,
            supportedKinds: draft.routeKinds.map((kind) => ({ group: 'gateway.networking.k8s.io', kind })),
            conditions: ['Accepted', 'Programmed', 'ResolvedRefs'].map((type) =>
              condition(at, type, type, 'No errors found'),
            ),
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
