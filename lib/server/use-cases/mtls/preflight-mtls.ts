import 'server-only'
import { WINDOWS, type Notice } from '@/lib/api/schemas/common'
import type { ChangeItem } from '@/lib/api/schemas/config/changes'
import { PreflightBody, type Preflight } from '@/lib/api/schemas/config/mtls'
import { contentOf } from '@/lib/changes/content'
import { diffJson } from '@/lib/changes/difference/json-patch'
import {
  clashesOf,
  reaches,
  readmittedCallers,
  refusedCallers,
  type Reach,
  type RefusedCaller,
} from '@/lib/istio/mutual-tls/preflight'
import { identityLosses } from '@/lib/istio/mutual-tls/identity'
import { judge } from '@/lib/istio/mutual-tls/judge'
import { isGoverned, podsWithoutProxy } from '@/lib/istio/mutual-tls/enforced'
import { portUses } from '@/lib/istio/mutual-tls/exposure'
import {
  modeChanges,
  modeOn,
  policyEdit,
  selectedBy,
  withEdit,
  type ModeChange,
  type ModeTarget,
  type PolicyEdit,
} from '@/lib/istio/mutual-tls/proposal'
import { isOutOfMesh } from '@/lib/istio/data-plane'
import { effectiveMtls } from '@/lib/istio/mtls'
import { isUnread } from '@/lib/istio/unread'
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { invalid, notFound, noticeOf, Refusal } from '../../errors'
import { readJson } from '../../read-json'
import { gridInstant } from '../../snapshots/grid'
import { currentAccess, isVisible, withoutHidden } from '../../session/access'
import { requireSight } from '../../session/narrow'
import { whyHidden } from '../../snapshots/objects'
import { currentInventories, type Upstreams } from '../../upstreams'
import { readSecurity } from './read-security'

/**
 * Who would be refused if a mode were set somewhere, judged by the traffic of a window: `breaks` as soon as one
 * caller would be, `safe` only where the window is covered and there was traffic to judge by, else `insufficient`.
 * Changes nothing. Throws Refusal for a place that does not exist or cannot carry a mode.
 */
