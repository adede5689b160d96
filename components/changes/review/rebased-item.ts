/** A change after a conflict: put onto what the object is now. Pure. */
import type { ChangeItem, ConflictVersions } from '@/lib/api/schemas/config/changes'
import { contentOf } from '@/lib/changes/content'
import type { Clash, Side } from '@/lib/changes/difference/rebase'
import { rebase } from '@/lib/changes/difference/rebase'
import type { ConfigObject } from '@/lib/mesh/inventory'

type AnyObject = Record<string, unknown>

/** Items of a change with the one in conflict made anew against the object as it is now. */
export function withRebased(
  items: readonly ChangeItem[],
  versions: ConflictVersions,
  choices: Readonly<Record<string, Side>>,
): ChangeItem[] {
  return items.map((item) => (isSame(item, versions) ? rebasedItem(item, versions, choices) : item))
}

function rebasedItem(
  { ref }: ChangeItem,
  { base, theirs, mine }: ConflictVersions,
  choices: Readonly<Record<string, Side>>,
): ChangeItem {
  if (theirs === null) return { op: 'create', ref, object: content(mine ?? {}) }
  const resourceVersion = versionOf(theirs)
  const state = { base: theirs, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
  if (mine === null) return { op: 'delete', ref, ...state }
  return { op: 'update', ref, object: joined({ base, theirs, mine }, choices), ...state }
}

/** Mine on theirs; when the beginning is not known, mine as it is, for the preview to show against theirs. */
function joined(
  { base, theirs, mine }: { base: AnyObject | null; theirs: AnyObject; mine: AnyObject },
  choices: Readonly<Record<string, Side>>,
): AnyObject {
  if (base === null) return content(mine)
  // contents are objects: joined field by field they stay one
  return rebase({ base: content(base), theirs: content(theirs), mine: content(mine) }, choices)
    .value as AnyObject
}

/** Places that both changed; none when one of the versions is missing. */
export function clashesOf({ base, theirs, mine }: ConflictVersions): Clash[] {
  if (base === null || theirs === null || mine === null) return []
  return rebase({ base: content(base), theirs: content(theirs), mine: content(mine) }).clashes
}

function isSame({ ref }: ChangeItem, { ref: other }: ConflictVersions): boolean {
  return (
    ref.group === other.group &&
    ref.kind === other.kind &&
    ref.namespace === other.namespace &&
    ref.name === other.name &&
    (ref.cluster === undefined || ref.cluster === other.cluster)
  )
}

export function content(object: AnyObject): AnyObject {
  // the API answers with Kubernetes objects: they have metadata
  return { ...contentOf({ metadata: {}, ...object } as unknown as ConfigObject) }
}

function versionOf(object: AnyObject): string | undefined {
  const { metadata } = object as { metadata?: { resourceVersion?: unknown } }
  return typeof metadata?.resourceVersion === 'string' ? metadata.resourceVersion : undefined
}
