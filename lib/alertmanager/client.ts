import 'server-only'
import { createUpstreamTarget, readUpstream } from '@/lib/http/read-upstream'
import type { UpstreamConnection } from '@/lib/http/read-upstream'
import { decodeAlerts, decodeSilences, decodeStatus, type AlertmanagerStatus } from './decode'

export interface AlertmanagerClientOptions extends UpstreamConnection {
  /** address with its base path, e.g. `http://alertmanager:9093` */
  url: string
}

export interface AlertmanagerClient {
  /** alerts that have not ended, suppressed ones too */
  alerts(signal?: AbortSignal): Promise<ReturnType<typeof decodeAlerts>>
  /** silences that hold or will */
  silences(signal?: AbortSignal): Promise<ReturnType<typeof decodeSilences>>
  status(signal?: AbortSignal): Promise<AlertmanagerStatus>
  close(): Promise<void>
}

/** A client that reads from Alertmanager and never writes. All methods throw UpstreamError('alertmanager', …). */
export function createAlertmanagerClient(options: AlertmanagerClientOptions): AlertmanagerClient {
  const target = createUpstreamTarget({
    ...options,
    upstream: 'alertmanager',
    timeoutMs: options.timeoutMs ?? 5_000,
    concurrency: 4,
    attempts: 2,
    maxBytes: 32 * 1024 * 1024,
  })
  const read = async (path: string, signal: AbortSignal | undefined) =>
    (await readUpstream(target, { path: `/api/v2/${path}`, explain, ...(signal ? { signal } : {}) })).body
  return {
    async alerts(signal) {
      return decodeAlerts(await read('alerts', signal))
    },
    async silences(signal) {
      return decodeSilences(await read('silences', signal))
    },
    async status(signal) {
      return decodeStatus(await read('status', signal))
    },
    close: () => target.close(),
  }
}

/** Errors of version 2 are a text, or an object with a message. */
function explain(status: number, body: unknown): { kind: 'http' | 'query'; message: string } | undefined {
  const said =
    typeof body === 'string'
      ? body
      : typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
        ? body.message
        : ''
  // a page of a proxy in between says nothing of Alertmanager's
  if (said === '' || said.length > 300 || status === 401 || status === 403 || status === 404) return undefined
  return { kind: status < 500 ? 'query' : 'http', message: `Alertmanager: ${said}` }
}
