'use client'

import { PageLink as Link } from '@/components/layout/PageLink'
import { useCallback, useMemo } from 'react'
import { HealthIcon } from '@/components/ui/health/Health'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { Trace } from '@/lib/api/schemas/telemetry/traces'
import { callGraph, type CallNode } from '@/lib/trace/views/call-graph'
import { formatDuration } from '@/lib/units/duration'
import classes from './TraceViews.module.css'

/** leaves the words of a call, "120× ≤ 1.25 s", room between two boxes */
const COLUMN = 290
const ROW = 74
const BOX = { width: 180, height: 44 }
const PAD = 24

/** The trace drawn on the workloads it went through: each box once, each call with how often and how long. */
export function TraceGraph({ trace, scope }: { trace: Trace; scope: Scope }) {
  const { nodes, edges } = useMemo(() => callGraph(trace), [trace])
  const places = useMemo(() => placed(nodes), [nodes])
  const columns = Math.max(1, new Set(nodes.map((node) => node.layer)).size)
  const rows = Math.max(1, ...[...places.values()].map((place) => place.row + 1))
  // calls among the boxes of the last column are drawn beside it
  const isBeside = edges.some(({ source, target }) => places.get(source)?.x === places.get(target)?.x)
  const width = PAD * 2 + (columns - 1) * COLUMN + (isBeside ? COLUMN : BOX.width)
  const height = PAD * 2 + (rows - 1) * ROW + BOX.height
  // columns are centred on the tallest: of hundreds of boxes only the middle row has one of each
  const toMiddle = useCallback(
    (canvas: HTMLElement | null) => canvas?.scrollTo({ top: (height - canvas.clientHeight) / 2 }),
    [height],
  )
  return (
    <div
      ref={toMiddle}
      className={classes.canvas}
      tabIndex={0}
      role="region"
      aria-label="The trace as a graph"
    >
      <div style={{ width, height }} className={classes.drawing}>
        <svg width={width} height={height} aria-hidden>
          <defs>
            <marker
              id="trace-arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0L8 4L0 8Z" className={classes.arrow} />
            </marker>
          </defs>
          {edges.map((edge) => {
            const from = places.get(edge.source)
            const to = places.get(edge.target)
            if (!from || !to) return null
            const { d, label } = lineOf(from, to)
            return (
              <g
                key={`${edge.source}>${edge.target}`}
                data-failed={edge.failed > 0 || undefined}
                className={classes.edge}
              >
                <path d={d} markerEnd="url(#trace-arrow)" />
                <text {...label}>
                  {edge.calls > 1 ? `${edge.calls}× ≤ ` : ''}
                  {formatDuration(edge.longestMs)}
                </text>
              </g>
            )
          })}
        </svg>
        {nodes.map((node) => {
          const place = places.get(node.id)
          if (!place) return null
          return (
            <div
              key={node.id}
              className={classes.box}
              data-failed={node.failed > 0 || undefined}
              style={{ left: place.x, top: place.y, width: BOX.width, height: BOX.height }}
            >
              <Name node={node} scope={scope} />
              <span className={classes.small}>
                {node.failed > 0 ? <HealthIcon status="failing" size={12} /> : null}
                {node.spans === 1 ? '1 span' : `${node.spans} spans`}
                {node.failed > 0 ? `, ${node.failed} failed` : ''}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Name({ node, scope }: { node: CallNode; scope: Scope }) {
  const name = (
    <b className={classes.name} title={node.id}>
      {node.name}
    </b>
  )
  if (node.nodeId === null) return name
  return (
    <Link
      href={pagePaths.graph({ ...scope, selected: node.nodeId })}
      prefetch={false}
      title="Show in the graph of the mesh"
    >
      {name}
    </Link>
  )
}

interface Place {
  x: number
  y: number
}

/** The line of a call: on to a later column, beside the boxes of its own, or back below them. */
function lineOf(
  from: Place,
  to: Place,
): { d: string; label: { x: number; y: number; textAnchor: 'start' | 'middle' } } {
  const middle = BOX.height / 2
  if (from.x === to.x) {
    const x = from.x + BOX.width
    const [y1, y2] = [from.y + middle, to.y + middle]
    const out = Math.min(90, 20 + Math.abs(y2 - y1) / 6)
    return {
      d: `M${x} ${y1}C${x + out} ${y1} ${x + out} ${y2} ${x + 2} ${y2}`,
      label: { x: x + out * 0.75 + 4, y: (y1 + y2) / 2 + 4, textAnchor: 'start' },
    }
  }
  const isForward = to.x > from.x
  const x1 = from.x + (isForward ? BOX.width : BOX.width / 2)
  const x2 = isForward ? to.x : to.x + BOX.width / 2
  const y1 = from.y + (isForward ? middle : BOX.height)
  const y2 = to.y + (isForward ? middle : BOX.height)
  const bend = isForward ? (x2 - x1) / 2 : 0
  const dip = isForward ? 0 : 40
  return {
    d: `M${x1} ${y1}C${x1 + bend} ${y1 + dip} ${x2 - bend} ${y2 + dip} ${x2 - (isForward ? 2 : 0)} ${y2}`,
    label: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 + dip - 5, textAnchor: 'middle' },
  }
}

/** Columns by layer, each centred on the tallest; a layer that nobody is left in has none. */
function placed(nodes: readonly CallNode[]): Map<string, { x: number; y: number; row: number }> {
  const layers = new Map<number, CallNode[]>()
  for (const node of nodes) layers.set(node.layer, [...(layers.get(node.layer) ?? []), node])
  const tallest = Math.max(1, ...[...layers.values()].map((layer) => layer.length))
  const places = new Map<string, { x: number; y: number; row: number }>()
  for (const [column, [, members]] of [...layers].sort(([a], [b]) => a - b).entries()) {
    const offset = (tallest - members.length) / 2
    members.forEach((node, index) =>
      places.set(node.id, {
        x: PAD + column * COLUMN,
        y: PAD + (index + offset) * ROW,
        row: Math.ceil(index + offset),
      }),
    )
  }
  return places
}
