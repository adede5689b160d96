/** The address that opens a view as it is at one instant. Pure. */
import { parseView } from '@/components/hooks/address/view-state'

/**
 * `href` with its instant and its window written out: a view of the present becomes one of `at`, whole seconds; one of
 * the past stays. How often a page asks again is nothing to share.
 */
export function sharedAddress(href: string, at: number): string {
  const url = new URL(href)
  const view = parseView(url.searchParams)
  const seconds = view.at === null ? Math.floor(at / 1000) : view.at / 1000
  url.searchParams.set('at', String(seconds))
  url.searchParams.set('window', view.window)
  url.searchParams.delete('refresh')
  const query = url.searchParams
    .toString()
    .replaceAll('%2C', ',')
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':')
  return `${url.origin}${url.pathname}?${query}${url.hash}`
}

/** The instant of such an address, epoch milliseconds. */
export function instantOf(href: string): number | null {
  return parseView(new URL(href).searchParams).at
}