export async function preflightMtls(
  up: Upstreams,
  request: Request,
  signal?: AbortSignal,
): Promise<Preflight> {
  const body = await readJson(request, PreflightBody)
  const index = clusterOf(up, body.scope?.cluster ?? body.ref?.cluster)
  await requireSight(up, index.inventory.cluster, body.scope?.namespace ?? body.ref?.namespace ?? null)
  const access = await currentAccess(up)
  const { cluster } = index.inventory
  const why = up.inventories
    .filter((source) => source.cluster === cluster)
    .map((source) => whyHidden(source, ['PeerAuthentication']))
    .find((words) => words !== null)
  if (why != null) {
    throw new Refusal(
      'unavailable',
      `Which mode holds now, and which policy would have to change, is not known. ${why}`,
      { code: 'kubernetes-not-read' },
    )
  }
  const target = targetOf(index, body)
  const edit = policyEdit(index, target, body.mode)
  if ('problem' in edit) throw invalid(body.ref ? 'ref' : 'scope', edit.problem)
  const after = withEdit(index.inventory, edit)
  const changes = modeChanges(index, after)
  const scrape = (await up.facts.get()).scrapeIntervalSeconds
  const to = gridInstant(up.clock.now(), scrape * 1000, up.config.refresh.lagMs)
  const windowSeconds = WINDOWS[body.window]
  const notices: Notice[] = []
  const namespaces = [
    ...new Set(changes.filter(({ isEnforced }) => isEnforced).map(({ workload }) => workload.namespace)),
  ].sort()
  const read =
    namespaces.length === 0
      ? null
      : await readSecurity(
          up,
          {
            namespaces,
            windowSeconds,
            to,
            seesMutual: changes.some(({ after: mode }) => mode === 'DISABLE'),
          },
          signal,
        ).catch((error: unknown) => {
          if (!isUpstreamError(error)) throw error
          notices.push(noticeOf(error, 'Nobody can be told who would be refused.'))
          return null
        })
  const reached = reaches(index, changes, read?.rows ?? [], up.config.defaultCluster)
  const losses = identityLosses(index, changes)
  const callers = refusedCallers(index, reached, losses)
  const clashes = clashesOf(index, changes)
  const ports = portUses(index, changes)
  const inScope = scopeOf(index, target, edit)
  const coveredSeconds = read?.coveredSeconds ?? null
  const { verdict, reasons } = judge({
    changes,
    callers,
    clashes,
    reached,
    ports,
    losses,
    hasUnreadPolicies: isUnread(index, 'AuthorizationPolicy'),
    hasUnreadRules: isUnread(index, 'DestinationRule'),
    coverage: { windowSeconds, coveredSeconds, isAnswered: notices.length === 0 },
  })
  return withoutHidden(up, access, cluster, {
    verdict,
    callers: callers.map((caller) => callerItem(index, caller)).sort(byRate),
    edit: changeItems(index.inventory.cluster, edit),
    evidence: {
      reasons,
      from: coveredSeconds === null ? null : to - windowSeconds * 1000,
      to,
      windowSeconds,
      coveredSeconds,
      requestsPerSecond: read
        ? reached.reduce((sum, { row }) => sum + (row.requestsPerSecond ?? 0), 0)
        : null,
      changes: changes.map(({ workload, ...change }) => ({ ...placeOf(workload), ...change })),
      clashes: clashes.map(({ workload, ...clash }) => ({ ...clash, target: placeOf(workload) })),
      ports: ports.map(({ workload, ...use }) => ({ ...use, target: placeOf(workload) })),
      podsWithoutProxy: inScope.flatMap((workload) => {
        const pods = podsWithoutProxy(workload, index).slice(0, MOST_PODS)
        const { namespace, name } = workload
        return pods.length === 0 ? [] : [{ namespace, workload: name, pods }]
      }),
      keepOwn: keepOwn(indexInventory(after), inScope, target.port ?? null, body.mode),
      readmitted: readmittedCallers(index, reached)
        .map((caller) => callerItem(index, caller))
        .sort(byRate),
      silent: read ? silentWorkloads(changes, reached) : [],
      possibleCallers: callers.some(({ row }) => row.source.workload === null)
        ? index.inventory.workloads
            .filter((workload) => isOutOfMesh(workload, index))
            .filter(({ namespace }) => isVisible(access, cluster, namespace))
            .map(({ namespace, name }) => `${namespace}/${name}`)
            .sort()
        : [],
      queries: read?.queries ?? [],
    },
    notices,
  })
}

function clusterOf(up: Upstreams, name: string | undefined): InventoryIndex {
  const inventories = currentInventories(up.inventories)
  if (inventories.length === 0) {
    throw new Refusal(
      'unavailable',
      'The objects of no cluster have been read, so what a mode would change is not known.',
      { code: 'kubernetes-not-read' },
    )
  }
  const [only, ...others] = inventories
  const wanted = name ?? (others.length === 0 ? only?.cluster : up.config.defaultCluster)
  const found = inventories.find(({ cluster }) => cluster === wanted)
  if (!found) {
    const known = inventories.map(({ cluster }) => cluster).join(', ')
    throw notFound(`There is no cluster ${wanted ?? ''}; there are: ${known}.`, 'cluster-not-found')
  }
  return indexInventory(found)
}

function targetOf(index: InventoryIndex, { scope, ref }: PreflightBody): ModeTarget {
  if (ref) {
    const policy = (index.config.get('PeerAuthentication') ?? []).find(
      ({ metadata }) => metadata.namespace === ref.namespace && metadata.name === ref.name,
    )
    if (!policy) {
      throw notFound(
        `There is no PeerAuthentication ${ref.name} in namespace ${ref.namespace}.`,
        'object-not-found',
      )
    }
    return { policy, port: ref.port ?? null }
  }
  const { namespace, workload, port } = scope ?? {}
  if (workload === undefined && port !== undefined) {
    throw invalid('scope', 'A port has a mode of its own only in a policy that selects workloads: name one.')
  }
  if (namespace === undefined) {
    if (workload !== undefined) throw invalid('scope', 'A workload needs its namespace.')
    return { namespace: null }
  }
  if (!index.namespaces.has(namespace)) {
    throw notFound(`There is no namespace ${namespace}.`, 'namespace-not-found')
  }
  if (workload === undefined) return { namespace }
  const found = index.workloads.get(`${namespace}/${workload}`)
  if (!found)
    throw notFound(`There is no workload ${workload} in namespace ${namespace}.`, 'workload-not-found')
  if (namespace === index.inventory.rootNamespace) {
    throw invalid(
      'scope',
      `Policies that select workloads reach nobody in ${namespace}, the root namespace of the mesh.`,
    )
  }
  return { namespace, workload: found, port: port ?? null }
}

