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
} from '@/lib/api/schemas/changes'
import { NO_NAMESPACE, type Operation } from '@/lib/api/schemas/changes'
import type { Notice } from '@/lib/api/schemas/common'
import { ownerOf } from '@/lib/changes/owner'
import { getObject } from '@/lib/kubernetes/read'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { groupOf } from '@/lib/validation/world'
import { invalid, notFound } from '../errors'
import type { Upstreams } from '../upstreams'
import { applyChanges, requireWritable } from './apply'
import { readDocument } from './body'
import { clusterNamed, isSupported, kindOfResource, nameOf, resolveTarget } from './targets'

/** Objects of Istio and the Gateway API in all clusters that have been read. Throws Refusal without Kubernetes. */
export function listConfig(up: Upstreams, query: ConfigListQuery): ConfigList {
  clusterNamed(up)
  const isIn = (names: readonly string[], ...found: string[]) =>
    names.length === 0 || found.some((name) => names.includes(name))
  const items = up.inventories
    .filter(({ cluster }) => isIn(query.clusters, cluster))
    .flatMap((source) =>
      (source.current().inventory?.config ?? []).map((object) => itemOf(object, source.cluster)),
    )
    .filter(
      ({ ref }) =>
        isSupported(ref.group, ref.kind) &&
        isIn(query.kinds, ref.kind, `${ref.kind}.${ref.group}`) &&
        isIn(query.namespaces, ref.namespace, `${ref.cluster}/${ref.namespace}`),
    )
  return {
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)),
    notices: up.inventories.flatMap((source): Notice[] => {
      const { inventory, error } = source.current()
      if (inventory && !error) return []
      const what = inventory ? 'may be out of date' : 'have not been read yet'
      return [
        {
          code: inventory ? 'objects-outdated' : 'objects-not-read',
          message: `The objects of cluster ${source.cluster} ${what}${error ? `: ${error}` : ''}.`,
          upstream: 'kubernetes',
        },
      ]
    }),
  }
}

function itemOf(object: ConfigObject, cluster: string): ConfigListItem {
  const { apiVersion, kind, metadata } = object
  const group = groupOf(apiVersion)
  const namespace = metadata.namespace ?? ''
  const ref: KnownRef = {
    cluster,
    group,
    version: apiVersion.slice(group.length + 1),
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
  const target = await resolveTarget(up, await refOf(up, path, query.cluster, signal), 'namespace', signal)
  const object = await getObject(target.source.client, target.at, signal)
  if (!object) {
    throw notFound(`There is no ${nameOf(target)} in cluster ${target.ref.cluster}.`, 'object-not-found')
  }
  return { ref: target.ref, object, owner: ownerOf(object) }
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
  const kind = await kindOfResource(up, { cluster, group, version, resource }, signal)
  return {
    ...(cluster === undefined ? {} : { cluster }),
    group,
    version,
    kind,
    namespace: namespace === NO_NAMESPACE ? '' : namespace,
    name,
  }
}
