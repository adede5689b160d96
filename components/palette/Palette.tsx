'use client'

import { Kbd, Modal } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import type { KeyboardEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { carried } from '@/components/hooks/address/carried'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { usePanel } from '@/components/layout/panels'
import { type Entry, entryAfter } from './entries'
import classes from './Palette.module.css'
import { PaletteList } from './PaletteList'
import { useSections } from './use-sections'

const LIST_ID = 'palette-list'

/** Finds any object, page, saved view or action by a few letters, and goes there or does it. */
export default function Palette() {
  const [isOpen, setOpen] = usePanel('palette')
  const before = useRef<Element | null>(null)
  useEffect(() => {
    if (isOpen) before.current = document.activeElement
  }, [isOpen])
  const dismiss = () => {
    setOpen(false)
    if (before.current instanceof HTMLElement) before.current.focus()
  }
  return (
    <Modal
      opened={isOpen}
      onClose={dismiss}
      withCloseButton={false}
      // what it opens takes the focus: a late return would take it away again
      returnFocus={false}
      lockScroll={false}
      size={680}
      yOffset="12vh"
      padding={0}
      overlayProps={{ backgroundOpacity: 0.45 }}
      transitionProps={{ duration: 120 }}
      attributes={{ content: { 'aria-label': 'Search the mesh' } }}
    >
      <Box onDone={() => setOpen(false)} />
    </Modal>
  )
}

/** Made anew each time it is opened, so that nothing typed before is left. */
function Box({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const [view] = useView()
  const router = useRouter()
  const { sections, saying } = useSections(text, scopeOf(view))
  const entries = sections.flatMap((section) => section.entries)
  const current = entries.find((entry) => entry.id === chosen) ?? entries[0]

  const open = (entry: Entry, isOther: boolean) => {
    onDone()
    const href = isOther ? (entry.other?.href ?? entry.href) : entry.href
    if (href === undefined) entry.run?.()
    // a saved view has a time of its own
    else router.push(entry.isWhole ? href : carried(href, new URLSearchParams(window.location.search)))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      if (current) open(current, event.ctrlKey || event.metaKey)
      return
    }
    const next = entryAfter(entries, current?.id ?? null, event.key)
    if (!next) return
    event.preventDefault()
    setChosen(next.id)
  }
  const address = current?.href
  return (
    <div className={classes.palette}>
      <div className={classes.field}>
        <IconSearch size={18} stroke={1.7} aria-hidden />
        <input
          className={classes.input}
          role="combobox"
          aria-label="Search the mesh"
          aria-expanded={entries.length > 0}
          aria-controls={LIST_ID}
          aria-autocomplete="list"
          aria-activedescendant={current ? optionId(current) : undefined}
          placeholder="Find an object, a page or an action; “reviews logs” for its logs"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          data-autofocus
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setChosen(null)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <PaletteList
        id={LIST_ID}
        sections={sections}
        current={current}
        optionId={optionId}
        onPoint={(entry) => setChosen(entry.id)}
        onOpen={(entry) => open(entry, false)}
      />
      <p className={classes.saying} role="status">
        {saying}
      </p>
      <div className={classes.foot}>
        {current ? (
          <>
            <span>
              <Kbd size="xs">Enter</Kbd>{' '}
              {current.run ? 'does it' : current.leads.startsWith('/') ? 'goes there' : current.leads}
            </span>
            {current.other ? (
              <span>
                <Kbd size="xs">Ctrl Enter</Kbd> {current.other.leads}
              </span>
            ) : null}
            {address === undefined ? null : <span className={classes.address}>{address}</span>}
          </>
        ) : null}
      </div>
    </div>
  )
}

function optionId(entry: Entry): string {
  return `palette ${entry.id}`.replace(/[^\w-]+/g, '_')
}
