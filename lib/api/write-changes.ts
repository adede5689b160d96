/** The requests of the change pipeline: preview, apply, revert, and finding a change whose answer was lost. */
import { fetchJson } from './fetch'
import { apiPaths } from './paths'
import type { ChangeBody } from './schemas/config/changes'

const schemas = {
  applied: () => import('./schemas/config/changes').then((file) => file.ApplyAnswer),
  list: () => import('./schemas/config/changes').then((file) => file.ChangeList),
  preview: () => import('./schemas/config/changes').then((file) => file.PreviewAnswer),
}

/** What a change would do; nothing is written. Throws ApiFailure; with the versions in `details` on a conflict. */
export function previewChange(body: ChangeBody, signal?: AbortSignal) {
  return fetchJson(apiPaths.preview(), schemas.preview, { method: 'POST', body, ...signalOf(signal) })
}

/**
 * Records and applies a change, sent once. Throws ApiFailure; a failure that is no word of Heddle's own (status 0,
 * a proxy's page) leaves open whether it was applied.
 */
export function applyChange(body: ChangeBody) {
  return fetchJson(apiPaths.apply(), schemas.applied, { method: 'POST', body })
}

/** The change recorded for a request of that token; undefined when none was. Throws ApiFailure. */
export async function findByToken(token: string) {
  const { items } = await fetchJson(apiPaths.changes({ token }), schemas.list)
  return items[0]
}

function signalOf(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}
