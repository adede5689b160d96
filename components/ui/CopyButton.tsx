'use client'

import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import classes from './CopyButton.module.css'

const SAID_MS = 1_600

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SAID_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const Icon = isCopied ? IconCheck : IconCopy
  return (
    <Tooltip label={isCopied ? 'Copied' : label}>
      <UnstyledButton
        className={classes.button}
        aria-label={isCopied ? 'Copied' : label}
        onClick={() => void copy(text).then(setCopied)}
      >
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Tooltip>
  )
}

/** False where neither way works. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // plain http on another host has no clipboard API: select a hidden field instead
    const field = document.createElement('textarea')
    field.value = text
    field.style.position = 'fixed'
    field.style.opacity = '0'
    document.body.append(field)
    field.select()
    const isDone = document.execCommand('copy')
    field.remove()
    return isDone
  }
}
