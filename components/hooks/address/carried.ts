/** What of the present address a link to another page takes along. Pure. */

const CARRIED = ['window', 'at', 'refresh'] as const

/**
 * An address of Heddle with the time of the page it stands on, unless it names its own: who looks at the past, or has
 * paused, does so on the next page too.
 */
export function carried(href: string, params: URLSearchParams): string {
  if (!href.startsWith('/')) return href
  const [, path = '', query = '', hash = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/.exec(href) ?? []
  const next = new URLSearchParams(query)
  let isChanged = false
  for (const key of CARRIED) {
    const value = params.get(key)
    if (value === null || next.has(key)) continue
    next.set(key, value)
    isChanged = true
  }
  if (!isChanged) return href
  return `${path}?${next.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')}${hash}`
}
