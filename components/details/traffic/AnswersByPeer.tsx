'use client'

import { useMemo } from 'react'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { useFirst } from '@/components/ui/use-first'
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import { parseNodeId } from '@/lib/mesh/identity'
import { explainFlags } from '@/lib/mesh/response-flags'
import { PROTOCOL_NAMES } from '@/lib/mesh/traffic'
import { formatCount } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from '../Details.module.css'
import { codeWords } from './code-words'
import { answerRows } from './answer-rows'

const FIRST = 20

/** How requests end, by the other end, protocol, code and flags, in words. */
export function AnswersByPeer({
  edges,
  total,
  id,
  direction,
}: {
  edges: readonly GraphEdge[]
  /** edges there are, of which `edges` may be the first */
  total: number
  id: string
  direction: 'in' | 'out'
}) {
  const rows = useMemo(() => answerRows(edges, id, direction), [edges, id, direction])
  const { shown, more } = useFirst(rows, FIRST)
  if (rows.length === 0) return null
  const title = direction === 'in' ? 'How its answers end' : 'How the answers it gets end'
  const aside = [
    edges.length < total ? `of the ${formatCount(edges.length)} above` : '',
    rows.some((row) => row.isError) ? 'failures first' : '',
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <Section title={title} aside={aside === '' ? null : aside}>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{direction === 'in' ? 'Caller' : 'Called'}</th>
              <th scope="col">Protocol</th>
              <th scope="col" style={{ textAlign: 'left' }}>
                Code
              </th>
              <th scope="col" style={{ textAlign: 'left' }}>
                What the proxies say
              </th>
              <th scope="col">Requests</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => {
              const ref = parseNodeId(row.peer)
              const name = ref?.kind === 'unknown' ? 'unknown caller' : (ref?.name ?? row.peer)
              return (
                <tr key={`${row.peer} ${row.protocol} ${row.code} ${row.flags}`}>
                  <td title={row.peer}>{name}</td>
                  <td>{PROTOCOL_NAMES[row.protocol]}</td>
                  <td style={{ textAlign: 'left' }}>
                    <span
                      className="num"
                      style={row.isError ? { color: 'var(--hd-failing-text)', fontWeight: 550 } : undefined}
                    >
                      {codeWords(row.code, row.protocol === 'grpc')}
                    </span>
                  </td>
                  <td className={plain.quiet} style={{ textAlign: 'left', whiteSpace: 'normal' }}>
                    {explainFlags(row.flags)}
                  </td>
                  <td className="num">{formatRate(row.requestsPerSecond)}</td>
                  <td className="num">{formatRatio(row.share)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {more}
    </Section>
  )
}
