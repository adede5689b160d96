/** Which objects of configuration have a say in what happens at a node, and why. */
import type { ClusterInventory, ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { appOf } from '@/lib/mesh/labels'
import { hostMatches, isVisibleFrom, serviceHost } from './hosts'
import { readObjects, type Read } from './objects'
import { policiesFor } from './policies'
import { rulesOfService, type ServiceRules } from './service-rules'
import type { VirtualServiceSpec } from './schemas/networking'
import { unreadAmong } from './unread'

export interface ConfigTarget {
  kind: 'workload' | 'app' | 'service' | 'external'
  namespace: string
  name: string
}

export interface AppliedConfig {
  apiVersion: string
  kind: string
  namespace: string
  name: string
  /** a clause: "selects it by app=reviews" */
  why: string
}

/** What applies, routing first, each object once with its first reason; empty for what is not known. */
export function configFor(target: ConfigTarget, inventory: ClusterInventory): AppliedConfig[] {
  const index = indexInventory(inventory)
  const found = new Map<string, AppliedConfig>()
  for (const { object, why } of reasonsFor(target, index)) {
    const { name, namespace = '' } = object.metadata
    const key = `${object.apiVersion} ${object.kind} ${namespace} ${name}`
    if (found.has(key)) continue
    found.set(key, { apiVersion: object.apiVersion, kind: object.kind, namespace, name, why })
  }
  return [...found.values()].sort(byKindAndName)
}

interface Reason {
  object: ConfigObject
  why: string
}

function reasonsFor(target: ConfigTarget, index: InventoryIndex): Reason[] {
  const { kind, namespace, name } = target
  if (kind === 'service') return ofService(index, namespace, name)
  if (kind === 'external') return ofHost(index, namespace, name)
  const workloads =
    kind === 'workload'
      ? [index.workloads.get(`${namespace}/${name}`)].filter((each) => each !== undefined)
      : index.inventory.workloads.filter(
          (each) => each.namespace === namespace && appOf({ ...each.labels, ...each.podLabels }) === name,
        )
  return workloads.flatMap((workload) => ofWorkload(index, workload))
}

function ofWorkload(index: InventoryIndex, workload: WorkloadInventory): Reason[] {
  const services = index.servicesOfWorkload.get(`${workload.namespace}/${workload.name}`) ?? []
  return [
    ...services.flatMap((service) => routing(index, service.namespace, service.name)),
    ...gatewaysOf(index, workload),
    ...policiesFor(workload, index),
  ]
}

function ofService(index: InventoryIndex, namespace: string, name: string): Reason[] {
  const objects = readObjects(index)
  const attached = [
    ...objects.authorizationPolicies,
    ...objects.requestAuthentications,
    ...objects.telemetries,
  ].flatMap(({ object, namespace: own, spec }) => {
    const references = spec.targetRefs ?? (spec.targetRef ? [spec.targetRef] : [])
    const isAimed = references.some((each) => each.kind === 'Service' && each.name === name)
    return own === namespace && isAimed ? [{ object, why: `names service ${name} as its target` }] : []
  })
  return [...routing(index, namespace, name), ...attached]
}

function ofHost(index: InventoryIndex, namespace: string, host: string): Reason[] {
  const entries = readObjects(index).serviceEntries.flatMap(({ object, namespace: own, spec }) => {
    const isNamed = spec.hosts.some((pattern) => hostMatches(pattern, host))
    return isNamed && isVisibleFrom(spec.exportTo, own, namespace)
      ? [{ object, why: `makes ${host} known to the mesh` }]
      : []
  })
  return [...entries, ...routing(index, namespace, host, host)]
}

function routing(index: InventoryIndex, namespace: string, name: string, host?: string): Reason[] {
  const rules: ServiceRules = rulesOfService(index, namespace, name, host)
  const shown = host ?? serviceHost(name, namespace)
  return [
    ...rules.virtualServices.flatMap(({ virtualService, isHost }) => [
      {
        object: virtualService.object,
        why: isHost ? `routes requests for ${shown}` : `routes some of its requests to ${shown}`,
      },
      ...gatewaysBoundTo(index, virtualService),
    ]),
    ...rules.destinationRules.map(({ object }) => ({ object, why: `sets the policy for ${shown}` })),
    ...rules.routes.map(({ route, isParent }) => ({
      object: route.object,
      why: isParent ? `routes requests for ${shown}` : `routes some of its requests to ${shown}`,
    })),
  ]
}

/** Gateways a virtual service names. */
export function gatewaysBoundTo(index: InventoryIndex, virtualService: Read<VirtualServiceSpec>): Reason[] {
  return readObjects(index)
    .gateways.filter((gateway) => isBoundTo(virtualService, gateway))
    .map(({ object }) => ({ object, why: `lets in what virtual service ${virtualService.name} routes` }))
}

/** A gateway is named by `namespace/name`, or by name in the virtual service's own namespace. */
function isBoundTo(
  virtualService: Read<VirtualServiceSpec>,
  gateway: { namespace: string; name: string },
): boolean {
  return (virtualService.spec.gateways ?? []).some((reference) => {
    const [namespace, name] = reference.includes('/')
      ? reference.split('/')
      : [virtualService.namespace, reference]
    return namespace === gateway.namespace && name === gateway.name
  })
}

/** Gateways a proxy serves, and the routes bound to those. */
function gatewaysOf(index: InventoryIndex, workload: WorkloadInventory): Reason[] {
  const objects = readObjects(index)
  const labels = workload.podLabels
  const reasons: Reason[] = []
  for (const gateway of objects.gateways) {
    const selector = Object.entries(gateway.spec.selector ?? {})
    if (selector.length === 0 || !selector.every(([key, value]) => labels[key] === value)) continue
    reasons.push({ object: gateway.object, why: `is served by it (${selectorText(selector)})` })
    for (const virtualService of objects.virtualServices) {
      if (!isBoundTo(virtualService, gateway)) continue
      reasons.push({ object: virtualService.object, why: `routes what gateway ${gateway.name} lets in` })
    }
  }
  const gatewayName = labels['gateway.networking.k8s.io/gateway-name']
  if (gatewayName === undefined) return reasons
  for (const gateway of objects.k8sGateways) {
    if (gateway.name !== gatewayName || gateway.namespace !== workload.namespace) continue
    reasons.push({ object: gateway.object, why: 'is served by it' })
  }
  for (const route of objects.routes) {
    const isAttached = route.spec.parentRefs.some(
      (parent) =>
        (parent.kind ?? 'Gateway') === 'Gateway' &&
        parent.name === gatewayName &&
        (parent.namespace ?? route.namespace) === workload.namespace,
    )
    if (isAttached) reasons.push({ object: route.object, why: `routes what gateway ${gatewayName} lets in` })
  }
  return reasons
}

/** `app=reviews, version=v1` */
export function selectorText(selector: readonly (readonly [string, string])[]): string {
  return selector.map(([key, value]) => `${key}=${value}`).join(', ')
}

const KIND_ORDER = [
  'VirtualService',
  'HTTPRoute',
  'GRPCRoute',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'Sidecar',
  'PeerAuthentication',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Telemetry',
]

/** Kinds that may not be read and of which objects would be among what applies to a workload, an app or a service. */
export function unreadConfig(kind: ConfigTarget['kind'], inventory: ClusterInventory): string[] {
  const ofService = KIND_ORDER.filter((one) => one !== 'Sidecar' && one !== 'PeerAuthentication')
  // routing reaches a workload by the services in front of it
  return unreadAmong(inventory, kind === 'service' ? ofService : [...KIND_ORDER, 'Service'])
}

function byKindAndName(a: AppliedConfig, b: AppliedConfig): number {
  const key = (each: AppliedConfig) => {
    const place = String(KIND_ORDER.indexOf(each.kind) + 1).padStart(2, '0')
    return `${place} ${each.namespace}/${each.name} ${each.apiVersion}`
  }
  return key(a) < key(b) ? -1 : 1
}
