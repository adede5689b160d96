import type { KubernetesObject } from '@/lib/demo/model'
import { asRecords, isRecord } from '../json'
import type { JsonRecord } from '../json'
import type { Schema } from '../schema/schemas'
import {
  changedFields,
  differing,
  fieldsOf,
  intersect,
  isEmptySet,
  mergeApplied,
  pathsOf,
  removeFields,
  subtract,
  union,
} from './field-set'
import type { FieldSet } from './field-set'

export interface Manager {
  name: string
  apiVersion: string
  /** RFC 3339 */
  time: string
  subresource?: string
}

interface Entry {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time?: string
  subresource?: string
  fields: FieldSet
}

/** Another manager owns fields that an apply would change. */
export interface ApplyConflict {
  manager: string
  operation: string
  paths: string[]
}

export type Applied = { object: KubernetesObject } | { conflicts: ApplyConflict[] }

function entriesOf(object: JsonRecord): Entry[] {
  const metadata = isRecord(object.metadata) ? object.metadata : {}
  return asRecords(metadata.managedFields).map((entry) => ({
    manager: String(entry.manager ?? ''),
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion: String(entry.apiVersion ?? ''),
    ...(typeof entry.time === 'string' ? { time: entry.time } : {}),
    ...(typeof entry.subresource === 'string' ? { subresource: entry.subresource } : {}),
    fields: (isRecord(entry.fieldsV1) ? entry.fieldsV1 : {}) as FieldSet,
  }))
}

function withEntries(object: KubernetesObject, entries: readonly Entry[]): KubernetesObject {
  const managedFields = entries
    .filter((entry) => !isEmptySet(entry.fields))
    .map(({ fields, ...entry }) => ({ ...entry, fieldsType: 'FieldsV1', fieldsV1: fields }))
  const { managedFields: _old, ...metadata } = object.metadata
  return { ...object, metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields } }
}

const isSame = (entry: Entry, manager: Manager, operation: Entry['operation']) =>
  entry.manager === manager.name && entry.operation === operation && entry.subresource === manager.subresource

/** Records who made a plain write: what changed is theirs now, nobody owns what is gone. */
export function recordUpdate(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  manager: Manager,
  schema: Schema,
): KubernetesObject {
  const { changed, removed } = changedFields(before ?? { metadata: {} }, after, schema)
  const entries = before === undefined ? [] : entriesOf(before)
  if (isEmptySet(changed) && isEmptySet(removed)) return withEntries(after, entries)
  const kept = entries.map((entry) =>
    isSame(entry, manager, 'Update')
      ? { ...entry, fields: subtract(entry.fields, removed) }
      : { ...entry, fields: subtract(subtract(entry.fields, changed), removed) },
  )
  const own = kept.find((entry) => isSame(entry, manager, 'Update'))
  const fields = union(own?.fields ?? {}, changed)
  const next: Entry = { ...entryOf(manager, 'Update'), fields }
  return withEntries(after, [...kept.filter((entry) => entry !== own), next])
}

function entryOf(manager: Manager, operation: Entry['operation']): Omit<Entry, 'fields'> {
  return {
    manager: manager.name,
    operation,
    apiVersion: manager.apiVersion,
    time: manager.time,
    ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
  }
}

/**
 * Server-side apply: the manager's configuration is merged into the live object, fields it applied before and
 * no longer names are removed unless someone else owns them too, and fields others own with another value are
 * conflicts unless `force`. Rules: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyConfiguration(
  live: KubernetesObject | undefined,
  config: KubernetesObject,
  manager: Manager,
  schema: Schema,
  force: boolean,
): Applied {
  const mine = fieldsOf(config, schema)
  if (live === undefined) {
    return { object: withEntries(config, [{ ...entryOf(manager, 'Apply'), fields: mine }]) }
  }
  let entries = entriesOf(live)
  if (entries.length === 0) {
    // what was there before anybody applied belongs to nobody known, but must not be overwritten silently
    const before = { ...manager, name: 'before-first-apply' }
    entries = [{ ...entryOf(before, 'Update'), fields: fieldsOf(live, schema) }]
  }
  const own = entries.find((entry) => isSame(entry, manager, 'Apply'))
  const others = entries.filter((entry) => entry !== own)
  const merged = mergeApplied(live, config, schema) as KubernetesObject
  const changing = differing(mine, live, merged, schema)
  const conflicts = others
    .map((entry) => ({ entry, fields: intersect(entry.fields, changing) }))
    .filter(({ fields }) => !isEmptySet(fields))
  if (conflicts.length > 0 && !force) {
    return {
      conflicts: conflicts.map(({ entry, fields }) => ({
        manager: entry.manager,
        operation: entry.operation,
        paths: pathsOf(fields),
      })),
    }
  }
  const kept = others.map((entry) => ({ ...entry, fields: subtract(entry.fields, changing) }))
  const givenUp = subtract(own?.fields ?? {}, mine)
  const abandoned = kept.reduce((fields, entry) => subtract(fields, entry.fields), givenUp)
  const object = removeFields(merged, abandoned, schema) as KubernetesObject
  return { object: withEntries(object, [...kept, { ...entryOf(manager, 'Apply'), fields: mine }]) }
}
