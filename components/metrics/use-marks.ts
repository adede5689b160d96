'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { nameOf, OPERATION_WORDS } from '@/components/changes/words'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { pagePaths, type Subject } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ChangeSummary } from '@/lib/api/schemas/config/changes'
import type { RolloutMark } from '@/lib/api/schemas/mesh/details'
import { parseNodeId } from '@/lib/mesh/identity'
import type { ChartMark } from './marks'

/** Pods are asked of the API server with their events: now and then is enough. */
const ROLLOUTS_MS = 30_000

export interface Marks {
  marks: readonly ChartMark[]
  /** what is missing among them, for a person; null: nothing */
  said: string | null
}

/**
 * What changed a node or a namespace, as marks for its charts: configuration that touches it, and its pods replaced,
 * scaled or restarted. Few while they are not known, since charts stand without.
 */
export function useMarks(subject: Subject | undefined, at: number | null): Marks {
  const isOfNode = subject !== undefined && 'node' in subject
  const kind = isOfNode ? parseNodeId(subject.node)?.kind : undefined
  const changes = useQuery({
    ...queries.changes(isOfNode ? { node: subject.node } : (subject ?? {})),
    enabled: subject !== undefined,
    refetchInterval: useRefreshInterval(),
  }).data
  const rollouts = useQuery({
    ...queries.rollouts({ ...(subject ?? { node: '' }), at }),
    // what lies outside of the mesh has no pods
    enabled: subject !== undefined && kind !== 'external' && kind !== 'unknown',
    refetchInterval: at === null ? ROLLOUTS_MS : false,
  }).data
  return useMemo(() => {
    const more = rollouts?.more ?? 0
    return {
      marks: [...(changes?.items ?? []).flatMap(changeMark), ...(rollouts?.items ?? []).map(rolloutMark)],
      said: more > 0 ? `${more} older rollouts are not marked` : null,
    }
  }, [changes, rollouts])
}

function changeMark({ id, at, author, reason, objects, status }: ChangeSummary): ChartMark[] {
  if (status !== 'applied') return []
  const what = objects.map(({ op, ref }) => `${OPERATION_WORDS[op]} ${nameOf(ref, false)}`).join(', ')
  const why = reason === null ? '' : `: ${reason}`
  const label = `${what} by ${author ?? 'somebody'}${why}`
  return [{ id, kind: 'change', at, href: pagePaths.change(id), label }]
}

function rolloutMark({ id, at, kind, workload, node, message }: RolloutMark): ChartMark {
  return {
    id,
    kind: kind === 'restart' ? 'restart' : 'rollout',
    at,
    // its pods and what Kubernetes said of them
    href: pagePaths.findNode(node) ?? pagePaths.graph({ selected: node }),
    label: `${workload}: ${message}`,
  }
}
