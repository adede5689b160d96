'use client'

import { Button, Checkbox, FileButton, TextInput } from '@mantine/core'
import { IconDownload, IconUpload } from '@tabler/icons-react'
import { usePathname, useSearchParams } from 'next/navigation'
import type { SubmitEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { withView as withParams } from '@/components/hooks/address/view-state'
import { useView } from '@/components/hooks/address/use-view'
import classes from '@/components/layout/masthead/Masthead.module.css'
import { readerZone } from '@/components/layout/time/zone'
import { formatDate } from '@/lib/units/date'
import { addressWords } from './address-words'
import {
  LONGEST_NAME,
  merged,
  named,
  problemOfName,
  readViews,
  type SavedView,
  withView,
  writeViews,
} from './saved-views'
import { storeViews, useSavedViews } from './store'
import { ViewRow } from './ViewRow'
import own from './Views.module.css'

const FILE_NAME = 'heddle-views.json'
const LONGEST_FILE = 5_000_000

/** Saving, opening, renaming, deleting, taking along: all there is about saved views. */
export default function ViewsSheet({ onDone }: { onDone: () => void }) {
  const { views, dropped, isUnreadable } = useSavedViews()
  const [said, setSaid] = useState<string | null>(null)
  const [undo, setUndo] = useState<readonly SavedView[] | null>(null)
  /** `before` is what undoing brings back. */
  const store = (next: readonly SavedView[], words: string, before: readonly SavedView[] | null = null) => {
    const isKept = storeViews(next)
    setUndo(before)
    setSaid(
      isKept
        ? words
        : `${words} This browser does not keep it: its storage is full or closed. It lasts until the page is left; export it to keep it.`,
    )
  }
  const importFile = async (file: File | null) => {
    if (!file) return
    const text = file.size > LONGEST_FILE ? '{' : await file.text()
    const read = readViews(text)
    if (read.isUnreadable) {
      setUndo(null)
      setSaid(`${file.name} holds no views that Heddle exported.`)
      return
    }
    const result = merged(views, read.views)
    store(result.views, importWords(result, read.dropped), views)
  }
  return (
    <div className={classes.sheet}>
      <SaveForm
        views={views}
        onSave={(view) => store(withView(views, view), `Saved “${view.name.trim()}”.`)}
      />
      <div className={classes.rule} />
      {isUnreadable ? (
        <p className={classes.hint} role="alert">
          The views kept in this browser cannot be read. Saving one puts what is there aside.
        </p>
      ) : null}
      {dropped > 0 ? (
        <p className={classes.hint}>
          {dropped} of the kept views {dropped === 1 ? 'is' : 'are'} broken and not shown.
        </p>
      ) : null}
      {views.length === 0 ? (
        <p className={classes.hint}>
          None yet. A saved view is the page with its filters, selection and time, kept in this browser.
        </p>
      ) : (
        <ul className={own.list} aria-label="Saved views">
          {views.map((view) => (
            <ViewRow key={view.name} view={view} views={views} onOpen={onDone} onStore={store} />
          ))}
        </ul>
      )}
      <p className={own.said} role="status">
        {said}
        {undo ? (
          <button type="button" className={own.undo} onClick={() => store(undo, 'Undone.')}>
            Undo
          </button>
        ) : null}
      </p>
      <div className={classes.rule} />
      <div className={own.buttons}>
        <FileButton accept="application/json,.json" onChange={(file) => void importFile(file)}>
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<IconUpload size={14} aria-hidden />}>
              Import
            </Button>
          )}
        </FileButton>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          disabled={views.length === 0}
          onClick={() => download(writeViews(views))}
        >
          Export
        </Button>
      </div>
    </div>
  )
}

function SaveForm({ views, onSave }: { views: readonly SavedView[]; onSave: (view: SavedView) => void }) {
  const [view] = useView()
  const params = useSearchParams()
  const pathname = usePathname()
  const timeZone = readerZone()
  const [keepsTime, setKeepsTime] = useState(true)
  const query = new URLSearchParams(params)
  const kept = view.at !== null && !keepsTime ? withParams(query, { at: null }) : query
  const text = kept.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
  const path = text === '' ? pathname : `${pathname}?${text}`
  const [typed, setTyped] = useState<string | null>(null)
  const name = typed ?? addressWords(path, timeZone).slice(0, LONGEST_NAME)
  const problem = problemOfName(name, views)
  const field = useRef<HTMLInputElement>(null)
  // the sheet arrives after the frame that keeps the focus
  useEffect(() => field.current?.select(), [])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (problem === null) onSave({ name, path, savedAt: Date.now() })
  }
  return (
    <form className={own.save} onSubmit={submit} aria-label="Save this view">
      <div className={own.saveRow}>
        <TextInput
          ref={field}
          size="xs"
          label="Save this view as"
          className={own.grow}
          value={name}
          maxLength={LONGEST_NAME}
          error={typed === null ? null : problem}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" disabled={problem !== null} className={own.saveButton}>
          {named(views, name) ? 'Replace' : 'Save'}
        </Button>
      </div>
      {view.at === null ? null : (
        <Checkbox
          size="xs"
          label={`Keep its time, ${formatDate(view.at, { timeZone })}; else it opens live`}
          checked={keepsTime}
          onChange={(event) => setKeepsTime(event.currentTarget.checked)}
        />
      )}
    </form>
  )
}

function importWords({ added, same, left }: ReturnType<typeof merged>, dropped: number): string {
  const parts = [
    `${added} ${added === 1 ? 'view' : 'views'} imported`,
    same > 0 ? `${same} there already` : '',
    left > 0 ? `${left} beyond what is kept` : '',
    dropped > 0 ? `${dropped} broken` : '',
  ]
  return `${parts.filter((part) => part !== '').join(', ')}.`
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = FILE_NAME
  link.click()
  URL.revokeObjectURL(url)
}
