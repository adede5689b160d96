/** Codes of answers as the page says and colours them. Pure. */
import { findGrpcStatusName } from '@/lib/mesh/outcome'

/** No answer at all, as the graph writes it: `0` of HTTP, where gRPC's 0 is OK and `-` stands for it. */
function isNone(code: string, isGrpc: boolean): boolean {
  return code === (isGrpc ? '-' : '0')
}

/** `14 Unavailable`, `503`, `no response`. */
export function codeWords(code: string, isGrpc: boolean): string {
  if (isNone(code, isGrpc)) return 'no response'
  const name = isGrpc ? findGrpcStatusName(code) : undefined
  return name === undefined ? code : `${code} ${name}`
}

export function kindOfCode(code: string, isGrpc: boolean): 'success' | 'client' | 'error' {
  if (isNone(code, isGrpc)) return 'error'
  const status = Number(code)
  // a gRPC call that ended without a status of its own shows the HTTP one
  if (isGrpc && status <= 16) return status === 0 ? 'success' : 'error'
  if (status >= 500) return 'error'
  return status >= 400 ? 'client' : 'success'
}
