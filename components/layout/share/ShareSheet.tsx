'use client'

import { presentMs } from '@/components/hooks/use-now'
import { Button, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useFreshness } from '@/components/hooks/use-freshness'
import { useStatus } from '@/components/hooks/use-status'
import { copyText } from '@/components/ui/copy-text'
import { formatDate } from '@/lib/units/date'
import classes from '../masthead/Masthead.module.css'
import { readerZone } from '../time/zone'
import { instantOf, sharedAddress } from './share-address'

/** Copies when it is opened; a clipboard that refuses leaves the link selected. */
export default function ShareSheet() {
  const { at } = useFreshness()
  const { data } = useStatus()
  const field = useRef<HTMLInputElement>(null)
  const [state, setState] = useState<'copying' | 'copied' | 'refused'>('copying')
  // what was seen when it was asked for, not what comes in meanwhile
  const [link] = useState(() => {
    const measured = at ?? data?.upstreams.find(({ name }) => name === 'prometheus')?.dataAt
    return sharedAddress(window.location.href, Math.min(measured ?? presentMs(), presentMs()))
  })
  const copy = useCallback(async () => {
    setState((await copyText(link)) ? 'copied' : 'refused')
    field.current?.focus()
    field.current?.select()
  }, [link])
  const isStarted = useRef(false)
  useEffect(() => {
    if (isStarted.current) return
    isStarted.current = true
    void copy()
  }, [copy])
  const instant = instantOf(link)
  const timeZone = readerZone()
  return (
    <div className={classes.sheet}>
      <h2 className={classes.sheetTitle}>
        <span role="status">
          {state === 'copied'
            ? 'The link is copied'
            : state === 'refused'
              ? 'This browser keeps the clipboard closed: the link is selected, press Ctrl C'
              : 'Copying the link'}
        </span>
      </h2>
      <TextInput
        ref={field}
        size="xs"
        readOnly
        aria-label="Link"
        value={link}
        classNames={{ input: 'num' }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <p className={classes.hint}>
        Opens this view as it was at{' '}
        {timeZone === 'UTC' ? '' : `${formatDate(instant, { timeZone })} ${timeZone}, `}
        {formatDate(instant, { timeZone: 'UTC' })} UTC. Configuration, findings and alerts are always those of
        the moment it is opened.
      </p>
      <Button
        size="xs"
        variant="default"
        leftSection={
          state === 'copied' ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />
        }
        onClick={() => void copy()}
      >
        Copy again
      </Button>
    </div>
  )
}
