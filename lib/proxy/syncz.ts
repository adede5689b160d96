/**
 * How far istiod and a proxy agree, by kind of configuration: `/debug/syncz` of each replica, which knows only the
 * proxies connected to itself. https://github.com/istio/istio/blob/master/pilot/pkg/xds/debug.go (SyncStatus)
 */
import { record, records, text } from './wire'

export const SYNC_TYPES = ['cluster', 'listener', 'route', 'endpoint', 'extensionconfig'] as const
export type SyncType = (typeof SYNC_TYPES)[number]

const SHORT: Readonly<Record<SyncType, string>> = {
  cluster: 'CDS',
  listener: 'LDS',
  route: 'RDS',
  endpoint: 'EDS',
  extensionconfig: 'ECDS',
}

const WHAT: Readonly<Record<SyncType, string>> = {
  cluster: 'clusters',
  listener: 'listeners',
  route: 'routes',
  endpoint: 'endpoints',
  extensionconfig: 'extensions',
}

export interface TypeSync {
  type: SyncType
  /** CDS, LDS… */
  short: string
  state: 'synced' | 'stale' | 'never-acknowledged' | 'not-sent'
  sent: string | null
  acknowledged: string | null
  /** what the state means, in a sentence */
  words: string
}

export interface ProxySync {
  /** `{pod}.{namespace}` */
  proxy: string
  version: string | null
  types: TypeSync[]
}

/** What one replica says of its proxies; null when the answer is of another shape. */
export function readSyncz(body: unknown): ProxySync[] | null {
  if (!Array.isArray(body)) return null
  return records(body).flatMap((entry) => {
    const proxy = text(entry.proxy)
    if (proxy === null) return []
    return [
      {
        proxy,
        version: text(entry.istio_version) ?? text(entry.proxy_version),
        types: SYNC_TYPES.map((type) => syncOf(type, record(entry))),
      },
    ]
  })
}

function syncOf(type: SyncType, entry: Readonly<Record<string, unknown>>): TypeSync {
  const sent = text(entry[`${type}_sent`])
  const acknowledged = text(entry[`${type}_acked`])
  const state =
    sent === null
      ? 'not-sent'
      : acknowledged === sent
        ? 'synced'
        : acknowledged === null
          ? 'never-acknowledged'
          : 'stale'
  return { type, short: SHORT[type], state, sent, acknowledged, words: wordsOf(type, state) }
}

function wordsOf(type: SyncType, state: TypeSync['state']): string {
  const what = WHAT[type]
  switch (state) {
    case 'synced':
      return `The proxy runs the ${what} that istiod sent last.`
    case 'stale':
      return `The proxy still runs older ${what}: it has not acknowledged the newest. A moment after a change that is usual; for longer, it is overloaded, cut off, or rejected them (pilot_total_xds_rejects, and its log).`
    case 'never-acknowledged':
      return `The proxy has acknowledged no ${what} yet: it is starting, or it rejects what istiod sends (see its log).`
    case 'not-sent':
      return type === 'extensionconfig'
        ? 'Nothing was sent: no WasmPlugin or dynamic filter concerns the proxy.'
        : `No ${what} were sent: nothing of this kind concerns the proxy.`
  }
}
