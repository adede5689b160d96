/** What a TLS secret's certificate says of its own validity: as much of X.509 as that needs. */

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/

export interface Validity {
  /** epoch milliseconds */
  notBefore: number
  notAfter: number
}

/**
 * Validity of the first certificate of a PEM text; undefined when it is no certificate.
 * Format: https://datatracker.ietf.org/doc/html/rfc5280#section-4.1
 */
export function readValidity(pem: string): Validity | undefined {
  const body = PEM.exec(pem)?.[1]
  const der = body === undefined ? undefined : decodeBase64(body.replace(/\s/g, ''))
  if (!der) return undefined
  const certificate = readElement(der, 0)
  const tbs = certificate && readElement(der, certificate.start)
  if (!tbs || certificate.tag !== SEQUENCE || tbs.tag !== SEQUENCE || certificate.end > der.length)
    return undefined
  let at = tbs.start
  // [0] version, serial number, signature algorithm and issuer come before; the version may be absent
  const first = readElement(der, at)
  const skipped = first?.tag === VERSION ? 4 : 3
  for (let i = 0; i < skipped; i++) {
    const element = readElement(der, at)
    if (!element) return undefined
    at = element.end
  }
  const validity = readElement(der, at)
  if (validity?.tag !== SEQUENCE) return undefined
  const from = readElement(der, validity.start)
  const to = from && readElement(der, from.end)
  const notBefore = from && readTime(der, from)
  const notAfter = to && readTime(der, to)
  return notBefore === undefined || notAfter === undefined ? undefined : { notBefore, notAfter }
}

const SEQUENCE = 0x30
const VERSION = 0xa0
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18

interface Element {
  tag: number
  start: number
  end: number
}

function readElement(der: Uint8Array, at: number): Element | undefined {
  const tag = der[at]
  const first = der[at + 1]
  if (tag === undefined || first === undefined) return undefined
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first }
  const bytes = first & 0x7f
  if (bytes === 0 || bytes > 4) return undefined
  let length = 0
  for (let i = 0; i < bytes; i++) length = length * 256 + (der[at + 2 + i] ?? 0)
  return { tag, start: at + 2 + bytes, end: at + 2 + bytes + length }
}

function readTime(der: Uint8Array, { tag, start, end }: Element): number | undefined {
  if (tag !== UTC_TIME && tag !== GENERALIZED_TIME) return undefined
  const text = String.fromCharCode(...der.subarray(start, end))
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  if (!match) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  // two digits below 50 are of this century
  const full = tag === GENERALIZED_TIME ? year : year + (year < 50 ? 2000 : 1900)
  return Date.UTC(full, month - 1, day, hour, minute, second)
}

/** Bytes of a base64 text; undefined when it is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
