'use client'

import { ActionIcon, TextInput } from '@mantine/core'
import { IconCheck, IconPencil, IconTrash } from '@tabler/icons-react'
import Link from 'next/link'
import type { SubmitEvent } from 'react'
import { useState } from 'react'
import { readerZone } from '@/components/layout/time/zone'
import { addressWords } from './address-words'
import { LONGEST_NAME, named, problemOfName, renamed, type SavedView, without } from './saved-views'
import own from './Views.module.css'

/** One saved view: a link, its name to change, and a way to be rid of it that can be undone. */
export function ViewRow({
  view,
  views,
  onOpen,
  onStore,
}: {
  view: SavedView
  views: readonly SavedView[]
  onOpen: () => void
  onStore: (next: readonly SavedView[], words: string, before: readonly SavedView[]) => void
}) {
  const [typed, setTyped] = useState<string | null>(null)
  const taken = typed === null ? undefined : named(views, typed)
  const problem =
    typed === null
      ? null
      : taken && taken !== view
        ? 'Another view has this name'
        : problemOfName(typed, without(views, view.name))
  if (typed !== null) {
    const submit = (event: SubmitEvent) => {
      event.preventDefault()
      if (problem !== null) return
      setTyped(null)
      onStore(renamed(views, view.name, typed), `Renamed to “${typed.trim()}”.`, views)
    }
    return (
      <li>
        <form className={own.row} onSubmit={submit}>
          <TextInput
            size="xs"
            className={own.grow}
            aria-label={`New name of ${view.name}`}
            value={typed}
            maxLength={LONGEST_NAME}
            error={problem}
            autoFocus
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return
              // the sheet stays
              event.stopPropagation()
              setTyped(null)
            }}
          />
          <ActionIcon
            type="submit"
            variant="default"
            size={28}
            aria-label="Rename"
            disabled={problem !== null}
          >
            <IconCheck size={15} aria-hidden />
          </ActionIcon>
        </form>
      </li>
    )
  }
  const where = addressWords(view.path, readerZone())
  return (
    <li className={own.row}>
      <Link href={view.path} prefetch={false} className={own.link} onClick={onOpen}>
        <span className={own.name}>{view.name}</span>
        {where === view.name ? null : <span className={own.where}>{where}</span>}
      </Link>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={`Rename ${view.name}`}
        onClick={() => setTyped(view.name)}
      >
        <IconPencil size={15} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={`Delete ${view.name}`}
        onClick={() => onStore(without(views, view.name), `Deleted “${view.name}”.`, views)}
      >
        <IconTrash size={15} aria-hidden />
      </ActionIcon>
    </li>
  )
}
