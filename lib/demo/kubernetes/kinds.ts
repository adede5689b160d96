/**
 * The kinds the embedded API server serves. Discovery, storage, validation and the tables of `kubectl get`
 * all read this one list.
 */

export type Subresource = 'status' | 'scale' | 'log' | 'portforward'

export interface ResourceKind {
  /** '' for the core group */
  group: string
  /** served versions; the first is preferred and is the one objects are kept in */
  versions: readonly string[]
  kind: string
  plural: string
  singular: string
  shortNames: readonly string[]
  categories: readonly string[]
  namespaced: boolean
  subresources: readonly Subresource[]
  /** defined by a CustomResourceDefinition rather than built in */
  custom: boolean
  /** metadata.generation counts changes of everything but metadata and status */
  tracksGeneration: boolean
}

type Options = Partial<Omit<ResourceKind, 'group' | 'versions' | 'kind' | 'plural' | 'singular'>>

function builtin(
  group: string,
  version: string,
  kind: string,
  plural: string,
  options: Options = {},
): ResourceKind {
  return {
    group,
    versions: [version],
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    subresources: [],
    custom: false,
    tracksGeneration: false,
    ...options,
  }
}

const WORKLOAD = { categories: ['all'], tracksGeneration: true } as const

function istio(
  group: string,
  versions: readonly string[],
  kind: string,
  plural: string,
  shortNames: string[],
) {
  const category = group.split('.', 1)[0] ?? ''
  return {
    ...builtin(group, versions[0] ?? 'v1', kind, plural, { shortNames, subresources: ['status'] }),
    versions,
    categories: ['istio-io', `${category}-istio-io`],
    custom: true,
    tracksGeneration: true,
  }
}

function gatewayApi(versions: readonly string[], kind: string, plural: string, options: Options = {}) {
  return {
    ...builtin('gateway.networking.k8s.io', versions[0] ?? 'v1', kind, plural, { subresources: ['status'] }),
    versions,
    categories: ['gateway-api'],
    custom: true,
    tracksGeneration: true,
    ...options,
  }
}

const NETWORKING = ['v1', 'v1beta1', 'v1alpha3']
const SECURITY = ['v1', 'v1beta1']

