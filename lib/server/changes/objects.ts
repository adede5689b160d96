import 'server-only'
import type {
  ApplyAnswer,
  ConfigDetail,
  ConfigList,
  ConfigListItem,
  ConfigListQuery,
  ConfigPath,
  ConfigQuery,
  ConfigWriteQuery,
  KnownRef,
  ObjectRef,
} from '@/lib/api/schemas/config/changes'
import type { Operation } from '@/lib/api/schemas/config/changes'
import type { Notice } from '@/lib/api/schemas/common'
import { ownerOf } from '@/lib/changes/owner'
import { mentionedServices } from '@/lib/changes/references/resolve'
import { getObject } from '@/lib/kubernetes/read'
import type { ClusterInventory, ConfigObject, ServiceInventory } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { NONE } from '@/lib/mesh/resource'
import { groupOf } from '@/lib/validation/world'
import { invalid, notFound } from '../errors'
import { currentAccess, withLeftOut } from '../session/access'
import { clientOf } from '../session/current'
import type { Upstreams } from '../upstreams'
import { applyChanges, requireWritable } from './apply'
import { notReadWords, outdatedNotices } from '../snapshots/objects'
import { readDocument } from './body'
import {
  clusterNamed,
  isShown,
  isSupported,
  kindOfResource,
  nameOf,
  resolveTarget,
  type Target,
} from './targets'

/**
 * Objects of Istio and the Gateway API in all clusters that have been read, and the services they are about.
 * Throws Refusal without Kubernetes.
 */
export async function listConfig(up: Upstreams, query: ConfigListQuery): Promise<ConfigList> {
  clusterNamed(up)
  const isIn = (names: readonly string[], ...found: string[]) =>
    names.length === 0 || found.some((name) => names.includes(name))
  const items = up.inventories
    .filter(({ cluster }) => isIn(query.clusters, cluster))
    .flatMap((source) => {
      const { inventory } = source.current()
      return inventory ? itemsOf(inventory) : []
    })
    .filter(
      ({ ref }) =>
        isIn(query.kinds, ref.kind, `${ref.kind}.${ref.group}`) &&
        isIn(query.namespaces, ref.namespace, `${ref.cluster}/${ref.namespace}`),
    )
  return {
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)),
    notices: withLeftOut(await currentAccess(up), [
      ...outdatedNotices(up),
      ...up.inventories.flatMap((source): Notice[] => {
        if (source.current().inventory) return []
        return [
          {
            code: 'objects-not-read',
            message: notReadWords(source),
            upstream: 'kubernetes',
          },
        ]
      }),
    ]),
  }
}

const listed = new WeakMap<ClusterInventory, ConfigListItem[]>()

/** Made once an inventory: ten thousand rows are the same until an object changes. */
function itemsOf(inventory: ClusterInventory): ConfigListItem[] {
  const known = listed.get(inventory)
  if (known) return known
  const objects = inventory.config.filter(({ apiVersion, kind }) => isSupported(groupOf(apiVersion), kind))
  const made = [...objects, ...servicesThatMatter(inventory).map(serviceObject)].map((object) =>
    itemOf(object, inventory.cluster),
  )
  listed.set(inventory, made)
  return made
}

/** Services that an object of the mesh speaks of, or behind which a pod of the mesh stands. */
function servicesThatMatter(inventory: ClusterInventory): ServiceInventory[] {
  const index = indexInventory(inventory)
  const mentioned = mentionedServices(inventory)
  const isInMesh = ({ namespace, name }: ServiceInventory) =>
    (index.workloadsOfService.get(`${namespace}/${name}`) ?? []).some((workload) =>
      (index.pods.get(`${workload.namespace}/${workload.name}`) ?? []).some(
        ({ hasSidecar, isAmbient }) => hasSidecar || isAmbient,
      ),
    )
  return inventory.services.filter(
    (service) => mentioned.has(`${service.namespace}/${service.name}`) || isInMesh(service),
  )
}

function serviceObject({ namespace, name, labels, annotations, createdAt }: ServiceInventory): ConfigObject {
  const created = createdAt === null ? {} : { creationTimestamp: new Date(createdAt).toISOString() }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels, annotations, ...created },
  }
}

function itemOf(object: ConfigObject, cluster: string): ConfigListItem {
  const { apiVersion, kind, metadata } = object
  const group = groupOf(apiVersion)
  const namespace = metadata.namespace ?? ''
  const ref: KnownRef = {
    cluster,
    group,
    version: group === '' ? apiVersion : apiVersion.slice(group.length + 1),
    kind,
    namespace,
    name: metadata.name,
  }
  const createdAt = Date.parse(metadata.creationTimestamp ?? '')
  return {
    id: [cluster, namespace, group, kind, metadata.name].join('/'),
    ref,
    resourceVersion: metadata.resourceVersion ?? null,
    createdAt: Number.isNaN(createdAt) ? null : createdAt,
    labels: metadata.labels ?? {},
    owner: ownerOf(object),
  }
}

/** One object as the API server holds it now. Throws Refusal('not-found'), UpstreamError. */
export async function getConfig(
  up: Upstreams,
  path: ConfigPath,
  query: ConfigQuery,
  signal?: AbortSignal,
): Promise<ConfigDetail> {
  const { target, object } = await readConfig(up, path, query, signal)
  return { ref: target.ref, object, owner: ownerOf(object) }
}

/** The object behind an address and where it lies. Throws Refusal('not-found'), UpstreamError. */
export async function readConfig(
  up: Upstreams,
  path: ConfigPath,
  query: ConfigQuery,
  signal?: AbortSignal,
): Promise<{ target: Target; object: ConfigObject }> {
  const ref = await refOf(up, path, query.cluster, signal)
  const target = await resolveTarget(up, ref, 'namespace', signal, isShown)
  const object = await getObject(clientOf(target.source), target.at, signal)
  if (object) return { target, object }
  throw notFound(`There is no ${nameOf(target)} in cluster ${target.ref.cluster}.`, 'object-not-found')
}

/** A change of one object: what a PUT, POST or DELETE of its address means. Throws as `applyChanges` does. */
export async function writeConfig(
  up: Upstreams,
  op: Exclude<Operation, 'patch'>,
  path: ConfigPath,
  query: ConfigWriteQuery,
  request: Request,
): Promise<ApplyAnswer> {
  requireWritable(up)
  const { cluster, reason, resourceVersion } = query
  const ref = await refOf(up, path, cluster, request.signal)
  const object = op === 'delete' ? undefined : asObject(await readDocument(request))
  return applyChanges(
    up,
    {
      ...(reason === undefined ? {} : { reason }),
      changes: [
        {
          op,
          ref,
          ...(object === undefined ? {} : { object }),
          ...(resourceVersion === undefined ? {} : { resourceVersion }),
        },
      ],
    },
    { signal: request.signal },
  )
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw invalid('body', 'The body is no Kubernetes object.', 'invalid-object')
}

async function refOf(
  up: Upstreams,
  { group, version, resource, namespace, name }: ConfigPath,
  cluster: string | undefined,
  signal?: AbortSignal,
): Promise<ObjectRef> {
  const named = { cluster, group: group === NONE ? '' : group, version, resource }
  const kind = await kindOfResource(up, named, signal)
  return {
    ...(cluster === undefined ? {} : { cluster }),
    group: named.group,
    version,
    kind,
    namespace: namespace === NONE ? '' : namespace,
    name,
  }
}
