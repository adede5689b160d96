import 'server-only'
import { backoffMs, delay as realDelay } from '@/lib/http/backoff'
import { createLimiter } from '@/lib/http/limiter'
import type {
  ClusterInventory,
  ConfigObject,
  NamespaceInventory,
  ServiceInventory,
} from '@/lib/mesh/inventory'
import { isUpstreamError, type UpstreamErrorKind } from '@/lib/mesh/upstream-error'
import { createKubernetesClient } from '../client'
import type { KubernetesClient } from '../client'
import {
  decodeConfig,
  decodeEvent,
  decodeMeshConfig,
  decodeNamespace,
  decodePod,
  decodeReplicaSet,
  decodeService,
  decodeServiceAccount,
  decodeWorkload,
} from './decode'
import type { KubernetesEvent, PodRecord, WorkloadRecord } from './decode'
import { discover, readVersion } from '../discovery'
import { rememberEdit } from './edits'
import { buildInventory } from './inventory'
import { findServed, qualifiedKind, resourcePath, WATCHED_KINDS } from '../kinds'
import type { ServedKind, WatchedKind } from '../kinds'
import { noticesOf } from './notices'
import type { InventoryNotice, KindReport } from './notices'
import { createReflector } from './reflector'
import type { Reflector } from './reflector'

export interface InventorySourceOptions {
  /** path or text of a kubeconfig, or the pod's own service account */
  kubeconfig: string | 'in-cluster'
  /** name the cluster has in ids and labels */
  cluster: string
  now: () => number
  random?: () => number
  delay?: (ms: number, signal?: AbortSignal) => Promise<void>
  /** called after changes, at most once per turn of the event loop */
  onChange?: () => void
  /** how often to look for kinds that came or went; default 60 s */
  rediscoverMs?: number
  /** events kept, newest; default 2,000 */
  maxEvents?: number
}

export interface InventoryView {
  /** null until every kind was listed or refused once */
  inventory: ClusterInventory | null
  ready: boolean
  /** when the API server was last heard, epoch milliseconds */
  lastHeardAt: number | null
  notices: InventoryNotice[]
  /** such as `v1.34.1` */
  version: string | null
  /** why nothing, or nothing new, comes; null while all is well */
  error: string | null
  /** the kind of that failure; null too where it is none of the API server's */
  failure: UpstreamErrorKind | null
  kinds: KindReport[]
}

/** One cluster, kept up to date in the background from creation until `stop`. */
export interface InventorySource {
  readonly cluster: string
  /** for single reads of the same cluster with the same credentials */
  readonly client: KubernetesClient
  /** what is known now; `inventory` is the same object until something in it changed */
  current(): InventoryView
  readonly objectCount: number
  /** newest last, bounded */
  events(): KubernetesEvent[]
  /** called after changes, at most once per turn of the event loop; answers the end of it */
  subscribe(listener: () => void): () => void
  /** ends every request and timer; what was known stays readable */
  stop(): Promise<void>
}

const MESH_CONFIG_KIND = 'ConfigMap'
const EVENT_KIND = 'Event'
const DEPLOYMENT_KIND = 'Deployment.apps'
const CONFIG_KINDS = new Set(WATCHED_KINDS.filter(({ role }) => role === 'config').map(qualifiedKind))
const DEFAULT_ROOT_NAMESPACE = 'istio-system'
/** lists at once: a start must not weigh on the API server */
const LISTS_AT_ONCE = 4

