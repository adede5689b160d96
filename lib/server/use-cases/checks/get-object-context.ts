import 'server-only'
import { NOT_MEASURED } from '@/lib/api/notice-codes'
import type { ItemKind } from '@/lib/api/paths'
import type { ConfigPath, ConfigQuery } from '@/lib/api/schemas/config/changes'
import type { Notice } from '@/lib/api/schemas/common'
import type { ListItem } from '@/lib/api/schemas/mesh/lists'
import {
  MOST_AFFECTED,
  type ObjectContext,
  type ObjectReference,
} from '@/lib/api/schemas/config/object-context'
import { referencesOf, type Reference } from '@/lib/changes/references/resolve'
import { touchedBy } from '@/lib/changes/touched'
import { unreadAmong, WORKLOADS } from '@/lib/istio/unread'
import { mayDo } from '@/lib/kubernetes/patch'
import { listEvents } from '@/lib/kubernetes/read'
import { nodeId } from '@/lib/mesh/identity'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { refOfObject } from '@/lib/mesh/resource'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { readConfig } from '../../changes/objects'
import { isShown, isSupported, type Target } from '../../changes/targets'
import { within } from '../../clock'
import { isRefusal, noticeOf, upstreamCode } from '../../errors'
import { currentAccess, isVisible } from '../../session/access'
import { clientOf, currentSession } from '../../session/current'
import { forbiddenNotices } from '../../snapshots/objects'
import type { Upstreams } from '../../upstreams'
import { listItems } from '../lists/list-items'

/** The object can be read and changed without its traffic: a Prometheus that is slow is not waited for longer. */
const PATIENCE_MS = 3_000
const MOST_EVENTS = 50
/** events of objects without a namespace lie here */
const DEFAULT_NAMESPACE = 'default'

/**
 * What surrounds an object: what it points to and what points to it, whose traffic it has a say in, its events, and
 * whether it may be changed. What cannot be known is null, with a notice. Throws Refusal('not-found'), UpstreamError.
 */
export async function getObjectContext(
  up: Upstreams,
  path: ConfigPath,
  query: ConfigQuery,
  signal?: AbortSignal,
): Promise<ObjectContext> {
  const [{ target, object }, access] = await Promise.all([
    readConfig(up, path, query, signal),
    currentAccess(up),
  ])
  const { inventory } = target.source.current()
  const isSeen = (namespace: string) => isVisible(access, target.source.cluster, namespace)
  const touched = inventory && touchedNames(object, inventory, isSeen)
  const [workloads, services, events, whyNotWritable] = await Promise.all([
    inventory && readItems(up, 'workloads', inventory.cluster),
    inventory && readItems(up, 'services', inventory.cluster),
    readEvents(target, signal),
    whyNot(up, target, signal),
  ])
  const listed = workloads?.list ?? services?.list ?? null
  const unmeasured = listed?.notices.find(({ code }) => code === NOT_MEASURED)
  const measured = unmeasured ? null : listed
  const notices = [
    ...forbiddenNotices(up, target.source.cluster),
    ...[unmeasured, workloads?.notice, services?.notice, events.notice].filter((one) => one !== undefined),
  ]
  return {
    at: measured?.at ?? null,
    windowSeconds: measured?.windowSeconds ?? null,
    references: inventory && withRefs(referencesOf(object, inventory), inventory.cluster, isSeen),
    services: touched && affected('service', inventory.cluster, touched.services, services?.list?.items),
    workloads: touched && affected('workload', inventory.cluster, touched.workloads, workloads?.list?.items),
    unread: touched?.unread ?? [],
    events: events.list,
    whyNotWritable,
    notices: inventory ? notices : [...notices, notRead(target)],
  }
}

function notRead({ source }: Target): Notice {
  return {
    code: 'kubernetes-not-read',
    message: `The objects of cluster ${source.cluster} have not been read yet, so references and traffic are not known.`,
    upstream: 'kubernetes',
  }
}

