'use client'

import dynamic from 'next/dynamic'
import { useMemo } from 'react'
import type { View } from '@/components/hooks/address/view-state'
import type { Scope } from '@/lib/api/paths'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import { parseNodeId } from '@/lib/mesh/identity'
import { boxesOf } from '../scene/boxes'
import { loadEdgePanel, loadNodePanel } from './load-panels'
import { PanelRoom } from './PanelRoom'
import classes from './SidePanel.module.css'
import { SummaryPanel } from './SummaryPanel'

const NodePanel = dynamic(loadNodePanel, { ssr: false, loading: () => <PanelRoom /> })
const EdgePanel = dynamic(loadEdgePanel, { ssr: false, loading: () => <PanelRoom /> })
const NotDrawn = dynamic(() => import('../near/NotDrawn'), { ssr: false })

export interface SidePanelProps {
  graph: Graph
  view: View
  scope: Scope
  onSelect: (id: string | null) => void
  /** folds or unfolds a box, or narrows to a node's neighbourhood */
  onOpen: (id: string) => void
}

/** What is selected: a node, an edge, a box, or everything. */
export default function SidePanel({ graph, view, scope, onSelect, onOpen }: SidePanelProps) {
  const { selected } = view
  const boxes = useMemo(() => boxesOf(graph, ['namespace', 'app']).boxes, [graph])
  const node = graph.nodes.find((each) => each.id === selected)
  const edge = graph.edges.find((each) => each.id === selected)
  const box = boxes.find((each) => each.id === selected)
  return (
    <div className={classes.panel} tabIndex={-1} data-testid="side-panel">
      {node ? (
        // a new subject starts at the top, with its own state
        <NodePanel
          key={node.id}
          graph={graph}
          node={node}
          view={view}
          scope={scope}
          onSelect={onSelect}
          onFocus={onOpen}
        />
      ) : edge ? (
        <EdgePanel key={edge.id} graph={graph} edge={edge} view={view} onSelect={onSelect} />
      ) : (
        <>
          {selected !== null && !box && parseNodeId(selected) ? (
            <NotDrawn key={selected} id={selected} view={view} onClear={() => onSelect(null)} />
          ) : null}
          <SummaryPanel
            key={box?.id ?? 'all'}
            graph={graph}
            box={box ?? null}
            isFolded={box !== undefined && view.collapsed.includes(box.id)}
            onSelect={onSelect}
            onFold={onOpen}
          />
        </>
      )}
    </div>
  )
}
