import type { KubernetesObject } from '@/lib/demo/model'
import { asList, asNumber, asRecord, asRecords, asStrings, asText, at } from '../json'
import { qualifiedKind } from '../kinds'
import type { ResourceKind } from '../kinds'

export interface Column {
  name: string
  type: 'string' | 'integer' | 'date'
  format: string
  description: string
  /** 0 shows always, 1 with `-o wide` */
  priority: number
  /** where CRDs read it from; built-in kinds have none */
  jsonPath?: string
  cell(object: KubernetesObject, nowMs: number): string | number
}

type CellOf = (object: KubernetesObject, nowMs: number) => string | number

const NONE = '<none>'
const UNKNOWN = '<unknown>'

function column(name: string, cell: CellOf, options: Partial<Omit<Column, 'name' | 'cell'>> = {}): Column {
  return { name, type: 'string', format: '', description: name, priority: 0, cell, ...options }
}

const wide = { priority: 1 }
const NAME = column('Name', (object) => object.metadata.name, { format: 'name' })
const AGE = column('Age', (object, nowMs) => age(object.metadata.creationTimestamp, nowMs), {
  jsonPath: '.metadata.creationTimestamp',
})

/** Time since, as kubectl writes it: two units while young, one when old. */
export function age(since: unknown, nowMs: number): string {
  const then = Date.parse(asText(since))
  if (Number.isNaN(then)) return UNKNOWN
  return humanDuration(nowMs - then)
}

function humanDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`
  if (days < 730) return `${days}d`
  const years = Math.floor(days / 365)
  if (years < 8) return days % 365 === 0 ? `${years}y` : `${years}y${days % 365}d`
  return `${years}y`
}

/** A column that shows the value at a path, e.g. `spec.hosts`; lists show as JSON, as CRD columns do. */
function path(name: string, jsonPath: string, options: Partial<Omit<Column, 'name' | 'cell'>> = {}): Column {
  const parts = jsonPath.split('.')
  const read: CellOf = (object) => {
    const value = at(object, ...parts)
    if (value === undefined || value === null) return ''
    return typeof value === 'number' ? value : typeof value === 'string' ? value : JSON.stringify(value)
  }
  return column(name, read, { jsonPath: `.${jsonPath}`, ...options })
}

const spec = (object: KubernetesObject) => asRecord(object.spec)
const status = (object: KubernetesObject) => asRecord(object.status)
const templateContainers = (object: KubernetesObject) =>
  asRecords(at(object.spec, 'template', 'spec', 'containers'))
const containerColumns = [
  column(
    'Containers',
    (object) =>
      templateContainers(object)
        .map((c) => asText(c.name))
        .join(','),
    wide,
  ),
  column(
    'Images',
    (object) =>
      templateContainers(object)
        .map((c) => asText(c.image))
        .join(','),
    wide,
  ),
]
const selectorColumn = column(
  'Selector',
  (object) => selector(at(object.spec, 'selector', 'matchLabels')),
  wide,
)

function selector(labels: unknown): string {
  const text = Object.entries(asStrings(labels))
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  return text === '' ? NONE : text
}

/** Why a pod is as it is: the reason of its first container in trouble, else its phase. */
function podStatus(pod: KubernetesObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating'
  for (const container of asRecords(status(pod).containerStatuses)) {
    const waiting = asText(at(container.state, 'waiting', 'reason'))
    if (waiting !== '') return waiting
    const terminated = asText(at(container.state, 'terminated', 'reason'))
    if (terminated !== '') return terminated
  }
  return asText(status(pod).phase)
}

function readyContainers(pod: KubernetesObject): string {
  const statuses = asRecords(status(pod).containerStatuses)
  return `${statuses.filter((container) => container.ready === true).length}/${asRecords(spec(pod).containers).length}`
}

function restarts(pod: KubernetesObject): number {
  return asRecords(status(pod).containerStatuses).reduce(
    (sum, item) => sum + asNumber(item.restartCount, 0),
    0,
  )
}

function servicePorts(service: KubernetesObject): string {
  const ports = asRecords(spec(service).ports).map((port) => {
    const node = typeof port.nodePort === 'number' ? `:${port.nodePort}` : ''
    return `${String(port.port)}${node}/${asText(port.protocol) || 'TCP'}`
  })
  return ports.length === 0 ? NONE : ports.join(',')
}

function externalAddress(service: KubernetesObject): string {
  const ingress = asRecords(at(service.status, 'loadBalancer', 'ingress')).map(
    (entry) => asText(entry.ip) || asText(entry.hostname),
  )
  if (ingress.length > 0) return ingress.join(',')
  if (spec(service).type === 'LoadBalancer') return '<pending>'
  return asText(spec(service).externalName) || NONE
}

function endpointAddresses(endpoints: KubernetesObject): string {
  const all = asRecords(endpoints.subsets).flatMap((subset) =>
    asRecords(subset.addresses).flatMap((address) =>
      asRecords(subset.ports).map((port) => `${asText(address.ip)}:${String(port.port)}`),
    ),
  )
  if (all.length === 0) return NONE
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',')
}

function conditionStatus(object: KubernetesObject, type: string): string {
  return asText(asRecords(status(object).conditions).find((condition) => condition.type === type)?.status)
}

function replicas(field: string): CellOf {
  return (object) => asNumber(status(object)[field], 0)
}

function keys(...fields: string[]): CellOf {
  return (object) => fields.reduce((sum, field) => sum + Object.keys(asRecord(object[field])).length, 0)
}

const integer = { type: 'integer' } as const
const webhooks = column('Webhooks', (object) => asList(object.webhooks).length, integer)
const hostnames = path('Hostnames', 'spec.hostnames')
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Namespace: [NAME, column('Status', (object) => asText(status(object).phase)), AGE],
  Node: [
    NAME,
    column('Status', (object) => (conditionStatus(object, 'Ready') === 'True' ? 'Ready' : 'NotReady')),
    column('Roles', () => NONE),
    AGE,
    column('Version', (object) => asText(at(object.status, 'nodeInfo', 'kubeletVersion'))),
    column('Internal-IP', (object) => asText(asRecords(status(object).addresses)[0]?.address), wide),
    column('OS-Image', (object) => asText(at(object.status, 'nodeInfo', 'osImage')), wide),
  ],
  Pod: [
    NAME,
    column('Ready', readyContainers),
    column('Status', podStatus),
    column('Restarts', restarts),
    AGE,
    column('IP', (object) => asText(status(object).podIP) || NONE, wide),
    column('Node', (object) => asText(spec(object).nodeName) || NONE, wide),
    column('Nominated Node', () => NONE, wide),
    column('Readiness Gates', () => NONE, wide),
  ],
  Service: [
    NAME,
    column('Type', (object) => asText(spec(object).type)),
    column('Cluster-IP', (object) => asText(spec(object).clusterIP) || NONE),
    column('External-IP', externalAddress),
    column('Port(s)', servicePorts),
    AGE,
    column('Selector', (object) => selector(spec(object).selector), wide),
  ],
  ServiceAccount: [NAME, column('Secrets', (object) => asList(object.secrets).length, integer), AGE],
  ConfigMap: [NAME, column('Data', keys('data', 'binaryData'), integer), AGE],
  Secret: [NAME, column('Type', (object) => asText(object.type)), column('Data', keys('data'), integer), AGE],
  Event: [
    column('Last Seen', (object, nowMs) => age(object.lastTimestamp, nowMs)),
    column('Type', (object) => asText(object.type)),
    column('Reason', (object) => asText(object.reason)),
    column(
      'Object',
      (object) =>
        `${asText(at(object.involvedObject, 'kind')).toLowerCase()}/${asText(at(object.involvedObject, 'name'))}`,
    ),
    column('Source', (object) => asText(at(object.source, 'component')), wide),
    column('Message', (object) => asText(object.message)),
    column('Count', (object) => asNumber(object.count, 1), { ...integer, ...wide }),
  ],
  Endpoints: [NAME, column('Endpoints', endpointAddresses), AGE],
  'Deployment.apps': [
    NAME,
    column(
      'Ready',
      (object) => `${asNumber(status(object).readyReplicas, 0)}/${asNumber(spec(object).replicas, 1)}`,
    ),
    column('Up-to-date', replicas('updatedReplicas'), integer),
    column('Available', replicas('availableReplicas'), integer),
    AGE,
    ...containerColumns,
    selectorColumn,
  ],
  'ReplicaSet.apps': [
    NAME,
    column('Desired', (object) => asNumber(spec(object).replicas, 1), integer),
    column('Current', replicas('replicas'), integer),
    column('Ready', replicas('readyReplicas'), integer),
    AGE,
    ...containerColumns,
    selectorColumn,
  ],
  'StatefulSet.apps': [
    NAME,
    column(
      'Ready',
      (object) => `${asNumber(status(object).readyReplicas, 0)}/${asNumber(spec(object).replicas, 1)}`,
    ),
    AGE,
    ...containerColumns,
  ],
  'DaemonSet.apps': [
    NAME,
    column('Desired', replicas('desiredNumberScheduled'), integer),
    column('Current', replicas('currentNumberScheduled'), integer),
    column('Ready', replicas('numberReady'), integer),
    column('Up-to-date', replicas('updatedNumberScheduled'), integer),
    column('Available', replicas('numberAvailable'), integer),
    column('Node Selector', (object) => selector(at(object.spec, 'template', 'spec', 'nodeSelector'))),
    AGE,
    ...containerColumns,
    selectorColumn,
  ],
  'Job.batch': [
    NAME,
    column(
      'Completions',
      (object) => `${asNumber(status(object).succeeded, 0)}/${asNumber(spec(object).completions, 1)}`,
    ),
    AGE,
    ...containerColumns,
  ],
  'CronJob.batch': [
    NAME,
    column('Schedule', (object) => asText(spec(object).schedule)),
    column('Suspend', (object) => (spec(object).suspend === true ? 'True' : 'False')),
    column('Active', (object) => asList(status(object).active).length, integer),
    column('Last Schedule', (object, nowMs) =>
      status(object).lastScheduleTime ? age(status(object).lastScheduleTime, nowMs) : NONE,
    ),
    AGE,
  ],
  'Lease.coordination.k8s.io': [NAME, column('Holder', (object) => asText(spec(object).holderIdentity)), AGE],
  'EndpointSlice.discovery.k8s.io': [
    NAME,
    column('AddressType', (object) => asText(object.addressType)),
    column(
      'Ports',
      (object) =>
        asRecords(object.ports)
          .map((port) => String(port.port))
          .join(',') || '<unset>',
    ),
    column(
      'Endpoints',
      (object) =>
        asRecords(object.endpoints)
          .map((endpoint) => String(asList(endpoint.addresses)[0]))
          .join(',') || '<unset>',
    ),
    AGE,
  ],
  'CustomResourceDefinition.apiextensions.k8s.io': [
    NAME,
    column('Created At', (object) => object.metadata.creationTimestamp ?? '', { type: 'date' }),
  ],
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': [NAME, webhooks, AGE],
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': [NAME, webhooks, AGE],
  'VirtualService.networking.istio.io': [
    NAME,
    path('Gateways', 'spec.gateways'),
    path('Hosts', 'spec.hosts'),
    AGE,
  ],
  'DestinationRule.networking.istio.io': [NAME, path('Host', 'spec.host'), AGE],
  'ServiceEntry.networking.istio.io': [
    NAME,
    path('Hosts', 'spec.hosts'),
    path('Location', 'spec.location'),
    path('Resolution', 'spec.resolution'),
    AGE,
  ],
  'WorkloadEntry.networking.istio.io': [NAME, AGE, path('Address', 'spec.address')],
  'PeerAuthentication.security.istio.io': [NAME, path('Mode', 'spec.mtls.mode'), AGE],
  'AuthorizationPolicy.security.istio.io': [NAME, path('Action', 'spec.action'), AGE],
  'GatewayClass.gateway.networking.k8s.io': [
    NAME,
    path('Controller', 'spec.controllerName'),
    column('Accepted', (object) => conditionStatus(object, 'Accepted'), {
      jsonPath: '.status.conditions[?(@.type=="Accepted")].status',
    }),
    AGE,
    path('Description', 'spec.description', wide),
  ],
  'Gateway.gateway.networking.k8s.io': [
    NAME,
    path('Class', 'spec.gatewayClassName'),
    column(
      'Address',
      (object) =>
        asRecords(status(object).addresses)
          .map((address) => asText(address.value))
          .join(' '),
      {
        jsonPath: '.status.addresses[*].value',
      },
    ),
    column('Programmed', (object) => conditionStatus(object, 'Programmed'), {
      jsonPath: '.status.conditions[?(@.type=="Programmed")].status',
    }),
    AGE,
  ],
  'HTTPRoute.gateway.networking.k8s.io': [NAME, hostnames, AGE],
  'GRPCRoute.gateway.networking.k8s.io': [NAME, hostnames, AGE],
  'TLSRoute.gateway.networking.k8s.io': [NAME, hostnames, AGE],
}

/** Columns of `kubectl get` for a kind. */
export function columnsOf(resource: ResourceKind): readonly Column[] {
  return COLUMNS[qualifiedKind(resource.kind, resource.group)] ?? [NAME, AGE]
}
