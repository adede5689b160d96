import type { KubernetesObject } from '@/lib/demo/model'
import { qualifiedKind } from '../kinds'
import type { ResourceKind } from '../kinds'
import { isRecord } from '../json'
import type { JsonRecord } from '../json'
import { StoreError } from '../object-store'
import type { ObjectStore } from '../object-store'
import { badRequest, expired, fromStore, notFound } from './api-error'
import { writeList, writeOne } from './representation'
import type { View } from './representation'
import { parseSelectors } from './selectors'

/** One object, or ApiError NotFound. */
export function getObject(
  store: ObjectStore,
  resource: ResourceKind,
  namespace: string | undefined,
  name: string,
): KubernetesObject {
  const object = store.get({ kind: resource.kind, group: resource.group, namespace, name })
  if (object === undefined) throw notFound(resource, name)
  return object
}

export function answerGet(
  store: ObjectStore,
  view: View,
  namespace: string | undefined,
  name: string,
): JsonRecord {
  return writeOne(getObject(store, view.resource, namespace, name), view)
}

interface Continue {
  /** revision all pages are read at */
  revision: number
  /** identity of the last object of the page before */
  after: string
}

/**
 * A list, whole or in pages. All pages of one list show the objects as they were when the first was read;
 * ApiError Expired when that is too long ago.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export function answerList(
  store: ObjectStore,
  view: View,
  namespace: string | undefined,
  query: URLSearchParams,
): JsonRecord {
  const { resource } = view
  const matches = parseSelectors(query, resource)
  const limit = wholeNumber(query, 'limit') ?? 0
  const token = query.get('continue')
  const from = token === null || token === '' ? undefined : readToken(token)
  const isExact = query.get('resourceVersionMatch') === 'Exact'
  const revision =
    from?.revision ?? (isExact ? wholeNumber(query, 'resourceVersion') : undefined) ?? store.revision
  let objects: readonly KubernetesObject[]
  try {
    objects = store.listAt(qualifiedKind(resource.kind, resource.group), revision, namespace)
  } catch (error) {
    if (from !== undefined && error instanceof StoreError) {
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      )
    }
    throw fromStore(error, resource, '')
  }
  const chosen = objects.filter(matches)
  const start = from === undefined ? 0 : startAfter(chosen, from.after)
  const page = limit > 0 ? chosen.slice(start, start + limit) : chosen.slice(start)
  const remaining = chosen.length - start - page.length
  const last = page.at(-1)
  const metadata: JsonRecord = { resourceVersion: String(revision) }
  if (remaining > 0 && last !== undefined) {
    metadata.continue = writeToken({ revision, after: keyOf(last) })
    // with a selector a real server does not know how many more would match
    if (!query.has('labelSelector') && !query.has('fieldSelector')) metadata.remainingItemCount = remaining
  }
  return writeList(page, view, metadata)
}

/** A whole number in a query; undefined when absent. Throws ApiError 400. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw badRequest(`invalid value for ${name}: ${JSON.stringify(text)}: must be a whole number`)
  }
  return Number(text)
}

function keyOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`
}

/** Position of the first object behind the last one seen; objects are sorted by namespace, then name. */
function startAfter(objects: readonly KubernetesObject[], after: string): number {
  const index = objects.findIndex((object) => keyOf(object) === after)
  if (index === -1) throw badRequest('continue key is not valid: it names no object of this list')
  return index + 1
}

function writeToken(token: Continue): string {
  return Buffer.from(
    JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.revision, start: token.after }),
  ).toString('base64url')
}

function readToken(text: string): Continue {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (isRecord(token) && typeof token.rv === 'number' && typeof token.start === 'string') {
      return { revision: token.rv, after: token.start }
    }
  } catch {
    // answered below like any other unreadable token
  }
  throw badRequest('continue key is not valid: it was not issued by this server')
}
