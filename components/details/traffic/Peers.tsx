'use client'

import { useMemo } from 'react'
import { namesApart } from '@/components/graph/scene/summary'
import { HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { useFirst } from '@/components/ui/use-first'
import type { GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { parseNodeId } from '@/lib/mesh/identity'
import { PROTOCOL_NAMES } from '@/lib/mesh/traffic'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'

const FIRST = 20

export interface PeersProps {
  /** `from`: who calls; `to`: who is called */
  direction: 'from' | 'to'
  edges: readonly GraphEdge[]
  nodes?: ReadonlyMap<string, GraphNode>
  /** what a click on a row does; rows are links where `hrefOf` says so */
  onChoose?: (edge: GraphEdge) => void
  hrefOf?: (id: string) => string | undefined
}

/** The other ends of a node's edges, the busiest first. */
export function Peers({ direction, edges, nodes, onChoose, hrefOf }: PeersProps) {
  const sorted = useMemo(() => edges.toSorted((a, b) => weight(b) - weight(a)), [edges])
  // east's and west's of one name are two
  const names = useMemo(() => namesApart([...(nodes?.values() ?? [])]), [nodes])
  const { shown, more } = useFirst(sorted, FIRST)
  return (
    <>
      <table className={plain.table}>
        <thead>
          <tr>
            <th>{direction === 'from' ? 'Called by' : 'Calls'}</th>
            <th>Traffic</th>
            <th>Errors</th>
            <th>P99</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((edge) => {
            const id = direction === 'from' ? edge.source : edge.target
            const name = names.get(id) ?? nameOfId(id)
            const href = hrefOf?.(id)
            return (
              <tr key={edge.id}>
                <td className={`${plain.name} ${plain.whole}`}>
                  <span className={plain.row}>
                    {edge.health.status === 'failing' || edge.health.status === 'degraded' ? (
                      <HealthIcon status={edge.health.status} size={13} />
                    ) : null}
                    {href ? (
                      <a className={plain.linkish} href={href} title={id}>
                        {name}
                      </a>
                    ) : onChoose ? (
                      <button
                        type="button"
                        className={plain.linkish}
                        onClick={() => onChoose(edge)}
                        title={id}
                      >
                        {name}
                      </button>
                    ) : (
                      name
                    )}
                    <span className={plain.quiet}>{PROTOCOL_NAMES[edge.protocol]}</span>
                  </span>
                </td>
                <td className="num">{trafficOf(edge)}</td>
                <td className="num">{formatRatio(edge.errorRatio)}</td>
                <td className="num">{formatDuration(edge.latencyMs?.p99)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {more}
    </>
  )
}

function trafficOf(edge: GraphEdge): string {
  if (edge.protocol !== 'tcp') return formatRate(edge.requestsPerSecond)
  return formatBytesPerSecond((edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0))
}

function weight(edge: GraphEdge): number {
  return (
    (edge.requestsPerSecond ?? 0) +
    ((edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0)) / 10_000
  )
}

function nameOfId(id: string): string {
  const ref = parseNodeId(id)
  if (!ref) return id
  return ref.name === 'unknown' ? 'unknown caller' : [ref.name, ref.version].filter(Boolean).join(' ')
}
