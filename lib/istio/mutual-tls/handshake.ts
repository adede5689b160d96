/**
 * What comes of a caller and a port: mutual TLS, plain text, or nothing.
 * Sources: istio/istio pilot/pkg/networking/core/cluster_tls.go, pilot/pkg/xds/endpoints/mtls_checker.go
 */
import type { MtlsMode } from '../mtls'

/**
 * What a caller sends: `auto` leaves it to the endpoint (auto mTLS), `mutual` is the mesh's mTLS whatever the
 * endpoint, `otherTls` ordinary TLS with certificates of the user.
 */
export type Sends = 'plaintext' | 'auto' | 'mutual' | 'otherTls'

/** By the TLS mode of a DestinationRule; none for a word that is no mode. */
export const SENDS: Readonly<Record<string, Sends>> = {
  DISABLE: 'plaintext',
  ISTIO_MUTUAL: 'mutual',
  SIMPLE: 'otherTls',
  MUTUAL: 'otherTls',
}

export interface ServerSide {
  /** what the port accepts where a proxy stands in front of it */
  mode: MtlsMode
  /** false: no sidecar and no ztunnel; nothing enforces the mode */
  isProxied: boolean
}

/** `applicationTls`: passed on untouched, works only where the application itself speaks TLS. */
export type Meeting = 'mutual' | 'plaintext' | 'applicationTls' | 'broken'

/** How a call ends, by the two sides' settings. */
export function meet(sends: Sends, server: ServerSide): Meeting {
  const canMutual = server.isProxied && server.mode !== 'DISABLE'
  const isStrict = server.isProxied && server.mode === 'STRICT'
  switch (sends) {
    case 'auto':
      return canMutual ? 'mutual' : 'plaintext'
    case 'mutual':
      return canMutual ? 'mutual' : 'broken'
    case 'plaintext':
      return isStrict ? 'broken' : 'plaintext'
    case 'otherTls':
      return isStrict ? 'broken' : 'applicationTls'
  }
}

/** The same as a clause: "is refused: the port takes mutual TLS only". */
export function meetingWords(sends: Sends, server: ServerSide): string {
  const met = meet(sends, server)
  if (met === 'mutual') return 'is mutual TLS'
  if (met === 'plaintext') {
    if (sends !== 'auto') return 'is plain text, which is accepted'
    return server.isProxied
      ? 'is plain text: auto mTLS follows the port, which takes no mutual TLS'
      : 'is plain text: there is no proxy to speak mutual TLS with'
  }
  if (met === 'applicationTls') return 'reaches the application as TLS, which it must speak itself'
  if (sends === 'mutual') {
    return server.isProxied
      ? 'fails: the port takes no mutual TLS'
      : 'fails: there is no proxy to speak mutual TLS with'
  }
  return 'is refused: the port takes mutual TLS only'
}
