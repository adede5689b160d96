import type { ServerResponse } from 'node:http'
import type { KubernetesObject } from '@/lib/demo/model'
import { qualifiedKind } from '../kinds'
import type { JsonRecord } from '../json'
import { StoreError } from '../object-store'
import type { ObjectStore, StoreEvent } from '../object-store'
import { ApiError, badRequest, fromStore } from './api-error'
import { wholeNumber } from './reads'
import { writeBookmark, writeOne } from './representation'
import type { View } from './representation'
import { parseSelectors } from './selectors'

export interface WatchOptions {
  /** how often an idle watch that asked for bookmarks gets one */
  bookmarkMs: number
  /** a watch that names no timeoutSeconds ends after this long */
  timeoutMs: number
}

/** A client this far behind is cut off; it will list again. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024

/**
 * Streams changes as lines of JSON until the client leaves or the time is up. Without a resourceVersion, or
 * with "0", the current objects come first as ADDED; with one, what happened after it; one too old is answered
 * by an ERROR event with code 410. `sendInitialEvents` ends the current objects with a marked bookmark.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function streamWatch(
  response: ServerResponse,
  store: ObjectStore,
  view: View,
  scope: { namespace: string | undefined; name: string | undefined },
  query: URLSearchParams,
  options: WatchOptions,
  now: () => number,
): void {
  const { resource } = view
  const selects = parseSelectors(query, resource)
  const matches = (object: KubernetesObject) =>
    (scope.namespace === undefined || object.metadata.namespace === scope.namespace) &&
    (scope.name === undefined || object.metadata.name === scope.name) &&
    selects(object)
  const wantsBookmarks = query.get('allowWatchBookmarks') === 'true'
  const sendsInitial = query.get('sendInitialEvents') === 'true'
  if (sendsInitial && query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw badRequest('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')
  }
  const revision = wholeNumber(query, 'resourceVersion') ?? 0
  const timeoutMs = (wholeNumber(query, 'timeoutSeconds') ?? 0) * 1000 || options.timeoutMs
  const kind = qualifiedKind(resource.kind, resource.group)

  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' })
  response.flushHeaders()
  let isFirst = true
  const send = (type: string, object: JsonRecord) => {
    response.write(`${JSON.stringify({ type, object })}\n`)
    if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy()
  }
  const sendObject = (type: string, object: KubernetesObject) => {
    send(type, writeOne(object, { ...view, nowMs: now() }, isFirst))
    isFirst = false
  }
  const sendEvent = (event: StoreEvent) => {
    if (event.kind !== kind) return
    const change = asSeen(event, matches)
    if (change !== undefined) sendObject(change.type, change.object)
  }

  try {
    if (revision === 0 || sendsInitial) {
      for (const object of store.list(kind, scope.namespace)) if (matches(object)) sendObject('ADDED', object)
      if (sendsInitial && wantsBookmarks) {
        send('BOOKMARK', writeBookmark(view, String(store.revision), { 'k8s.io/initial-events-end': 'true' }))
      }
    } else {
      for (const event of store.eventsSince(revision)) sendEvent(event)
    }
  } catch (error) {
    const refusal = error instanceof StoreError ? fromStore(error, resource, '') : error
    if (!(refusal instanceof ApiError)) throw error
    send('ERROR', refusal.toStatus())
    response.end()
    return
  }

  const leave = store.subscribe(sendEvent)
  const bookmark = () => send('BOOKMARK', writeBookmark(view, String(store.revision)))
  const bookmarks = wantsBookmarks ? setInterval(bookmark, options.bookmarkMs) : undefined
  const end = () => {
    leave()
    clearInterval(bookmarks)
    clearTimeout(timeout)
  }
  const timeout = setTimeout(() => {
    if (wantsBookmarks) bookmark()
    end()
    response.end()
  }, timeoutMs)
  // neither timer may keep a process alive that has nothing else to do
  timeout.unref()
  bookmarks?.unref()
  response.once('close', end)
}

/** How a change looks to someone who sees only matching objects: coming into sight is ADDED, leaving it DELETED. */
function asSeen(
  event: StoreEvent,
  matches: (object: KubernetesObject) => boolean,
): { type: StoreEvent['type']; object: KubernetesObject } | undefined {
  const was = event.previous !== null && matches(event.previous)
  const is = event.type !== 'DELETED' && matches(event.object)
  if (was && is) return { type: 'MODIFIED', object: event.object }
  if (is) return { type: 'ADDED', object: event.object }
  if (!was) return undefined
  if (event.type === 'DELETED' || event.previous === null) return { type: 'DELETED', object: event.object }
  const { resourceVersion } = event.object.metadata
  const last = { ...event.previous, metadata: { ...event.previous.metadata, resourceVersion } }
  return { type: 'DELETED', object: last }
}
