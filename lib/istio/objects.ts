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
  /** TCPRoute and TLSRoute */
  plainRoutes: Read<RouteSpec>[]
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
      const spec = readSpec(object, schema)
      const { name, namespace = '' } = object.metadata
      if ('problem' in spec) {
        broken.push({ kind, namespace, name, problem: spec.problem })
        return []
      }
      const created = Date.parse(object.metadata.creationTimestamp ?? '')
      const createdAt = Number.isNaN(created) ? Number.POSITIVE_INFINITY : created
      return [{ namespace, name, createdAt, object, spec: spec.value }]
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
    plainRoutes: [
      ...of('TCPRoute', 'gateway.networking.k8s.io', RouteSpec),
      ...of('TLSRoute', 'gateway.networking.k8s.io', RouteSpec),
    ],
    broken,
  }
  read.set(index, objects)
  return objects
}

type SpecResult<Spec> = { value: Spec } | { problem: string }

// most objects are the same from one inventory to the next
const specs = new WeakMap<ConfigObject, { schema: unknown; result: SpecResult<unknown> }>()

function readSpec<Spec>(object: ConfigObject, schema: z.ZodType<Spec>): SpecResult<Spec> {
  const known = specs.get(object)
  // the same schema made it, so it is of the schema's type
  if (known?.schema === schema) return known.result as SpecResult<Spec>
  const parsed = schema.safeParse(object.spec ?? {})
  const result: SpecResult<Spec> = parsed.success
    ? { value: parsed.data }
    : { problem: problemOf(parsed.error) }
  specs.set(object, { schema, result })
  return result
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues
  return issue ? `spec.${issue.path.join('.')}: ${issue.message}` : 'cannot be read'
}
