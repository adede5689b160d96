/**
 * Envoy's and ztunnel's response flags: what they mean in words, and whether the request got as far as the
 * called workload. Short names: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */

export interface FlagMeaning {
  /** what happened, as a clause: "no healthy endpoint" */
  words: string
  /** false: turned back before the called workload could see it, so its own proxy never reports it */
  arrived: boolean
  /** true: a TCP connection with this flag failed */
  failedConnection: boolean
}

const before = (words: string): FlagMeaning => ({ words, arrived: false, failedConnection: true })
const after = (words: string, failedConnection = true): FlagMeaning => ({
  words,
  arrived: true,
  failedConnection,
})

const MEANINGS: Readonly<Record<string, FlagMeaning>> = {
  UH: before('no healthy endpoint'),
  UF: before('could not connect'),
  UO: before('circuit breaker open (too many pending or parallel requests)'),
  NR: before('no route matched'),
  NC: before('the upstream cluster does not exist'),
  NFCF: before('no filter configuration arrived in time'),
  FI: before('fault injected by configuration'),
  RL: before('rate limited'),
  RLSE: before('the rate limit service failed'),
  UAEX: before('refused by external authorization'),
  IH: before('a header had an invalid value'),
  OM: before('the proxy is overloaded'),
  DF: before('the name could not be resolved'),
  DPE: before('the caller spoke the protocol wrongly'),
  LH: after('failed its health check'),
  UT: after('timed out waiting for the answer'),
  LR: after('the connection was reset by the proxy'),
  UR: after('the connection was reset by the other side'),
  UC: after('the connection to the workload broke'),
  URX: after('gave up after the allowed attempts'),
  UPE: after('the answer broke the protocol'),
  UMSDR: after('the request took longer than the longest allowed stream'),
  SI: after('the stream was idle for too long'),
  DT: after('the request or connection took too long'),
  DC: after('the caller hung up', false),
  DI: after('delayed by fault injection', false),
  RFCF: after('served from the cache', false),
  DR: after('the caller reset the stream', false),
  DENY: before('refused by an authorization policy'),
  CONNECT: before('could not connect'),
  TLS_FAILURE: before('the TLS handshake failed'),
  H2_HANDSHAKE_FAILURE: before('the HTTP/2 handshake failed'),
  NETWORK_POLICY: before('blocked, probably by a network policy'),
  IDENTITY_ERROR: before('the workload identity could not be used'),
  CERT_REVOKED: before('a certificate was revoked'),
}

/** Flags of requests that the called workload never saw. */
export const FLAGS_BEFORE_ARRIVAL: readonly string[] = Object.keys(MEANINGS).filter(
  (flag) => MEANINGS[flag]?.arrived === false,
)

/** Single flags of a list such as `UF,URX`; empty when clean. */
export function splitFlags(flags: string): string[] {
  if (flags === '-' || flags === '') return []
  return flags
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '' && flag !== '-')
}

/** What one flag means, or undefined for one we do not know. */
export function findFlagMeaning(flag: string): FlagMeaning | undefined {
  return MEANINGS[flag]
}

/** A list of flags in words: `could not connect (UF), gave up after the allowed attempts (URX)`; `` when clean. */
export function explainFlags(flags: string): string {
  return splitFlags(flags)
    .map((flag) => {
      const meaning = findFlagMeaning(flag)
      return meaning ? `${meaning.words} (${flag})` : flag
    })
    .join(', ')
}

/** True when the called workload can have seen the request; unknown flags give it the benefit of the doubt. */
export function hasArrived(flags: string): boolean {
  return splitFlags(flags).every((flag) => MEANINGS[flag]?.arrived ?? true)
}

/** True when a TCP connection that closed with these flags did not do its job. */
export function isFailedConnection(flags: string): boolean {
  return splitFlags(flags).some((flag) => MEANINGS[flag]?.failedConnection ?? false)
}