/** More pods of one workload are not listed: that they have no proxy is said by the first. */
const MOST_PODS = 20

/** The workloads a mode is set for, whether their own policies let it through or not. */
function scopeOf(
  index: InventoryIndex,
  target: ModeTarget,
  { before, after }: PolicyEdit,
): WorkloadInventory[] {
  const policy = before ?? after
  const all =
    'policy' in target || target.workload
      ? policy
        ? selectedBy(index, policy)
        : []
      : index.inventory.workloads.filter(
          ({ namespace }) => target.namespace === null || namespace === target.namespace,
        )
  return all.filter(isGoverned)
}

/** Workloads and ports for which another policy has the last word. */
function keepOwn(
  after: InventoryIndex,
  workloads: readonly WorkloadInventory[],
  port: number | null,
  mode: PreflightBody['mode'],
): string[] {
  if (mode === 'UNSET') return []
  return workloads.flatMap((workload) => {
    const name = `${workload.namespace}/${workload.name}`
    const { configured, perPort } = effectiveMtls(workload, after)
    const at = port === null ? configured : modeOn({ mode: configured, perPort }, port)
    if (at !== mode) return [name]
    return port === null
      ? perPort.flatMap((each) => (each.mode === mode ? [] : [`${name}:${each.port}`]))
      : []
  })
}

/** The edit as the change pipeline takes it: a patch of what differs, guarded by the state that was judged. */
function changeItems(cluster: string, { before, after }: PolicyEdit): ChangeItem[] {
  const object = before ?? after
  if (!object || before === after) return []
  const { apiVersion, kind, metadata } = object
  const [group = '', version = ''] = apiVersion.split('/')
  const ref = { cluster, group, version, kind, namespace: metadata.namespace ?? '', name: metadata.name }
  if (!before) return [{ op: 'create', ref, object: contentOf(object) }]
  const { resourceVersion } = before.metadata
  const guard = { base: before, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
  if (!after) return [{ op: 'delete', ref, ...guard }]
  const patch = diffJson(contentOf(before), contentOf(after))
  return patch.length === 0 ? [] : [{ op: 'patch', ref, patch, ...guard }]
}

function placeOf({ cluster, namespace, name }: ModeChange['workload']) {
  return { cluster, namespace, workload: name }
}

function callerItem(index: InventoryIndex, caller: RefusedCaller): Preflight['callers'][number] {
  const { row, workload, service, port, certain, reason } = caller
  const { source } = row
  return {
    source: {
      cluster: source.cluster ?? (caller.caller ? index.inventory.cluster : null),
      namespace: source.namespace,
      workload: source.workload ?? source.app,
    },
    target: { ...placeOf(workload), service, port },
    protocol: row.protocol,
    requestsPerSecond: row.requestsPerSecond,
    connectionsPerSecond: row.connectionsPerSecond,
    identity: row.principal,
    dataPlane: caller.callerDataPlane,
    podsWithoutProxy: caller.podsWithoutProxy,
    lastSeen: row.lastSeen,
    certain,
    reason,
  }
}

function byRate(a: Preflight['callers'][number], b: Preflight['callers'][number]): number {
  const rate = (one: typeof a) => one.requestsPerSecond ?? one.connectionsPerSecond ?? 0
  const key = ({ source, target }: typeof a) => JSON.stringify([source, target])
  return rate(b) - rate(a) || (key(a) < key(b) ? -1 : 1)
}

function silentWorkloads(changes: readonly ModeChange[], reached: readonly Reach[]): string[] {
  const called = new Set(reached.map(({ workload }) => `${workload.namespace}/${workload.name}`))
  const changing = changes
    .filter(({ isEnforced }) => isEnforced)
    .map(({ workload }) => `${workload.namespace}/${workload.name}`)
  return [...new Set(changing)].filter((name) => !called.has(name)).sort()
}
