/** Workloads by the labels their pods have: running pods, and templates of those that run none. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { templateOf } from './injection'
import { DAEMON_SET, DEPLOYMENT, STATEFUL_SET } from './kinds'
import { podsWith, selects, type Labels } from './selectors'
import { type World } from '../world'

export const WORKLOAD_KINDS = [DEPLOYMENT, STATEFUL_SET, DAEMON_SET] as const

/** Workloads of a namespace (of all when null) whose template has these labels. */
export function workloadsWith(world: World, selector: Labels, namespace: string | null): ConfigObject[] {
  return WORKLOAD_KINDS.flatMap((kind) =>
    (namespace === null ? world.list(kind) : world.inNamespace(kind, namespace)).filter((workload) =>
      selects(selector, templateOf(workload).labels),
    ),
  )
}

export function hasWorkload(world: World, selector: Labels, namespace: string | null): boolean {
  return (
    podsWith(world, selector, namespace).length > 0 || workloadsWith(world, selector, namespace).length > 0
  )
}
