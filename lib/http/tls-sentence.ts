import 'server-only'

const UNKNOWN_AUTHORITY =
  /^(UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|(DEPTH_ZERO_)?SELF_SIGNED_CERT)/

/**
 * Why TLS with `where` failed, as a sentence without its stop; undefined when `code` is about something else.
 * `authorities` says where further certificate authorities are named.
 * Codes: https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
 */
export function tlsSentence(
  where: string,
  code: string | undefined,
  authorities: string,
): string | undefined {
  if (code === undefined) return undefined
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return `${where} does not speak TLS (${code}); is it http?`
  }
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of ${where} has expired`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate of ${where} is for another host name (${code})`
  }
  if (UNKNOWN_AUTHORITY.test(code)) {
    return `the certificate of ${where} comes from an authority that is not known here (${code}); ${authorities}`
  }
  return /CERT|TLS|SSL/.test(code) ? `the certificate of ${where} is not accepted (${code})` : undefined
}
