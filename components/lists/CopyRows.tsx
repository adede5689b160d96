'use client'

import { IconCheck, IconTableExport } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { copyText } from '@/components/ui/copy-text'
import classes from './ListView.module.css'

const SAID_MS = 2_000

/** Puts the rows as they are shown on the clipboard; the text is made when it is asked for. */
export function CopyRows({ count, makeText }: { count: number; makeText: () => string }) {
  const [said, setSaid] = useState<string | null>(null)
  useEffect(() => {
    if (said === null) return
    const timer = setTimeout(() => setSaid(null), SAID_MS)
    return () => clearTimeout(timer)
  }, [said])
  const Icon = said === null ? IconTableExport : IconCheck
  return (
    <button
      type="button"
      className={classes.tool}
      disabled={count === 0}
      title="Copies the rows as shown, for a spreadsheet"
      onClick={() =>
        void copyText(makeText()).then((isDone) =>
          setSaid(isDone ? `${count} ${count === 1 ? 'row' : 'rows'} copied` : 'Could not copy'),
        )
      }
    >
      <Icon size={15} aria-hidden /> <span aria-live="polite">{said ?? 'Copy CSV'}</span>
    </button>
  )
}
