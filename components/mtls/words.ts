/** Modes, states and callers in words. Pure. */
import type { MtlsState, PlaintextCaller } from '@/lib/api/schemas/config/mtls'
import type { MtlsMode } from '@/lib/api/schemas/mesh/graph'
import type { ModeChoice } from '@/lib/istio/edit/peer-authentication'
import { formatRate } from '@/lib/units/rate'

export const STATE_WORDS: Record<MtlsState, { name: string; meaning: string }> = {
  broken: { name: 'Broken', meaning: 'a DestinationRule does not fit the mode: its callers are turned away' },
  plaintext: { name: 'Plain text seen', meaning: 'some of what it received was not mutual TLS' },
  open: { name: 'Open', meaning: 'nothing takes mutual TLS there; no call was seen' },
  permissive: { name: 'Permissive', meaning: 'plain text would be accepted; none was seen' },
  strict: { name: 'Strict', meaning: 'mutual TLS only' },
}

export const MODE_WORDS: Record<MtlsMode, string> = {
  STRICT: 'mutual TLS only',
  PERMISSIVE: 'mutual TLS and plain text',
  DISABLE: 'plain text only',
}

/** In place of a mode. */
export const MODE_NOT_KNOWN = 'Not known: Heddle may not read PeerAuthentications'

export const CHOICE_WORDS: Record<ModeChoice, { name: string; meaning: string }> = {
  STRICT: { name: 'STRICT', meaning: 'accept mutual TLS only' },
  PERMISSIVE: { name: 'PERMISSIVE', meaning: 'accept mutual TLS and plain text' },
  DISABLE: { name: 'DISABLE', meaning: 'accept plain text only; mutual TLS is switched off' },
  UNSET: { name: 'Inherit', meaning: 'say nothing here; the next level up decides' },
}

/** `legacy/batch`, or that nobody knows who. */
export function callerName(caller: { namespace: string | null; workload: string | null }): string {
  const { namespace, workload } = caller
  if (workload === null) return 'caller without a proxy'
  return namespace === null ? workload : `${namespace}/${workload}`
}

/** `3.2/s`, or of TCP the connections: `0.8 conn/s`. */
export function callerRate(
  caller: Pick<PlaintextCaller, 'requestsPerSecond' | 'connectionsPerSecond'>,
): string {
  if (caller.requestsPerSecond !== null) return formatRate(caller.requestsPerSecond)
  return caller.connectionsPerSecond === null
    ? formatRate(null)
    : formatRate(caller.connectionsPerSecond).replace('/s', ' conn/s')
}

/** The first callers by name and how many more: "caller without a proxy, legacy/batch +2". */
export function callersInShort(callers: readonly PlaintextCaller[], count = callers.length): string {
  if (callers.length === 0) return ''
  const names = [...new Set(callers.map(callerName))]
  const shown = names.slice(0, 1)
  const more = count - 1
  return more > 0 ? `${shown[0]} +${more}` : (shown[0] ?? '')
}

/** `{cluster}[/{namespace}[/{workload}[:{port}]]]` in parts; null for text that is none. */
export function placeOfId(
  id: string,
): { cluster: string; namespace: string | null; workload: string | null; port: number | null } | null {
  const [cluster, namespace, last, ...rest] = id.split('/')
  if (!cluster || rest.length > 0) return null
  const [, workload = null, port] = /^(.+?)(?::(\d+))?$/.exec(last ?? '') ?? []
  return {
    cluster,
    namespace: namespace || null,
    workload: workload || null,
    port: port === undefined ? null : Number(port),
  }
}
