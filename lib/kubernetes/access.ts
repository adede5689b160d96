import 'server-only'
import type { KubernetesClient } from './client'
import { reviewAccess } from './patch'

/**
 * Whether the client's user may list pods in a namespace (undefined: in all of them): the right that shows a
 * namespace to somebody. Throws UpstreamError.
 */
export function mayListPods(
  client: KubernetesClient,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<boolean> {
  return reviewAccess(
    client,
    {
      verb: 'list',
      group: '',
      version: 'v1',
      resource: 'pods',
      ...(namespace === undefined ? {} : { namespace }),
    },
    signal,
  )
}
