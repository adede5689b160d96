import 'server-only'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import type { KubernetesClient } from './client'
import type { DiscoveredApi, WatchedKind } from './kinds'
import { apiGroupList, apiResourceList, versionInfo } from './schema'

/**
 * The resources a cluster serves in those groups and versions that `wanted` names.
 * A version that vanishes between the two questions counts as not served. Throws UpstreamError.
 */
export async function discover(
  client: Pick<KubernetesClient, 'read'>,
  wanted: readonly WatchedKind[],
  signal?: AbortSignal,
): Promise<DiscoveredApi> {
  const groups = apiGroupList.safeParse(await client.read('/apis', { signal }))
  if (!groups.success) {
    throw new UpstreamError('kubernetes', 'decode', 'the answer of /apis is not a list of API groups', {
      cause: groups.error,
    })
  }
  const served = new Map(
    groups.data.groups.map((group) => [group.name, new Set(group.versions.map((one) => one.version))]),
  )
  const asked = new Set<string>()
  for (const { group, versions } of wanted) {
    for (const version of versions) {
      if (group === '') asked.add(version)
      else if (served.get(group)?.has(version)) asked.add(`${group}/${version}`)
    }
  }
  const lists = await Promise.all([...asked].map((version) => readResources(client, version, signal)))
  return { resources: new Map(lists) }
}

type Resources = DiscoveredApi['resources'] extends ReadonlyMap<string, infer R> ? R : never

async function readResources(
  client: Pick<KubernetesClient, 'read'>,
  groupVersion: string,
  signal?: AbortSignal,
): Promise<[string, Resources]> {
  const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`
  let body: unknown
  try {
    body = await client.read(path, { signal })
  } catch (error) {
    if (isUpstreamError(error) && error.status === 404) return [groupVersion, []]
    throw error
  }
  const parsed = apiResourceList.safeParse(body)
  if (!parsed.success) {
    throw new UpstreamError('kubernetes', 'decode', `the answer of ${path} is not a list of resources`, {
      cause: parsed.error,
    })
  }
  return [groupVersion, parsed.data.resources]
}

/** The cluster's version, such as `v1.34.1`; null when the server keeps it to itself. Throws UpstreamError. */
export async function readVersion(
  client: Pick<KubernetesClient, 'read'>,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    const parsed = versionInfo.safeParse(await client.read('/version', { signal }))
    return parsed.success ? parsed.data.gitVersion : null
  } catch (error) {
    if (isUpstreamError(error) && (error.status === 403 || error.status === 404)) return null
    throw error
  }
}
