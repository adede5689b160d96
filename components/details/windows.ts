import type { ItemKind } from '@/lib/api/paths'
import type { WindowName, WindowText } from '@/lib/api/schemas/common'
import type { GraphNode } from '@/lib/api/schemas/mesh/graph'
import { windowText } from '@/lib/units/window'

const SHORT: readonly WindowText[] = ['1m', '2m', '5m', '10m', '30m'] satisfies WindowName[]

/** Length of a chart beside figures over `window`: enough to see what came before. */
export function chartWindow(window: WindowText): WindowText {
  return SHORT.includes(window) ? '30m' : window
}

/** How far back traces are looked for. */
export function traceWindow(window: WindowText): WindowText {
  return SHORT.includes(window) ? '1h' : window
}

/** The list a node belongs to; null for what has no page. */
export function itemKindOf(node: Pick<GraphNode, 'kind'>): ItemKind | null {
  switch (node.kind) {
    case 'workload':
      return 'workloads'
    case 'app':
      return 'apps'
    case 'service':
      return 'services'
    case 'external':
    case 'unknown':
      return null
  }
}

/**
 * Whose pods are those of a node; null for what has no page. A version of an application is its workload; where
 * several stand behind it, the pods are those of all versions.
 */
export function podsOwnerOf(
  node: Pick<GraphNode, 'kind' | 'name' | 'version' | 'workload'>,
): { kind: ItemKind; name: string; isOfAllVersions: boolean } | null {
  const isVersion = node.kind === 'app' && node.version !== null
  if (isVersion && node.workload !== null) {
    return { kind: 'workloads', name: node.workload, isOfAllVersions: false }
  }
  const kind = itemKindOf(node)
  return kind && { kind, name: node.name, isOfAllVersions: isVersion }
}

/** A stretch of time that was drawn in a chart as what a page looks at: whole minutes, ending where it ends. */
export function spanOf(from: number, to: number): { at: number; window: WindowText } {
  const minutes = Math.min(WEEK_MINUTES, Math.max(1, Math.ceil((to - from) / 60_000)))
  return { at: to, window: windowText(minutes * 60) }
}

const WEEK_MINUTES = 7 * 24 * 60
