/** The kinds we watch, and which of a cluster's versions of them to read. */

/** What becomes of a kind's objects. */
export type KindRole =
  'namespace' | 'pod' | 'service' | 'serviceAccount' | 'workload' | 'replicaSet' | 'config'

export interface WatchedKind {
  /** '' for the core group */
  group: string
  kind: string
  /** versions whose fields we know, the best first */
  versions: readonly string[]
  role: KindRole
  /** a cluster without it is worth a word to the reader */
  isExpected: boolean
}

/** A kind as one cluster serves it. */
export interface ServedKind {
  group: string
  version: string
  kind: string
  plural: string
  isNamespaced: boolean
}

const kinds = (
  group: string,
  versions: readonly string[],
  role: KindRole,
  isExpected: boolean,
  names: string[],
) => names.map((kind): WatchedKind => ({ group, kind, versions, role, isExpected }))

const ISTIO_NETWORKING = ['v1', 'v1beta1', 'v1alpha3']

export const WATCHED_KINDS: readonly WatchedKind[] = [
  ...kinds('', ['v1'], 'namespace', true, ['Namespace']),
  ...kinds('', ['v1'], 'pod', true, ['Pod']),
  ...kinds('', ['v1'], 'service', true, ['Service']),
  ...kinds('', ['v1'], 'serviceAccount', true, ['ServiceAccount']),
  ...kinds('apps', ['v1'], 'workload', true, ['Deployment', 'StatefulSet', 'DaemonSet']),
  ...kinds('apps', ['v1'], 'replicaSet', true, ['ReplicaSet']),
  ...kinds('batch', ['v1'], 'workload', false, ['Job', 'CronJob']),
  ...kinds('networking.istio.io', ISTIO_NETWORKING, 'config', true, [
    'VirtualService',
    'DestinationRule',
    'Gateway',
    'ServiceEntry',
    'Sidecar',
  ]),
  ...kinds('networking.istio.io', ISTIO_NETWORKING, 'config', false, [
    'WorkloadEntry',
    'WorkloadGroup',
    'EnvoyFilter',
    'ProxyConfig',
  ]),
  ...kinds('security.istio.io', ['v1', 'v1beta1'], 'config', true, [
    'PeerAuthentication',
    'AuthorizationPolicy',
    'RequestAuthentication',
  ]),
  ...kinds('telemetry.istio.io', ['v1', 'v1alpha1'], 'config', false, ['Telemetry']),
  ...kinds('extensions.istio.io', ['v1alpha1'], 'config', false, ['WasmPlugin']),
  ...kinds('gateway.networking.k8s.io', ['v1', 'v1beta1', 'v1alpha3', 'v1alpha2'], 'config', false, [
    'GatewayClass',
    'Gateway',
    'HTTPRoute',
    'GRPCRoute',
    'TCPRoute',
    'TLSRoute',
    'UDPRoute',
    'ReferenceGrant',
    'BackendTLSPolicy',
  ]),
  // canary controllers: a Rollout is a workload that also says how traffic is to move
  ...kinds('argoproj.io', ['v1alpha1'], 'workload', false, ['Rollout']),
  ...kinds('flagger.app', ['v1beta1'], 'config', false, ['Canary']),
]

/** `Kind.group`, or `Kind` alone in the core group: tells the two kinds named Gateway apart. */
export function qualifiedKind(of: { group: string; kind: string }): string {
  return of.group === '' ? of.kind : `${of.kind}.${of.group}`
}

/** `/apis/{group}/{version}/…/{plural}`, of all namespaces or of one. */
export function resourcePath(served: ServedKind, namespace?: string): string {
  const root = served.group === '' ? `/api/${served.version}` : `/apis/${served.group}/${served.version}`
  const where =
    namespace === undefined || !served.isNamespaced ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${root}${where}/${served.plural}`
}

/** What discovery found: the versions of each group in the server's order, and each version's resources. */
export interface DiscoveredApi {
  /** by `group/version` (`v1` for core) */
  resources: ReadonlyMap<
    string,
    readonly { name: string; kind: string; namespaced: boolean; verbs: readonly string[] }[]
  >
}

/**
 * The version of each wanted kind to read: the best we know among those in which the cluster lists and
 * watches it. Undefined for kinds the cluster lacks.
 */
export function findServed(wanted: WatchedKind, api: DiscoveredApi): ServedKind | undefined {
  for (const version of wanted.versions) {
    const groupVersion = wanted.group === '' ? version : `${wanted.group}/${version}`
    const resource = api.resources
      .get(groupVersion)
      ?.find((one) => one.kind === wanted.kind && !one.name.includes('/') && canWatch(one.verbs))
    if (resource) {
      return {
        group: wanted.group,
        version,
        kind: wanted.kind,
        plural: resource.name,
        isNamespaced: resource.namespaced,
      }
    }
  }
  return undefined
}

function canWatch(verbs: readonly string[]): boolean {
  return verbs.includes('list') && verbs.includes('watch')
}
