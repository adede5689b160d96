'use client'

import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { copyText } from './copy-text'
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
        onClick={() => void copyText(text).then(setCopied)}
      >
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Tooltip>
  )
}