export const RESOURCE_KINDS: readonly ResourceKind[] = [
  builtin('', 'v1', 'Namespace', 'namespaces', {
    namespaced: false,
    shortNames: ['ns'],
    subresources: ['status'],
  }),
  builtin('', 'v1', 'Node', 'nodes', { namespaced: false, shortNames: ['no'], subresources: ['status'] }),
  builtin('', 'v1', 'Pod', 'pods', {
    shortNames: ['po'],
    categories: ['all'],
    subresources: ['status', 'log', 'portforward'],
  }),
  builtin('', 'v1', 'Service', 'services', {
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status'],
  }),
  builtin('', 'v1', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'] }),
  builtin('', 'v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  builtin('', 'v1', 'Secret', 'secrets'),
  builtin('', 'v1', 'Event', 'events', { shortNames: ['ev'] }),
  builtin('', 'v1', 'Endpoints', 'endpoints', { shortNames: ['ep'] }),
  builtin('apps', 'v1', 'Deployment', 'deployments', {
    ...WORKLOAD,
    shortNames: ['deploy'],
    subresources: ['status', 'scale'],
  }),
  builtin('apps', 'v1', 'ReplicaSet', 'replicasets', {
    ...WORKLOAD,
    shortNames: ['rs'],
    subresources: ['status', 'scale'],
  }),
  builtin('apps', 'v1', 'StatefulSet', 'statefulsets', {
    ...WORKLOAD,
    shortNames: ['sts'],
    subresources: ['status', 'scale'],
  }),
  builtin('apps', 'v1', 'DaemonSet', 'daemonsets', {
    ...WORKLOAD,
    shortNames: ['ds'],
    subresources: ['status'],
  }),
  builtin('batch', 'v1', 'Job', 'jobs', { ...WORKLOAD, subresources: ['status'] }),
  builtin('batch', 'v1', 'CronJob', 'cronjobs', {
    ...WORKLOAD,
    shortNames: ['cj'],
    subresources: ['status'],
  }),
  builtin('coordination.k8s.io', 'v1', 'Lease', 'leases'),
  builtin('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices'),
  builtin('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
    namespaced: false,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: ['status'],
    tracksGeneration: true,
  }),
  builtin(
    'admissionregistration.k8s.io',
    'v1',
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    {
      namespaced: false,
      categories: ['api-extensions'],
      tracksGeneration: true,
    },
  ),
  builtin(
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    {
      namespaced: false,
      categories: ['api-extensions'],
      tracksGeneration: true,
    },
  ),
  istio('networking.istio.io', NETWORKING, 'VirtualService', 'virtualservices', ['vs']),
  istio('networking.istio.io', NETWORKING, 'DestinationRule', 'destinationrules', ['dr']),
  istio('networking.istio.io', NETWORKING, 'Gateway', 'gateways', ['gw']),
  istio('networking.istio.io', NETWORKING, 'ServiceEntry', 'serviceentries', ['se']),
  istio('networking.istio.io', NETWORKING, 'Sidecar', 'sidecars', []),
  istio('networking.istio.io', NETWORKING, 'WorkloadEntry', 'workloadentries', ['we']),
  istio('networking.istio.io', NETWORKING, 'WorkloadGroup', 'workloadgroups', ['wg']),
  istio('networking.istio.io', ['v1alpha3'], 'EnvoyFilter', 'envoyfilters', []),
  istio('networking.istio.io', ['v1beta1'], 'ProxyConfig', 'proxyconfigs', []),
  istio('security.istio.io', SECURITY, 'PeerAuthentication', 'peerauthentications', ['pa']),
  istio('security.istio.io', SECURITY, 'AuthorizationPolicy', 'authorizationpolicies', ['ap']),
  istio('security.istio.io', SECURITY, 'RequestAuthentication', 'requestauthentications', ['ra']),
  istio('telemetry.istio.io', ['v1', 'v1alpha1'], 'Telemetry', 'telemetries', ['telemetry']),
  istio('extensions.istio.io', ['v1alpha1'], 'WasmPlugin', 'wasmplugins', []),
  gatewayApi(['v1', 'v1beta1'], 'GatewayClass', 'gatewayclasses', { namespaced: false, shortNames: ['gc'] }),
  gatewayApi(['v1', 'v1beta1'], 'Gateway', 'gateways', { shortNames: ['gtw'] }),
  gatewayApi(['v1', 'v1beta1'], 'HTTPRoute', 'httproutes'),
  gatewayApi(['v1'], 'GRPCRoute', 'grpcroutes'),
  gatewayApi(['v1alpha2'], 'TCPRoute', 'tcproutes'),
  gatewayApi(['v1', 'v1alpha3', 'v1alpha2'], 'TLSRoute', 'tlsroutes'),
  gatewayApi(['v1', 'v1beta1'], 'ReferenceGrant', 'referencegrants', {
    shortNames: ['refgrant'],
    subresources: [],
  }),
]

/** `Kind.group`, or `Kind` alone in the core group: what tells the two kinds named Gateway apart. */
export function qualifiedKind(kind: string, group: string): string {
  return group === '' ? kind : `${kind}.${group}`
}

const byQualified = new Map(
  RESOURCE_KINDS.map((resource) => [qualifiedKind(resource.kind, resource.group), resource]),
)
const byPlural = new Map(RESOURCE_KINDS.map((resource) => [`${resource.plural}.${resource.group}`, resource]))

export function findKind(kind: string, group: string): ResourceKind | undefined {
  return byQualified.get(qualifiedKind(kind, group))
}

/** The resource behind a URL segment, e.g. `virtualservices` of `networking.istio.io`. */
export function findResource(group: string, plural: string): ResourceKind | undefined {
  return byPlural.get(`${plural}.${group}`)
}

/** The group of an apiVersion: `''` for `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash === -1 ? '' : apiVersion.slice(0, slash)
}

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}
