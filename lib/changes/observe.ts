/** What changed between two readings of a cluster's configuration. */
import { isUnread } from '@/lib/istio/unread'
import { groupOf, kindKey, namespaceOf } from '@/lib/validation/world'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isSameContent } from './content'

export interface ObservedChange {
  before: ConfigObject | null
  after: ConfigObject | null
}

export type Reading = ReadonlyMap<string, ConfigObject>

/** Objects by what names them, for comparing with a later reading. */
export function readingOf(config: readonly ConfigObject[]): Reading {
  return new Map(
    config.map((object) => [`${kindKey(object)} ${namespaceOf(object)}/${object.metadata.name}`, object]),
  )
}

/**
 * Objects that came, went, or hold something else of what people write. An object that is the same record is not
 * looked into: a reading costs what changed. Objects of kinds that could not be read at one of the two times, in
 * `unread` as an inventory names them, neither came nor went: a right did.
 */
export function changesBetween(
  before: Reading,
  after: Reading,
  unread: readonly string[] = [],
): ObservedChange[] {
  const changes: ObservedChange[] = []
  for (const [key, object] of after) {
    const old = before.get(key) ?? null
    if (old !== object && !isSameContent(old, object)) changes.push({ before: old, after: object })
  }
  for (const [key, object] of before) {
    if (!after.has(key)) changes.push({ before: object, after: null })
  }
  return unread.length === 0 ? changes : changes.filter((change) => !isOfKinds(change, unread))
}

function isOfKinds({ before, after }: ObservedChange, unread: readonly string[]): boolean {
  const object = after ?? before
  return (
    object !== null && isUnread({ inventory: { unread } }, `${object.kind}.${groupOf(object.apiVersion)}`)
  )
}
