/** How a text that is edited stands to the object in the cluster, which others change meanwhile. Pure. */
import { isSameContent } from '@/lib/changes/content'
import { contentYaml } from '@/lib/changes/text/content-yaml'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Verdict } from './judge-text'

export interface Editing {
  /** the object as it was when editing began: what a review compares with */
  base: ConfigObject
  text: string
  /** what was applied last from here; the server may have added fields to it since */
  applied: string | null
}

/** Writing a large object out takes a while, and every keystroke asks whether the text is still that. */
const texts = new WeakMap<ConfigObject, string>()

function textOf(object: ConfigObject): string {
  const known = texts.get(object)
  if (known !== undefined) return known
  const text = contentYaml(object)
  texts.set(object, text)
  return text
}

export function beginEditing(object: ConfigObject): Editing {
  return { base: object, text: textOf(object), applied: null }
}

/** True when the text says something else than the object it began with; comments alone change nothing. */
export function isChanged({ base, text }: Editing, verdict: Verdict): boolean {
  if (text === textOf(base)) return false
  return verdict.kind !== 'fits' || !isSameContent(verdict.object, withNamespaceOf(verdict.object, base))
}

/**
 * The editing after the cluster's object became `now`: what nobody edited follows it, a text that says the same keeps
 * its comments, and a text that differs stays with the object it began with.
 */
export function followCluster(editing: Editing, verdict: Verdict, now: ConfigObject): Editing {
  if (editing.base === now) return editing
  if (isSameContent(editing.base, now)) return editing
  if (verdict.kind === 'fits' && isSameContent(verdict.object, withNamespaceOf(verdict.object, now))) {
    return { ...editing, base: now, applied: null }
  }
  const isUntouched = !isChanged(editing, verdict) || editing.text === editing.applied
  return isUntouched ? beginEditing(now) : editing
}

/** A text may leave the namespace out; it is the object's then. */
function withNamespaceOf(written: ConfigObject, object: ConfigObject): ConfigObject {
  if (written.metadata.namespace || !object.metadata.namespace) return object
  const { namespace: _namespace, ...metadata } = object.metadata
  return { ...object, metadata: metadata as ConfigObject['metadata'] }
}
