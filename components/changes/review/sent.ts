/** What is sent to apply a change, and what an error says about it. Pure but for the token. */
import { ApiFailure } from '@/lib/api/fetch'
import type { ChangeItem, PreviewAnswer } from '@/lib/api/schemas/config/changes'

/**
 * The items bound to what the preview showed: an object that is another by then is a conflict, not a surprise.
 * Items that name their own state keep it.
 */
export function guardedItems(items: readonly ChangeItem[], preview: PreviewAnswer): ChangeItem[] {
  return items.map((item) => {
    const seen = preview.changes.find(
      ({ ref }) =>
        ref.kind === item.ref.kind &&
        ref.group === item.ref.group &&
        ref.namespace === item.ref.namespace &&
        ref.name === item.ref.name &&
        (item.ref.cluster === undefined || ref.cluster === item.ref.cluster),
    )
    if (!seen || item.op === 'create' || seen.resourceVersion === null || seen.before === null) return item
    return { ...item, base: seen.before, resourceVersion: seen.resourceVersion }
  })
}

/**
 * True when Heddle itself said that nothing was applied. A connection that broke, a proxy's page and a fault inside
 * leave open what happened.
 */
export function isWordOfHeddle(error: Error): boolean {
  return (
    error instanceof ApiFailure &&
    error.status !== 0 &&
    error.code !== 'bad-answer' &&
    error.code !== 'internal'
  )
}

/** Names one request to apply. Plain http on another host has no `randomUUID`. */
export function newToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
