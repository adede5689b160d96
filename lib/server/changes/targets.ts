import 'server-only'
import type { KnownRef, ObjectRef } from '@/lib/api/schemas/config/changes'
import type { KubernetesClient } from '@/lib/kubernetes/client'
import { discover } from '@/lib/kubernetes/discovery'
import { WATCHED_KINDS, type DiscoveredApi } from '@/lib/kubernetes/kinds'
import type { ObjectAddress } from '@/lib/kubernetes/read'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { invalid, notFound, Refusal } from '../errors'
import type { Upstreams } from '../upstreams'

/** A cluster is asked again after so long which kinds it serves. */
const REMEMBERED_MS = 60_000

/** Kinds that are shown and changed: those of Istio and the Gateway API. */
const SUPPORTED = WATCHED_KINDS.filter(
  ({ role, group }) =>
    role === 'config' && (group.endsWith('.istio.io') || group === 'gateway.networking.k8s.io'),
)

/** Shown beside them, and not changed: what routes and policies speak of. */
const SHOWN = [...SUPPORTED, ...WATCHED_KINDS.filter(({ role }) => role === 'service')]

export function isSupported(group: string, kind: string): boolean {
  return SUPPORTED.some((one) => one.group === group && one.kind === kind)
}

export function isShown(group: string, kind: string): boolean {
  return SHOWN.some((one) => one.group === group && one.kind === kind)
}

/** One object of one cluster. */
export interface Target {
  source: InventorySource
  ref: KnownRef
  at: ObjectAddress
}

/** The cluster of that name; without one the first, where Heddle keeps its own objects too. Throws Refusal. */
export function clusterNamed(up: Upstreams, cluster?: string): InventorySource {
  const [home] = up.inventories
  if (!home) {
    throw new Refusal(
      'unavailable',
      'Heddle is connected to no Kubernetes API; set KUBECONFIG to see and change objects.',
      { code: 'kubernetes-not-configured' },
    )
  }
  if (cluster === undefined) return home
  const found = up.inventories.find((one) => one.cluster === cluster)
  if (found) return found
  const names = up.inventories.map((one) => one.cluster).join(', ')
  throw notFound(`There is no cluster ${cluster}; there are: ${names}.`, 'cluster-not-found')
}

/**
 * Where the referred object lies. Throws Refusal('invalid') for a kind that is not ours or that the cluster does not
 * serve in that version, and for a namespace that is missing or too much; UpstreamError.
 */
export async function resolveTarget(
  up: Upstreams,
  ref: ObjectRef,
  parameter: string,
  signal?: AbortSignal,
  isOurs: (group: string, kind: string) => boolean = isSupported,
): Promise<Target> {
  const source = clusterNamed(up, ref.cluster)
  const resource = await resourceOf(up, source, ref, (one) => one.kind === ref.kind, signal)
  if (!resource || !isOurs(ref.group, resource.kind)) {
    throw invalid(
      parameter,
      `The kind ${ref.kind} of ${ref.group}/${ref.version} is not one that Heddle changes in cluster ${source.cluster}.`,
      'unknown-kind',
    )
  }
  if (resource.namespaced && ref.namespace === '') {
    throw invalid(parameter, `A ${ref.kind} lies in a namespace; name it.`, 'missing-namespace')
  }
  if (!resource.namespaced && ref.namespace !== '') {
    throw invalid(parameter, `A ${ref.kind} lies in no namespace; leave it empty.`, 'unexpected-namespace')
  }
  return {
    source,
    ref: { ...ref, cluster: source.cluster },
    at: {
      group: ref.group,
      version: ref.version,
      plural: resource.name,
      name: ref.name,
      ...(resource.namespaced ? { namespace: ref.namespace } : {}),
    },
  }
}

/** The kind behind a plural of a URL. Throws Refusal('not-found'), UpstreamError. */
export async function kindOfResource(
  up: Upstreams,
  at: { cluster?: string | undefined; group: string; version: string; resource: string },
  signal?: AbortSignal,
): Promise<string> {
  const source = clusterNamed(up, at.cluster)
  const resource = await resourceOf(up, source, at, (one) => one.name === at.resource, signal)
  if (resource && isShown(at.group, resource.kind)) return resource.kind
  throw notFound(
    `There is no kind ${at.resource} in ${at.group}/${at.version} that Heddle shows in cluster ${source.cluster}.`,
    'unknown-kind',
  )
}

type Resource = NonNullable<ReturnType<DiscoveredApi['resources']['get']>>[number]

const discovered = new WeakMap<KubernetesClient, { until: number; api: Promise<DiscoveredApi> }>()

async function resourceOf(
  up: Upstreams,
  source: InventorySource,
  { group, version }: { group: string; version: string },
  isIt: (resource: Resource) => boolean,
  signal?: AbortSignal,
): Promise<Resource | undefined> {
  const now = up.clock.now()
  let known = discovered.get(source.client)
  if (!known || known.until <= now) {
    // shared by requests: one that is given up must not take the answer from the others
    known = { until: now + REMEMBERED_MS, api: discover(source.client, SHOWN) }
    discovered.set(source.client, known)
    known.api.catch(() => discovered.delete(source.client))
  }
  const api = await known.api
  signal?.throwIfAborted()
  const key = group === '' ? version : `${group}/${version}`
  return api.resources.get(key)?.find((one) => !one.name.includes('/') && isIt(one))
}

/** `VirtualService bookinfo/reviews`, as sentences name an object. */
export function nameOf({ ref }: { ref: Pick<KnownRef, 'kind' | 'namespace' | 'name'> }): string {
  return `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`
}
