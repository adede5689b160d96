'use client'

import { useDeferredValue, useMemo, useState } from 'react'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import type { GraphFeed } from './use-graph-feed'

export interface ShownGraph {
  graph: Graph | undefined
  /** what this graph was asked for */
  asked: string
}

/**
 * The graph to draw. Typing and clicking go before it; and while that of the view before stands in for one that is
 * still to come, it goes by what it was asked for itself: arranged as if it were the new one, it would give the new
 * one's places away.
 */
export function useShownGraph({ graph, isStandIn }: GraphFeed, asked: string): ShownGraph {
  const [answered, setAnswered] = useState(asked)
  if (!isStandIn && answered !== asked) setAnswered(asked)
  return useDeferredValue(useMemo(() => ({ graph, asked: answered }), [graph, answered]))
}
