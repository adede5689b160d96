'use client'

import { Button, CloseButton, Drawer } from '@mantine/core'
import {
  IconActivityHeartbeat,
  IconAlertTriangle,
  IconBellRinging,
  IconHistory,
  IconPlugConnected,
} from '@tabler/icons-react'
import Link from 'next/link'
import { useState } from 'react'
import { Instant } from '@/components/changes/Instant'
import { useFocusBack } from '@/components/hooks/use-focus-back'
import { useNow } from '@/components/hooks/use-now'
import plain from '@/components/ui/Plain.module.css'
import { formatAgo } from '@/lib/units/duration'
import { askPermission, permissionNow } from './browser-notifications'
import { unread, type News } from './news'
import classes from './Notifications.module.css'

const KINDS: Record<News['kind'], { Icon: typeof IconHistory; name: string }> = {
  alert: { Icon: IconBellRinging, name: 'Alert' },
  incident: { Icon: IconAlertTriangle, name: 'Incident' },
  health: { Icon: IconActivityHeartbeat, name: 'Health' },
  change: { Icon: IconHistory, name: 'Change' },
  upstream: { Icon: IconPlugConnected, name: 'Source' },
}

/** What happened while this browser watched, newest first. */
export default function NewsDrawer({
  isOpen,
  onClose,
  list,
  onRead,
  onClear,
  isLoud,
  onLoud,
}: {
  isOpen: boolean
  onClose: () => void
  list: readonly News[]
  onRead: (id?: string) => void
  onClear: () => void
  isLoud: boolean
  onLoud: (isLoud: boolean) => void
}) {
  const now = useNow()
  useFocusBack(isOpen)
  const count = unread(list)
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={400}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': 'Notifications' } }}
      lockScroll={false}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      <div className={classes.head}>
        <h2>Notifications</h2>
        <CloseButton aria-label="Close notifications" onClick={onClose} />
      </div>
      {list.length > 0 ? (
        <div className={classes.tools}>
          <Button size="compact-xs" variant="default" disabled={count === 0} onClick={() => onRead()}>
            Mark all as read
          </Button>
          <Button size="compact-xs" variant="default" onClick={onClear}>
            Remove all
          </Button>
        </div>
      ) : null}
      <Loudness isLoud={isLoud} onLoud={onLoud} />
      {list.length === 0 ? (
        <p className={plain.note}>
          Nothing happened since this browser began to watch. New alerts, incidents, failing workloads,
          changes and lost sources appear here.
        </p>
      ) : (
        <ul className={classes.list} aria-label="What happened">
          {list.map((news) => (
            <Item key={news.id} news={news} now={now} onRead={onRead} onClose={onClose} />
          ))}
        </ul>
      )}
      <p className={classes.foot}>Kept in this browser, the newest 100.</p>
    </Drawer>
  )
}

function Item({
  news,
  now,
  onRead,
  onClose,
}: {
  news: News
  now: number
  onRead: (id: string) => void
  onClose: () => void
}) {
  const { Icon, name } = KINDS[news.kind]
  const follow = () => {
    onRead(news.id)
    onClose()
  }
  return (
    <li className={classes.item} data-tone={news.tone} data-unread={!news.isRead || undefined}>
      <Icon size={16} role="img" aria-label={name} />
      <div>
        {news.href ? (
          <Link prefetch={false} href={news.href} onClick={follow} className={classes.title}>
            {news.title}
          </Link>
        ) : (
          <span className={classes.title}>{news.title}</span>
        )}
        <div className={plain.quiet}>
          {[news.text, news.isRead ? null : 'not read'].filter(Boolean).join(' · ')}
          {news.text || !news.isRead ? ' · ' : null}
          {formatAgo(now - news.at)}, <Instant at={news.at} />
        </div>
      </div>
      {news.isRead ? null : (
        <button
          type="button"
          className={classes.dot}
          aria-label={`Mark as read: ${news.title}`}
          title="Mark as read"
          onClick={() => onRead(news.id)}
        />
      )}
    </li>
  )
}

/** Notifications of the browser: asked for on a click alone, and where they are blocked that is said. */
function Loudness({ isLoud, onLoud }: { isLoud: boolean; onLoud: (isLoud: boolean) => void }) {
  const [permission, setPermission] = useState(permissionNow)
  if (permission === 'unsupported') {
    return (
      <p className={classes.loud}>
        This browser shows no notifications of pages here; an https address may be needed.
      </p>
    )
  }
  if (permission === 'denied') {
    return (
      <p className={classes.loud}>
        This browser blocks notifications of Heddle: allow them in the settings of this site to hear of what
        fails while you look elsewhere.
      </p>
    )
  }
  const isOn = isLoud && permission === 'granted'
  return (
    <div className={classes.loud}>
      <span>
        {isOn
          ? 'What fails is also shown by the browser while a tab of Heddle is open.'
          : 'The browser can show what fails while you look elsewhere.'}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          if (isOn) return onLoud(false)
          void askPermission().then((answer) => {
            setPermission(answer)
            onLoud(answer === 'granted')
          })
        }}
      >
        {isOn ? 'Turn off' : 'Turn on'}
      </Button>
    </div>
  )
}
