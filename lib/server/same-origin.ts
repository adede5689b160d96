import 'server-only'
import { Refusal } from './errors'

/**
 * Refuses a write that another site's page makes a browser send: browsers name the origin of every write.
 * Callers that are no browsers name none, and carry no cookies a page could borrow. Throws Refusal('forbidden').
 */
export function requireSameOrigin(request: Request): void {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  const host = request.headers.get('x-forwarded-host') ?? request.headers.get('host')
  const isOtherSite = site !== null && site !== 'same-origin' && site !== 'none'
  const isOtherOrigin = origin !== null && (!URL.canParse(origin) || new URL(origin).host !== host)
  if (isOtherSite || isOtherOrigin) {
    throw new Refusal('forbidden', 'Changes are taken from Heddle’s own pages only.', {
      code: 'cross-origin',
    })
  }
}
