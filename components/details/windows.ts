import type { ItemKind } from '@/lib/api/paths'
import type { WindowName } from '@/lib/api/schemas/common'
import type { GraphNode } from '@/lib/api/schemas/graph'
import { VIEW_WINDOWS } from '@/components/hooks/view-state'
import { parseWindow } from '@/lib/units/window'

const SHORT: readonly WindowName[] = ['1m', '2m', '5m', '10m', '30m']

/** Length of a chart beside figures over `window`: enough to see what came before. */
export function chartWindow(window: WindowName): WindowName {
  return SHORT.includes(window) ? '30m' : window
}

/** How far back traces are looked for. */
export function traceWindow(window: WindowName): WindowName {
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

/** The shortest window offered that covers a stretch of time. */
export function windowCovering(spanMs: number): WindowName {
  return VIEW_WINDOWS.find((name) => (parseWindow(name) ?? 0) * 1000 >= spanMs) ?? '7d'
}
