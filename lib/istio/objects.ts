/**
 * The objects of configuration we read, one schema a kind, only the fields we use. People write these: one
 * that cannot be read is set aside with its problem and never hides the others.
 */
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import type { z } from 'zod'
import {
  AuthorizationPolicySpec,
  PeerAuthenticationSpec,
  RequestAuthenticationSpec,
  TelemetrySpec,
} from './schemas/security'
import {
  DestinationRuleSpec,
  GatewaySpec,
  ServiceEntrySpec,
  SidecarSpec,
  VirtualServiceSpec,
} from './schemas/networking'
import { K8sGatewaySpec, RouteSpec } from './schemas/gateway-api'

/** An object with its spec read; `object` keeps everything as it was written. */
export interface Read<Spec> {
  namespace: string
  name: string
  /** epoch milliseconds; unknown sorts last */
  createdAt: number
  object: ConfigObject
  spec: Spec
}

export interface IstioObjects {
  virtualServices: Read<VirtualServiceSpec>[]
  destinationRules: Read<DestinationRuleSpec>[]
  gateways: Read<GatewaySpec>[]
  serviceEntries: Read<ServiceEntrySpec>[]
  sidecars: Read<SidecarSpec>[]
  peerAuthentications: Read<PeerAuthenticationSpec>[]
  requestAuthentications: Read<RequestAuthenticationSpec>[]
  authorizationPolicies: Read<AuthorizationPolicySpec>[]
  telemetries: Read<TelemetrySpec>[]
  k8sGateways: Read<K8sGatewaySpec>[]
  /** HTTPRoute and GRPCRoute */
  routes: Read<RouteSpec>[]
  broken: { kind: string; namespace: string; name: string; problem: string }[]
}

const read = new WeakMap<InventoryIndex, IstioObjects>()

/** All objects of an inventory, read once. */
export function readObjects(index: InventoryIndex): IstioObjects {
  const known = read.get(index)
  if (known) return known
  const broken: IstioObjects['broken'] = []
  const of = <Spec>(kind: string, group: string, schema: z.ZodType<Spec>): Read<Spec>[] =>
    (index.config.get(kind) ?? []).flatMap((object) => {
      if (!object.apiVersion.startsWith(`${group}/`)) return []
      const parsed = schema.safeParse(object.spec ?? {})
      const { name, namespace = '' } = object.metadata
      if (!parsed.success) {
        const [issue] = parsed.error.issues
        const problem = issue ? `spec.${issue.path.join('.')}: ${issue.message}` : 'cannot be read'
        broken.push({ kind, namespace, name, problem })
        return []
      }
      const created = Date.parse(object.metadata.creationTimestamp ?? '')
      const createdAt = Number.isNaN(created) ? Number.POSITIVE_INFINITY : created
      return [{ namespace, name, createdAt, object, spec: parsed.data }]
    })
  const objects: IstioObjects = {
    virtualServices: of('VirtualService', 'networking.istio.io', VirtualServiceSpec),
    destinationRules: of('DestinationRule', 'networking.istio.io', DestinationRuleSpec),
    gateways: of('Gateway', 'networking.istio.io', GatewaySpec),
    serviceEntries: of('ServiceEntry', 'networking.istio.io', ServiceEntrySpec),
    sidecars: of('Sidecar', 'networking.istio.io', SidecarSpec),
    peerAuthentications: of('PeerAuthentication', 'security.istio.io', PeerAuthenticationSpec),
    requestAuthentications: of('RequestAuthentication', 'security.istio.io', RequestAuthenticationSpec),
    authorizationPolicies: of('AuthorizationPolicy', 'security.istio.io', AuthorizationPolicySpec),
    telemetries: of('Telemetry', 'telemetry.istio.io', TelemetrySpec),
    k8sGateways: of('Gateway', 'gateway.networking.k8s.io', K8sGatewaySpec),
    routes: [
      ...of('HTTPRoute', 'gateway.networking.k8s.io', RouteSpec),
      ...of('GRPCRoute', 'gateway.networking.k8s.io', RouteSpec),
    ],
    broken,
  }
  read.set(index, objects)
  return objects
}
