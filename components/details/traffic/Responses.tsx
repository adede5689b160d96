import type { ResponseRow } from '@/components/graph/scene/summary'
import plain from '@/components/ui/Plain.module.css'
import { explainFlags } from '@/lib/mesh/response-flags'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'

/** Answers by code, with what the proxies say about why. */
export function Responses({ rows, isGrpc = false }: { rows: readonly ResponseRow[]; isGrpc?: boolean }) {
  return (
    <table className={plain.table}>
      <thead>
        <tr>
          <th>{isGrpc ? 'gRPC status' : 'Code'}</th>
          <th>Rate</th>
          <th>Share</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.code + row.flags}>
            <td className={plain.left}>
              <span className="num">{codeWords(row.code, isGrpc)}</span>
              {explainFlags(row.flags) ? (
                <span className={plain.quiet}> {explainFlags(row.flags)}</span>
              ) : null}
              <span className={plain.bar} data-kind={kindOf(row.code, isGrpc)} aria-hidden>
                <i style={{ width: `${row.share * 100}%` }} />
              </span>
            </td>
            <td className="num">{formatRate(row.requestsPerSecond)}</td>
            <td className="num">{formatRatio(row.share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

// names of https://grpc.github.io/grpc/core/md_doc_statuscodes.html
const GRPC = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]

export function codeWords(code: string, isGrpc: boolean): string {
  if (isGrpc) return GRPC[Number(code)] ? `${code} ${GRPC[Number(code)]}` : code
  return code === '0' ? 'no response' : code
}

function kindOf(code: string, isGrpc: boolean): 'success' | 'client' | 'error' {
  const status = Number(code)
  if (isGrpc && status <= 16) return status === 0 ? 'success' : 'error'
  if (status === 0 || status >= 500) return 'error'
  return status >= 400 ? 'client' : 'success'
}