/** Throws KubeConfigError at once when the kubeconfig is not usable; a cluster that is away is waited for. */
export function createInventorySource(options: InventorySourceOptions): InventorySource {
  const { cluster, now } = options
  const random = options.random ?? Math.random
  const delay = options.delay ?? realDelay
  const client = createKubernetesClient({ kubeconfig: options.kubeconfig, delay, random })
  const lists = createLimiter(LISTS_AT_ONCE)
  const ending = new AbortController()
  const { signal } = ending

  /** by qualified kind; a kind the cluster lacks has none */
  const reflectors = new Map<string, Reflector<unknown>>()
  const served = new Map<string, ServedKind>()
  let meshConfigNamespace: string | null = null
  let hasDiscovered = false
  let version: string | null = null
  let discoveryError: { message: string; kind: UpstreamErrorKind | null } | null = null
  /** once complete, an inventory is shown whatever comes: a kind that joins later fills itself in */
  let isReady = false
  let inventoryMemo: { key: string; inventory: ClusterInventory } | null = null
  let configMemo: { key: string; config: ClusterInventory['config'] } | null = null

  const listeners = new Set<() => void>()
  if (options.onChange) listeners.add(options.onChange)
  let isNotifying = false

  function notify(): void {
    if (isNotifying || signal.aborted) return
    isNotifying = true
    setImmediate(() => {
      isNotifying = false
      if (signal.aborted) return
      for (const listener of [...listeners]) listener()
    })
  }

  function reflect<T>(
    kind: string,
    path: string,
    decode: (object: unknown) => T | undefined | null,
    bound?: { maxObjects: number; timeOf: (value: T) => number },
  ): void {
    const reflector = createReflector<T>({
      client,
      path,
      decode,
      lists,
      ...bound,
      now,
      random,
      delay,
      onChange: () => {
        if (kind === DEPLOYMENT_KIND) watchMeshConfig()
        notify()
      },
    })
    reflectors.set(kind, reflector)
  }

  /** What the cluster serves now: starts what came, ends what went or moved to another version. */
  async function adopt(): Promise<void> {
    const api = await discover(client, WATCHED_KINDS, signal)
    if (signal.aborted) return
    const ended: Promise<void>[] = []
    for (const wanted of WATCHED_KINDS) {
      const name = qualifiedKind(wanted)
      const before = served.get(name)
      const after = findServed(wanted, api)
      const old = reflectors.get(name)
      // a CRD deleted and made again between two looks leaves a reflector that waits
      if (before?.version === after?.version && old?.state !== 'absent') continue
      if (old) {
        reflectors.delete(name)
        ended.push(old.stop())
      }
      if (after) {
        served.set(name, after)
        reflect(name, resourcePath(after), decoderOf(wanted, after, cluster))
      } else served.delete(name)
    }
    const core = api.resources.get('v1') ?? []
    if (
      !reflectors.has(EVENT_KIND) &&
      core.some((one) => one.kind === EVENT_KIND && one.verbs.includes('watch'))
    ) {
      reflect(EVENT_KIND, '/api/v1/events', (object) => decodeEvent(object, cluster), {
        maxObjects: options.maxEvents ?? 2_000,
        timeOf: (event) => event.lastAt ?? 0,
      })
    }
    hasDiscovered = true
    discoveryError = null
    if (!served.has(DEPLOYMENT_KIND)) watchMeshConfig()
    notify()
    await Promise.all(ended)
  }

  /**
   * The mesh-wide settings lie where istiod runs, which only its Deployment tells. Only that namespace's
   * ConfigMaps are read, and only Istio's kept.
   */
  function watchMeshConfig(): void {
    const deployments = reflectors.get(DEPLOYMENT_KIND) as Reflector<WorkloadRecord> | undefined
    if (signal.aborted || (deployments && !deployments.hasAnswered)) return
    const homes = new Set<string>()
    for (const one of deployments?.values() ?? []) {
      if (one.labels['app'] === 'istiod' || one.podLabels['app'] === 'istiod') homes.add(one.namespace)
    }
    const home = homes.has(DEFAULT_ROOT_NAMESPACE) ? undefined : [...homes].sort()[0]
    const namespace = home ?? DEFAULT_ROOT_NAMESPACE
    if (namespace === meshConfigNamespace) return
    meshConfigNamespace = namespace
    void reflectors.get(MESH_CONFIG_KIND)?.stop()
    reflect(
      MESH_CONFIG_KIND,
      `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`,
      decodeMeshConfig,
    )
  }

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        version ??= await readVersion(client, signal)
        await adopt()
        failures = 0
        await delay((options.rediscoverMs ?? 60_000) * (0.75 + 0.5 * random()), signal)
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        discoveryError = isUpstreamError(error) ? error : { message: String(error), kind: null }
        notify()
        await delay(backoffMs(failures, random), signal)
      }
    }
  }

  function valuesOf<T>(name: string): Iterable<T> {
    return ((reflectors.get(name) as Reflector<T> | undefined)?.values() ?? []) as Iterable<T>
  }

  function* valuesOfRole<T>(role: WatchedKind['role']): Iterable<T> {
    for (const wanted of WATCHED_KINDS) if (wanted.role === role) yield* valuesOf<T>(qualifiedKind(wanted))
  }

  function inventory(): ClusterInventory {
    const unread = reports()
      .flatMap(({ kind, state }) => (state === 'forbidden' && kind !== EVENT_KIND ? [kind] : []))
      .sort()
    const key = `${revisionsOf((name) => name !== EVENT_KIND)} ${unread.join()}`
    if (inventoryMemo?.key === key) return inventoryMemo.inventory
    const configKey = revisionsOf((name) => CONFIG_KINDS.has(name))
    const known = configMemo?.key === configKey ? configMemo.config : null
    const built = buildInventory({
      cluster,
      namespaces: valuesOfRole<NamespaceInventory>('namespace'),
      workloads: valuesOfRole<WorkloadRecord>('workload'),
      replicaSets: valuesOfRole<WorkloadRecord>('replicaSet'),
      pods: valuesOfRole<PodRecord>('pod'),
      services: valuesOfRole<ServiceInventory>('service'),
      serviceAccounts: valuesOfRole('serviceAccount'),
      config: known ?? valuesOfRole<ConfigObject>('config'),
      meshConfigs: valuesOf(MESH_CONFIG_KIND),
    })
    // pods come and go all the time: what was made of the configuration holds until that changes
    const made = {
      ...built,
      ...(known === null ? {} : { config: known }),
      ...(unread.length === 0 ? {} : { unread }),
    }
    configMemo = { key: configKey, config: made.config }
    inventoryMemo = { key, inventory: made }
    return made
  }

  function revisionsOf(isWanted: (name: string) => boolean): string {
    return [...reflectors]
      .filter(([name]) => isWanted(name))
      .map(([name, one]) => `${name}@${one.revision}`)
      .join()
  }

  function reports(): KindReport[] {
    const names = [...WATCHED_KINDS.map(qualifiedKind), MESH_CONFIG_KIND, EVENT_KIND]
    return names.map((kind): KindReport => {
      const reflector = reflectors.get(kind)
      if (reflector) return { kind, state: reflector.state, lastHeardAt: reflector.lastHeardAt }
      const isAbsent = hasDiscovered && kind !== MESH_CONFIG_KIND
      return { kind, state: isAbsent ? 'absent' : 'retrying', lastHeardAt: null }
    })
  }

  function view(): InventoryView {
    const all = [...reflectors.values()]
    isReady ||=
      hasDiscovered &&
      meshConfigNamespace !== null &&
      all.every((one) => one.hasAnswered) &&
      all.some((one) => one.hasSynced)
    const kinds = reports()
    const broken = [...reflectors].flatMap(([kind, one]) => [...one.broken].map((name) => `${kind} ${name}`))
    const heard = all.flatMap((one) => (one.lastHeardAt === null ? [] : [one.lastHeardAt]))
    const failing = all.find((one) => one.state === 'retrying' && one.error !== null)
    return {
      inventory: isReady ? inventory() : null,
      ready: isReady,
      lastHeardAt: heard.length > 0 ? Math.max(...heard) : null,
      notices: noticesOf(WATCHED_KINDS, kinds, broken),
      version,
      error: (discoveryError ?? failing?.error)?.message ?? null,
      failure: (discoveryError ?? failing?.error)?.kind ?? null,
      kinds,
    }
  }

  const running = run().catch(() => {
    // only a delay ended by `stop` gets here
  })

  return {
    cluster,
    client,
    current: view,
    get objectCount() {
      let count = 0
      for (const reflector of reflectors.values()) count += reflector.size
      return count
    },
    events: () =>
      [...valuesOf<KubernetesEvent>(EVENT_KIND)].sort((a, b) => (a.lastAt ?? 0) - (b.lastAt ?? 0)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      ending.abort()
      listeners.clear()
      await Promise.all([running, ...[...reflectors.values()].map((one) => one.stop())])
    },
  }
}

function decoderOf(wanted: WatchedKind, served: ServedKind, cluster: string): (object: unknown) => unknown {
  switch (wanted.role) {
    case 'namespace':
      return (object) => decodeNamespace(object, cluster)
    case 'pod':
      return (object) => decodePod(object, cluster)
    case 'service':
      return (object) => decodeService(object, cluster)
    case 'serviceAccount':
      return (object) => decodeServiceAccount(object, cluster)
    case 'workload':
      return (object) => decodeWorkload(object, cluster, wanted.kind)
    case 'replicaSet':
      return (object) => decodeReplicaSet(object, cluster)
    case 'config': {
      const apiVersion = served.group === '' ? served.version : `${served.group}/${served.version}`
      return (object) => {
        const decoded = decodeConfig(object, apiVersion, wanted.kind)
        rememberEdit(decoded, object)
        return decoded
      }
    }
  }
}
