'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ItemKind, Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import { nearNames } from '@/lib/mesh/names/near-names'

const ITEMS: Partial<Record<NodeRef['kind'], ItemKind>> = {
  workload: 'workloads',
  app: 'apps',
  service: 'services',
}

export interface NearNodes {
  ref: NodeRef | undefined
  /** whether there is such a thing, drawn or not; null: not known (yet) */
  exists: boolean | null
  /** things of its kind that may have been meant; none where it exists */
  near: readonly { id: string; cluster: string; namespace: string; name: string }[]
}

/** Whether a node that no graph draws exists at all, and which ones are named alike. */
export function useNearNodes(id: string, { window, at }: Scope): NearNodes {
  const ref = useMemo(() => parseNodeId(id), [id])
  const kind = ref && ITEMS[ref.kind]
  const { data } = useQuery({
    ...queries.items(kind ?? 'workloads', { window, at }),
    enabled: kind !== undefined,
  })
  return useMemo(() => {
    if (!ref || !data) return { ref, exists: null, near: [] }
    const { cluster, namespace, name } = ref
    const exists = data.items.some(
      (one) => one.cluster === cluster && one.namespace === namespace && one.name === name,
    )
    return { ref, exists, near: exists ? [] : nearNames(ref, data.items) }
  }, [ref, data])
}
