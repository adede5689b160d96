/**
 * What an object names, field by field, before anybody looks whether it is there. Fields of
 * https://istio.io/latest/docs/reference/config/ and https://gateway-api.sigs.k8s.io/reference/spec/.
 */
import { resolveHost } from '@/lib/istio/hosts'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { formatPath, type FieldPath } from '@/lib/validation/finding'
import { asFields, asText, asTextMap, asTexts, items, specOf, type Fields } from '@/lib/validation/read'
import { groupOf, namespaceOf } from '@/lib/validation/world'
import { SELECTING_EVERYWHERE } from '../touched'

const NETWORKING = 'networking.istio.io'
const GATEWAY_API = 'gateway.networking.k8s.io'

/** What is named: an object, a host that a service or entry stands for, a subset of one, or pods by their labels. */
export type Target =
  | { type: 'object'; group: string; kind: string; namespace: string; name: string }
  | { type: 'host'; host: string }
  | { type: 'subset'; host: string; subset: string }
  /** null: of all namespaces; no labels: all of them */
  | { type: 'workloads'; namespace: string | null; labels: Readonly<Record<string, string>> }

export interface Mention {
  target: Target
  /** `spec.http[0].route[0].destination.host` */
  path: string
  /** a clause with the object as its subject: "sends requests to" */
  why: string
}

type Say = (target: Target, path: FieldPath, why: string) => void
interface Reading {
  spec: Fields
  namespace: string
  say: Say
  rootNamespace: string
}

/** Everything an object names, in the order of its fields. What is of the wrong type reads as absent. */
export function mentionsOf(object: ConfigObject, rootNamespace = 'istio-system'): Mention[] {
  const mentions: Mention[] = []
  const say: Say = (target, path, why) => mentions.push({ target, path: formatPath(path), why })
  const reading = { spec: specOf(object), namespace: namespaceOf(object), say, rootNamespace }
  const group = groupOf(object.apiVersion)
  const key = `${group}/${object.kind}`
  OF_KIND[key]?.(reading)
  if (SELECTING.has(key)) attachments(reading, object.kind)
  if (group === GATEWAY_API && object.kind.endsWith('Route')) gatewayRoute(reading)
  const waypoint = object.metadata.labels?.['istio.io/use-waypoint']
  if (waypoint && waypoint !== 'none') {
    const namespace = object.metadata.labels?.['istio.io/use-waypoint-namespace'] ?? reading.namespace
    say(
      { type: 'object', group: GATEWAY_API, kind: 'Gateway', namespace, name: waypoint },
      ['metadata', 'labels', 'istio.io/use-waypoint'],
      'is reached through the waypoint',
    )
  }
  return mentions
}

const OF_KIND: Readonly<Record<string, (reading: Reading) => void>> = {
  [`${NETWORKING}/VirtualService`]: virtualService,
  [`${NETWORKING}/DestinationRule`]: destinationRule,
  [`${NETWORKING}/Gateway`]: istioGateway,
  [`${NETWORKING}/ServiceEntry`]: ({ spec, namespace, say }) =>
    selected(say, namespace, asFields(spec.workloadSelector).labels, ['spec', 'workloadSelector', 'labels']),
  [`${NETWORKING}/WorkloadEntry`]: serviceAccount,
  [`${NETWORKING}/WorkloadGroup`]: ({ spec, ...rest }) =>
    serviceAccount({ ...rest, spec: asFields(spec.template) }),
  [`${NETWORKING}/Sidecar`]: sidecar,
  'security.istio.io/AuthorizationPolicy': authorizationPolicy,
  [`${GATEWAY_API}/Gateway`]: k8sGateway,
  [`${GATEWAY_API}/BackendTLSPolicy`]: backendTlsPolicy,
  [`${GATEWAY_API}/ReferenceGrant`]: referenceGrant,
  '/Service': ({ spec, namespace, say }) =>
    selected(say, namespace, spec.selector, ['spec', 'selector'], 'sends requests to'),
}

/** Kinds that apply to workloads by selector or target, and to all where they have neither. */
const SELECTING = new Set([
  ...['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'].map(
    (kind) => `security.istio.io/${kind}`,
  ),
  ...['Sidecar', 'EnvoyFilter', 'ProxyConfig'].map((kind) => `${NETWORKING}/${kind}`),
  'telemetry.istio.io/Telemetry',
  'extensions.istio.io/WasmPlugin',
])