/** Workloads behind the services it names have their traffic changed as much as those it selects. */
function touchedNames(
  object: ConfigObject,
  inventory: ClusterInventory,
  isSeen: (namespace: string) => boolean,
) {
  const { kind, metadata, apiVersion } = object
  const { services, workloads, unread } = touchedBy([object], inventory)
  const isService = apiVersion === 'v1' && kind === 'Service'
  const named = isService ? new Set([`${metadata.namespace ?? ''}/${metadata.name}`]) : services
  const index = indexInventory(inventory)
  const behind = [...named].flatMap((service) =>
    (index.workloadsOfService.get(service) ?? []).map(({ namespace, name }) => `${namespace}/${name}`),
  )
  const seen = (paths: Iterable<string>) =>
    new Set([...paths].filter((path) => isSeen(path.slice(0, path.indexOf('/')))))
  // which workloads are behind a service, it and their labels say
  const beside = named.size > 0 ? unreadAmong(inventory, ['Service', ...WORKLOADS]) : []
  return {
    services: seen(named),
    workloads: seen([...workloads, ...behind]),
    unread: [...new Set([...unread, ...beside])],
  }
}

function affected(
  kind: 'workload' | 'service',
  cluster: string,
  names: ReadonlySet<string>,
  items: readonly ListItem[] | undefined,
): NonNullable<ObjectContext['workloads']> {
  const byId = new Map((items ?? []).map((item) => [item.id, item]))
  const ids = [...names].map((path) => idOf(kind, cluster, path)).sort()
  return {
    total: ids.length,
    items: ids.slice(0, MOST_AFFECTED).map((id) => ({ id, item: byId.get(id) ?? null })),
  }
}

function idOf(kind: 'workload' | 'service', cluster: string, path: string): string {
  const [namespace = '', name = ''] = path.split('/')
  return nodeId({ cluster, namespace, kind, name })
}

/** What the object itself names stays named; who may not see where that lies is told no more of it. */
function withRefs(
  { to, from }: { to: Reference[]; from: Reference[] },
  cluster: string,
  isSeen: (namespace: string) => boolean,
): NonNullable<ObjectContext['references']> {
  const wire = ({ object, workloads, ...rest }: Reference): ObjectReference => {
    const ref = object && refOfObject(cluster, object)
    return {
      ...rest,
      ref,
      exists: ref === null || isSeen(ref.namespace) ? rest.exists : null,
      hasPage: ref !== null && rest.exists === true && isShown(ref.group, ref.kind) && isSeen(ref.namespace),
      workloads:
        workloads
          ?.filter((path) => isSeen(path.slice(0, path.indexOf('/'))))
          .slice(0, MOST_AFFECTED)
          .map((path) => idOf('workload', cluster, path)) ?? null,
    }
  }
  return {
    to: to.map(wire),
    from: from.filter(({ object }) => object === null || isSeen(object.namespace)).map(wire),
  }
}

async function readItems(up: Upstreams, kind: ItemKind, cluster: string) {
  try {
    const list = await within(
      up.clock,
      PATIENCE_MS,
      listItems(up, kind, { namespaces: [], clusters: [cluster] }),
    )
    return { list: list ?? null, notice: list ? undefined : SLOW }
  } catch (error) {
    return { list: null, notice: noticeOf(error, 'Traffic is not known.') }
  }
}

const SLOW: Notice = {
  code: upstreamCode({ upstream: 'prometheus', kind: 'timeout' }),
  message: 'Prometheus takes long to answer; traffic is not known yet.',
  upstream: 'prometheus',
}

async function readEvents(
  { source, ref }: Target,
  signal?: AbortSignal,
): Promise<{ list: ObjectContext['events']; notice?: Notice }> {
  try {
    const events = await listEvents(clientOf(source), {
      cluster: source.cluster,
      namespace: ref.namespace || DEFAULT_NAMESPACE,
      object: ref,
      limit: MOST_EVENTS,
      ...(signal ? { signal } : {}),
    })
    return {
      list: events.map(({ type, reason, message, count, lastAt }) => ({
        type,
        reason,
        message,
        count,
        lastAt,
      })),
    }
  } catch (error) {
    return { list: null, notice: noticeOf(error, 'Events are not known.') }
  }
}

/** The API server stays the judge: where it does not say, the object may be tried. */
async function whyNot(
  up: Upstreams,
  { source, ref, at }: Target,
  signal?: AbortSignal,
): Promise<string | null> {
  if (!isSupported(ref.group, ref.kind)) return `Heddle shows a ${ref.kind} and does not change it.`
  if (up.config.readOnly) return 'Heddle is set to read-only (HEDDLE_READ_ONLY).'
  try {
    const allowed = await mayDo(clientOf(source), 'patch', at, signal)
    return allowed
      ? null
      : `${currentSession() ? 'You' : 'The user Heddle acts as'} may not change a ${ref.kind} in ${ref.namespace === '' ? 'this cluster' : ref.namespace}.`
  } catch (error) {
    if (isUpstreamError(error) || isRefusal(error)) return null
    throw error
  }
}
