'use client'

import type { ResponseRow } from '@/components/graph/scene/summary'
import plain from '@/components/ui/Plain.module.css'
import { useFirst } from '@/components/ui/use-first'
import { explainFlags } from '@/lib/mesh/response-flags'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { codeWords, kindOfCode } from './code-words'

const FIRST = 20

/** Answers by code, with what the proxies say about why. */
export function Responses({ rows, isGrpc = false }: { rows: readonly ResponseRow[]; isGrpc?: boolean }) {
  const { shown, more } = useFirst(rows, FIRST)
  return (
    <>
      <table className={plain.table}>
        <thead>
          <tr>
            <th>{isGrpc ? 'gRPC status' : 'Code'}</th>
            <th>Rate</th>
            <th>Share</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.code + row.flags}>
              <td className={plain.left}>
                <span className="num">{codeWords(row.code, isGrpc)}</span>
                {explainFlags(row.flags) ? (
                  <span className={plain.quiet}> {explainFlags(row.flags)}</span>
                ) : null}
                <span className={plain.bar} data-kind={kindOfCode(row.code, isGrpc)} aria-hidden>
                  <i style={{ width: `${row.share * 100}%` }} />
                </span>
              </td>
              <td className="num">{formatRate(row.requestsPerSecond)}</td>
              <td className="num">{formatRatio(row.share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more}
    </>
  )
}