function virtualService({ spec, namespace, say }: Reading): void {
  asTexts(spec.hosts).forEach((host, index) =>
    say(hostTarget(host, namespace), ['spec', 'hosts', index], 'routes requests for'),
  )
  const gateway = (text: string, path: FieldPath) => {
    if (text !== 'mesh') say(named(NETWORKING, 'Gateway', text, namespace), path, 'is bound to')
  }
  asTexts(spec.gateways).forEach((text, index) => gateway(text, ['spec', 'gateways', index]))
  for (const protocol of ['http', 'tls', 'tcp'] as const) {
    for (const [rule, index] of items(spec[protocol])) {
      const path = ['spec', protocol, index]
      for (const [match, nth] of items(rule.match)) {
        asTexts(match.gateways).forEach((text, at) => gateway(text, [...path, 'match', nth, 'gateways', at]))
      }
      for (const [route, nth] of items(rule.route)) {
        destination(route.destination, [...path, 'route', nth, 'destination'], 'sends requests to')
      }
      destination(rule.mirror, [...path, 'mirror'], 'mirrors requests to')
      for (const [mirror, nth] of items(rule.mirrors)) {
        destination(mirror.destination, [...path, 'mirrors', nth, 'destination'], 'mirrors requests to')
      }
      const delegate = asFields(rule.delegate)
      if (asText(delegate.name) !== '') {
        const owner = asText(delegate.namespace) || namespace
        const target = named(NETWORKING, 'VirtualService', asText(delegate.name), owner)
        say(target, [...path, 'delegate', 'name'], 'leaves routing to')
      }
    }
  }

  function destination(value: unknown, path: FieldPath, why: string): void {
    const { host, subset } = asFields(value)
    if (asText(host) === '') return
    const full = resolveHost(asText(host), namespace)
    say({ type: 'host', host: full }, [...path, 'host'], why)
    if (asText(subset) !== '') {
      say(
        { type: 'subset', host: full, subset: asText(subset) },
        [...path, 'subset'],
        'takes the subset from',
      )
    }
  }
}

function destinationRule({ spec, namespace, say }: Reading): void {
  if (asText(spec.host) !== '') {
    say(hostTarget(asText(spec.host), namespace), ['spec', 'host'], 'sets the policy for')
  }
  const selector = asFields(spec.workloadSelector).matchLabels
  selected(say, namespace, selector, ['spec', 'workloadSelector', 'matchLabels'], 'holds for callers')
  const policies: [Fields, FieldPath][] = [
    [asFields(spec.trafficPolicy), ['spec', 'trafficPolicy']],
    ...items(spec.subsets).map(([subset, index]): [Fields, FieldPath] => [
      asFields(subset.trafficPolicy),
      ['spec', 'subsets', index, 'trafficPolicy'],
    ]),
  ]
  for (const [policy, path] of policies) {
    secret(say, asFields(policy.tls).credentialName, namespace, [...path, 'tls', 'credentialName'])
  }
}

function istioGateway({ spec, say }: Reading): void {
  const labels = asTextMap(spec.selector)
  // a gateway selects proxies wherever they run
  if (Object.keys(labels).length > 0) {
    say({ type: 'workloads', namespace: null, labels }, ['spec', 'selector'], 'is served by')
  }
  for (const [server, index] of items(spec.servers)) {
    const { credentialName, credentialNames } = asFields(server.tls)
    const path = ['spec', 'servers', index, 'tls']
    secret(say, credentialName, '', [...path, 'credentialName'])
    asTexts(credentialNames).forEach((name, nth) => secret(say, name, '', [...path, 'credentialNames', nth]))
  }
}

function sidecar({ spec, namespace, say }: Reading): void {
  for (const [egress, index] of items(spec.egress)) {
    asTexts(egress.hosts).forEach((text, nth) => {
      const [from = '', host = ''] = text.split('/')
      // `*/*` and `./*` name no one host
      if (host === '' || host.includes('*') || from === '~') return
      const owner = from === '.' || from === '*' ? namespace : from
      say(hostTarget(host, owner), ['spec', 'egress', index, 'hosts', nth], 'lets its workloads reach')
    })
  }
}

