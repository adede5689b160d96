/** Internet addresses as people write them into configuration. */

const OCTET = /^(0|[1-9]\d{0,2})$/

export function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => OCTET.test(part) && Number(part) < 256)
}

/** Format: https://datatracker.ietf.org/doc/html/rfc4291#section-2.2 */
export function isIpv6(text: string): boolean {
  const [head = '', tail, ...rest] = text.split('::')
  if (rest.length > 0 || !text.includes(':')) return false
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const all = [...groups(head), ...groups(tail ?? '')]
  const last = all.at(-1) ?? ''
  // an IPv4 address may stand for the last two groups
  const hasIpv4 = last.includes('.')
  if (hasIpv4 && !isIpv4(last)) return false
  const count = all.length + (hasIpv4 ? 1 : 0)
  const isHex = (hasIpv4 ? all.slice(0, -1) : all).every((group) => /^[0-9a-f]{1,4}$/i.test(group))
  return isHex && (tail === undefined ? count === 8 : count < 8)
}

export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text)
}

/** `10.0.0.0/8` or `2001:db8::/32`. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false
  return (isIpv4(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128)
}

/** An address or a range. */
export function isSubnet(text: string): boolean {
  return text.includes('/') ? isCidr(text) : isIp(text)
}
