import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import { forbiddenNotices, notReadWords } from '../snapshots/objects'
import type { Upstreams } from '../upstreams'

/** Whether a namespace is among those asked for; names are bare or `cluster/namespace`, none mean all. */
export function isInScope(
  { namespaces, clusters }: Pick<ScopeQuery, 'namespaces' | 'clusters'>,
  cluster: string,
  namespace: string,
): boolean {
  return (
    (clusters.length === 0 || clusters.includes(cluster)) &&
    (namespaces.length === 0 ||
      namespaces.includes(namespace) ||
      namespaces.includes(`${cluster}/${namespace}`))
  )
}

/** Configuration that could not be read is missing from an answer, which is not the same as none. */
export function unreadNotices(up: Upstreams): Notice[] {
  if (up.inventories.length === 0) {
    return [
      {
        code: 'kubernetes-not-configured',
        message:
          'Heddle reads no Kubernetes API here, so nothing is known of configuration: set KUBECONFIG, or run it in the cluster.',
        upstream: 'kubernetes',
      },
    ]
  }
  return up.inventories
    .filter((source) => source.current().inventory === null)
    .map((source) => ({ code: 'kubernetes-not-read', message: notReadWords(source), upstream: 'kubernetes' }))
}

/** Notices with those of kinds that may not be read: configuration is of now, also beside figures of the past or none. */
export function withForbidden(up: Upstreams, notices: readonly Notice[]): Notice[] {
  const isSaid = notices.some(({ code }) => code === 'kinds-forbidden')
  return isSaid ? [...notices] : [...notices, ...forbiddenNotices(up)]
}

/** Kubernetes keeps no past: beside traffic of an earlier moment stands the configuration of now. */
export function configOfNow({ at }: Pick<ScopeQuery, 'at'>): Notice[] {
  if (at === undefined) return []
  return [
    {
      code: 'config-of-now',
      message: 'Traffic is of the chosen moment; configuration is what it is now.',
      upstream: 'kubernetes',
    },
  ]
}
