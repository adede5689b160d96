'use client'

import { IconChevronRight } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import classes from '../Routing.module.css'

/** A part of a form that opens: its title, and in a few words what it is set to. */
export function Part({
  title,
  words,
  isSet,
  hasProblem = false,
  children,
}: {
  title: string
  /** what it does now */
  words: string
  isSet: boolean
  hasProblem?: boolean
  children: ReactNode
}) {
  const [isOpen, setOpen] = useState(hasProblem)
  const [hadProblem, setHadProblem] = useState(hasProblem)
  if (hasProblem !== hadProblem) {
    setHadProblem(hasProblem)
    // stays open when it is put right: somebody is typing there
    if (hasProblem) setOpen(true)
  }
  return (
    <details
      className={classes.part}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      data-set={isSet || undefined}
    >
      <summary className={classes.summary}>
        <IconChevronRight size={14} aria-hidden className={classes.chevron} />
        <span className={classes.partTitle}>{title}</span>
        <span className={classes.partWords}>{words}</span>
      </summary>
      {isOpen ? <div className={classes.partBody}>{children}</div> : null}
    </details>
  )
}

/** Fields that stand side by side and wrap. */
export function Row({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <div className={classes.row} role={label ? 'group' : undefined} aria-label={label}>
      {children}
    </div>
  )
}