function authorizationPolicy({ spec, say }: Reading): void {
  for (const [rule, index] of items(spec.rules)) {
    for (const [from, nth] of items(rule.from)) {
      for (const field of ['principals', 'notPrincipals'] as const) {
        asTexts(asFields(from.source)[field]).forEach((text, at) => {
          const [, namespace, name] = /^[^/*]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(text) ?? []
          if (namespace === undefined || name === undefined) return
          const path = ['spec', 'rules', index, 'from', nth, 'source', field, at]
          say(
            { type: 'object', group: '', kind: 'ServiceAccount', namespace, name },
            path,
            'speaks of callers',
          )
        })
      }
    }
  }
}

function serviceAccount({ spec, namespace, say }: Reading): void {
  const name = asText(spec.serviceAccount)
  if (name === '') return
  say(named('', 'ServiceAccount', name, namespace), ['spec', 'serviceAccount'], 'runs as')
}

/** By selector or target reference; with neither, everything of the namespace, in the root namespace of the mesh. */
function attachments({ spec, namespace, say, rootNamespace }: Reading, kind: string): void {
  const targets: [Fields, FieldPath][] = [
    ...(spec.targetRef === undefined
      ? []
      : [[asFields(spec.targetRef), ['spec', 'targetRef']] as [Fields, FieldPath]]),
    ...items(spec.targetRefs).map(([each, index]): [Fields, FieldPath] => [
      each,
      ['spec', 'targetRefs', index],
    ]),
  ]
  for (const [each, path] of targets) reference(say, each, path, namespace, 'applies to')
  if (targets.length > 0) return
  const selector = asFields(spec.selector)
  const own = asFields(spec.workloadSelector)
  const [labels, path] =
    spec.workloadSelector === undefined
      ? [asTextMap(selector.matchLabels), ['spec', 'selector', 'matchLabels']]
      : [asTextMap(own.labels), ['spec', 'workloadSelector', 'labels']]
  const isForAll = Object.keys(labels).length === 0
  const isEverywhere = namespace === rootNamespace && (isForAll || SELECTING_EVERYWHERE.has(kind))
  say(
    { type: 'workloads', namespace: isEverywhere ? null : namespace, labels },
    isForAll ? ['spec'] : path,
    'applies to',
  )
}

function gatewayRoute({ spec, namespace, say }: Reading): void {
  for (const [parent, index] of items(spec.parentRefs)) {
    const path = ['spec', 'parentRefs', index]
    reference(say, parent, path, namespace, 'is attached to', { group: GATEWAY_API, kind: 'Gateway' })
  }
  for (const [rule, index] of items(spec.rules)) {
    const path = ['spec', 'rules', index]
    const filtersOf = (holder: Fields, at: FieldPath) => {
      for (const [filter, nth] of items(holder.filters)) {
        const where = [...at, 'filters', nth]
        const { backendRef } = asFields(filter.requestMirror)
        const mirror = [...where, 'requestMirror', 'backendRef']
        reference(say, asFields(backendRef), mirror, namespace, 'mirrors requests to', SERVICE)
        const extension = [...where, 'extensionRef']
        reference(say, asFields(filter.extensionRef), extension, namespace, 'is filtered by')
      }
    }
    filtersOf(rule, path)
    for (const [backend, nth] of items(rule.backendRefs)) {
      const at = [...path, 'backendRefs', nth]
      reference(say, backend, at, namespace, 'sends requests to', SERVICE)
      filtersOf(backend, at)
    }
  }
}

function k8sGateway({ spec, namespace, say }: Reading): void {
  const name = asText(spec.gatewayClassName)
  if (name !== '') {
    say(named(GATEWAY_API, 'GatewayClass', name, ''), ['spec', 'gatewayClassName'], 'is of the class')
  }
  for (const [listener, index] of items(spec.listeners)) {
    for (const [each, nth] of items(asFields(listener.tls).certificateRefs)) {
      const path = ['spec', 'listeners', index, 'tls', 'certificateRefs', nth]
      reference(say, each, path, namespace, 'presents the certificate of', { group: '', kind: 'Secret' })
    }
  }
}

function backendTlsPolicy({ spec, namespace, say }: Reading): void {
  for (const [each, index] of items(spec.targetRefs)) {
    reference(say, each, ['spec', 'targetRefs', index], namespace, 'applies to', SERVICE)
  }
  for (const [each, index] of items(asFields(spec.validation).caCertificateRefs)) {
    const path = ['spec', 'validation', 'caCertificateRefs', index]
    reference(say, each, path, namespace, 'trusts the certificates of', { group: '', kind: 'ConfigMap' })
  }
}

function referenceGrant({ spec, namespace, say }: Reading): void {
  for (const [each, index] of items(spec.to)) {
    // without a name all of the kind are meant
    if (asText(each.name) === '') continue
    reference(say, each, ['spec', 'to', index], namespace, 'lets others refer to', SERVICE)
  }
}

const SERVICE = { group: '', kind: 'Service' }

/** A reference of the Gateway API or of a policy: what it leaves out is as the field's definition says. */
function reference(
  say: Say,
  value: Fields,
  path: FieldPath,
  namespace: string,
  why: string,
  preset: { group: string; kind: string } = SERVICE,
): void {
  const name = asText(value.name)
  if (name === '') return
  const kind = asText(value.kind) || preset.kind
  const group = typeof value.group === 'string' ? value.group : preset.group
  // a ServiceEntry's host in the place of a service
  if (group === NETWORKING && kind === 'Hostname') {
    say({ type: 'host', host: resolveHost(name, namespace) }, [...path, 'name'], why)
    return
  }
  const owner = kind === 'GatewayClass' ? '' : asText(value.namespace) || namespace
  say({ type: 'object', group, kind, namespace: owner, name }, [...path, 'name'], why)
}

function selected(say: Say, namespace: string, value: unknown, path: FieldPath, why = 'stands for'): void {
  const labels = asTextMap(value)
  if (Object.keys(labels).length > 0) say({ type: 'workloads', namespace, labels }, path, why)
}

/** Secrets are named, never read. In a Gateway's own proxies' namespace where none is known. */
function secret(say: Say, value: unknown, namespace: string, path: FieldPath): void {
  const name = asText(value)
  if (name === '') return
  say({ type: 'object', group: '', kind: 'Secret', namespace, name }, path, 'takes its certificate from')
}

/** `namespace/name`, or a name of the object's own namespace. */
function named(group: string, kind: string, text: string, namespace: string): Target {
  const slash = text.indexOf('/')
  return slash < 0
    ? { type: 'object', group, kind, namespace, name: text }
    : { type: 'object', group, kind, namespace: text.slice(0, slash), name: text.slice(slash + 1) }
}

function hostTarget(host: string, namespace: string): Target {
  return { type: 'host', host: resolveHost(host, namespace) }
}
