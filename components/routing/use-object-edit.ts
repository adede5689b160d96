'use client'

import { useMemo, useState } from 'react'
import { dropDraft, type Draft } from '@/components/config/edit/drafts'
import { beginEditing, followCluster, isChanged } from '@/components/config/edit/editing'
import { judgeText } from '@/components/config/edit/judge-text'
import { useDraft } from '@/components/config/edit/use-draft'
import { contentOf, isSameContent } from '@/lib/changes/content'
import { editedText } from '@/lib/changes/text/edit-text'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { ConfigRef } from '@/lib/mesh/resource'

/**
 * One object under edit, as text: the form writes into the text and reads from it, so that both always say the same
 * and what the form does not show stays, comments included. The text is kept in this browser until it is applied;
 * the draft is the one of the object's own page.
 */
export function useObjectEdit(ref: ConfigRef, now: ConfigObject, isNew: boolean) {
  const key = [ref.cluster, ref.group, ref.kind, ref.namespace, ref.name].join('/')
  const [editing, setEditing] = useState(() => beginEditing(now))
  const verdict = useMemo(() => judgeText(editing.text, ref), [editing.text, ref])
  const followed = followCluster(editing, verdict, now)
  if (followed !== editing) setEditing(followed)
  const isEdited = isChanged(editing, verdict)
  const draft = useDraft(key, editing.text, editing.base, isEdited)
  const object = verdict.kind === 'fits' ? verdict.object : null
  const setText = (text: string) => setEditing((old) => ({ ...old, text }))
  return {
    text: editing.text,
    base: editing.base,
    verdict,
    /** null: the text is no state of the object */
    object,
    isEdited,
    /** something can be applied: an edit, or an object that is not there yet */
    isDirty: isEdited || isNew,
    isOvertaken: !isNew && isEdited && !isSameContent(editing.base, now),
    draft,
    setText,
    setObject: (next: ConfigObject) => {
      if (object) setText(editedText(editing.text, contentOf(next)))
    },
    restore: ({ text, base }: Draft) => {
      setEditing({ text, base: base ?? now, applied: null })
      draft.settle()
    },
    undo: () => {
      setEditing(beginEditing(now))
      dropDraft(key)
    },
    applied: () => {
      setEditing((old) => ({ ...old, applied: old.text }))
      dropDraft(key)
    },
  }
}
