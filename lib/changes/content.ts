/** What people write of an object, apart from what the API server and controllers keep on it. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isEqual } from './difference/json-patch'

/** Kept by the API server; the same object has others after every write. */
const SERVER_METADATA = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
]

/** The object without status and without what the API server writes into its metadata; everything else as it is. */
export function contentOf(object: ConfigObject): ConfigObject {
  const { status: _status, metadata, ...rest } = object
  const kept = Object.entries(metadata).filter(([name]) => !SERVER_METADATA.includes(name))
  // the name is not among what is left out
  const own = Object.fromEntries(kept) as ConfigObject['metadata']
  const { apiVersion, kind, ...others } = rest
  return { apiVersion, kind, metadata: own, ...others }
}

/** True when two states of an object hold the same of what people write; null is an object that does not exist. */
export function isSameContent(a: ConfigObject | null, b: ConfigObject | null): boolean {
  if (a === null || b === null) return a === b
  return isEqual(contentOf(a), contentOf(b))
}
