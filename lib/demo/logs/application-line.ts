/** A served request as an application logs it: programs differ in how they write. */
import { hashText, type Random } from '@/lib/statistics/random'
import type { LoggedRequest } from './access-line'

const FORMATS = ['json', 'logfmt', 'java', 'klog'] as const

export function applicationLine(request: LoggedRequest, app: string, random: Random): string {
  const format = FORMATS[hashText(app) % FORMATS.length] ?? 'json'
  const at = new Date(request.startMs + request.durationMs).toISOString()
  const code = Number(request.code)
  const level = code >= 500 ? 'error' : code >= 400 ? 'warn' : 'info'
  const what = code >= 500 ? 'request failed' : code >= 400 ? 'request refused' : 'request served'
  const ms = Math.round(request.durationMs * 10) / 10
  switch (format) {
    case 'json':
      return JSON.stringify({
        time: at,
        level,
        msg: what,
        method: request.method,
        path: request.path,
        status: code,
        durationMs: ms,
        ...(request.traceId === null ? {} : { trace_id: request.traceId }),
      })
    case 'logfmt': {
      const trace = request.traceId === null ? '' : ` trace_id=${request.traceId}`
      return `time=${at} level=${level} msg="${what}" method=${request.method} path=${request.path} status=${code} duration=${ms}ms${trace}`
    }
    case 'java': {
      const trace = request.traceId ?? ''
      return `${at.replace('T', ' ').replace('Z', '')} ${level.toUpperCase().padEnd(5)} [${app},${trace}] 1 --- [exec-${random.int(1, 16)}] RequestLog : ${request.method} ${request.path} ${code} in ${ms} ms`
    }
    case 'klog':
      return `${(level[0] ?? 'i').toUpperCase()}${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}000       1 server.go:${random.pick([88, 97, 131])}] ${what}: ${request.method} ${request.path} ${code} (${ms}ms)`
  }
}
