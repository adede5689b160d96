'use client'

import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useCallback, useState } from 'react'
import { useTaste } from '@/components/hooks/use-taste'
import masthead from '@/components/layout/masthead/Masthead.module.css'
import { permissionNow, showNotifications } from './browser-notifications'
import { unread, type News } from './news'
import classes from './Notifications.module.css'
import { useNews } from './use-news'
import { useWatch } from './use-watch'

const NewsDrawer = dynamic(() => import('./NewsDrawer'), { ssr: false })

/** How much is new, and the way to it. It watches from the moment it is loaded, which nothing waits for. */
export default function Bell() {
  const { list, add, read, clear } = useNews()
  const [drawer, setDrawer] = useState<'unloaded' | 'open' | 'closed'>('unloaded')
  const [isLoud, setLoud] = useTaste('notifications.browser', false)
  const speaks = isLoud && permissionNow() === 'granted'
  const tell = useCallback(
    (news: News[]) => {
      add(news)
      if (speaks) showNotifications(news)
    },
    [add, speaks],
  )
  useWatch(tell, speaks)
  const count = unread(list)
  const label = count === 0 ? 'Notifications' : `Notifications, ${count} not read`
  return (
    <>
      <Tooltip label={label}>
        <UnstyledButton className={masthead.control} aria-label={label} onClick={() => setDrawer('open')}>
          <IconBell size={16} aria-hidden />
          {count > 0 ? (
            <span className={classes.count} aria-hidden>
              {count > 99 ? '99+' : count}
            </span>
          ) : null}
        </UnstyledButton>
      </Tooltip>
      {drawer === 'unloaded' ? null : (
        <NewsDrawer
          isOpen={drawer === 'open'}
          onClose={() => setDrawer('closed')}
          list={list}
          onRead={read}
          onClear={clear}
          isLoud={isLoud}
          onLoud={setLoud}
        />
      )}
    </>
  )
}
