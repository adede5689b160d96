'use client'

import { Kbd } from '@mantine/core'
import { IconBolt, IconBookmark, IconFileCode, IconLayout } from '@tabler/icons-react'
import type { MouseEvent } from 'react'
import { useEffect } from 'react'
import { HealthIcon } from '@/components/ui/health/Health'
import { keyWords } from '@/components/keys/key-words'
import type { Entry, Section } from './entries'
import classes from './Palette.module.css'

/** The sections with their entries; the one that Enter opens is marked and in sight. */
export function PaletteList({
  id,
  sections,
  current,
  optionId,
  onPoint,
  onOpen,
}: {
  id: string
  sections: readonly Section[]
  current: Entry | undefined
  optionId: (entry: Entry) => string
  onPoint: (entry: Entry) => void
  onOpen: (entry: Entry) => void
}) {
  const marked = current ? optionId(current) : null
  useEffect(() => {
    if (marked !== null) document.getElementById(marked)?.scrollIntoView({ block: 'nearest' })
  }, [marked])
  return (
    <div className={classes.list} role="listbox" id={id} aria-label="What was found" tabIndex={-1}>
      {sections.map(({ title, entries, more }) => (
        <div key={title} role="group" aria-label={title}>
          <div className={classes.title} aria-hidden>
            {title}
            {more > 0 ? <span className={classes.more}>{more} more: type more of the name</span> : null}
          </div>
          {entries.map((entry) => (
            <Option
              key={entry.id}
              entry={entry}
              id={optionId(entry)}
              isCurrent={entry.id === current?.id}
              onPoint={onPoint}
              onOpen={onOpen}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

function Option({
  entry,
  id,
  isCurrent,
  onPoint,
  onOpen,
}: {
  entry: Entry
  id: string
  isCurrent: boolean
  onPoint: (entry: Entry) => void
  onOpen: (entry: Entry) => void
}) {
  const { name, place, leads, href, keys } = entry
  const shared = {
    id,
    role: 'option',
    'aria-selected': isCurrent,
    title: name.length > LONG_NAME ? name : undefined,
    tabIndex: -1,
    className: classes.option,
    onMouseMove: () => (isCurrent ? undefined : onPoint(entry)),
    onClick: (event: MouseEvent) => {
      // a link opened in another tab is the browser's
      if (href !== undefined && (event.ctrlKey || event.metaKey || event.shiftKey)) return
      event.preventDefault()
      onOpen(entry)
    },
  }
  const inside = (
    <>
      <Mark entry={entry} />
      <span className={classes.name}>{name}</span>
      <span className={classes.place}>{SAID_BY_TITLE.has(place) ? null : place}</span>
      <span className={classes.leads}>
        {keys ? <Kbd size="xs">{keyWords(keys)}</Kbd> : null}
        {leads}
      </span>
    </>
  )
  return href === undefined ? (
    <div {...shared}>{inside}</div>
  ) : (
    <a href={href} {...shared}>
      {inside}
    </a>
  )
}

/** Characters for which there may be no room. */
const LONG_NAME = 48

/** Places that the title of their section says already. */
const SAID_BY_TITLE = new Set(['page', 'action', 'saved view'])

const ICONS = { page: IconLayout, action: IconBolt, view: IconBookmark, object: IconFileCode }

function Mark({ entry }: { entry: Entry }) {
  if (entry.status) return <HealthIcon status={entry.status} />
  const kind = entry.id.split(' ', 1)[0] as string
  const Icon = kind in ICONS ? ICONS[kind as keyof typeof ICONS] : IconFileCode
  return <Icon size={16} stroke={1.6} className={classes.icon} aria-hidden />
}
