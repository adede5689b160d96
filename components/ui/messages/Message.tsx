import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Message.module.css'

/** One view for "nothing here" and "that failed": what is so, why, and what to do next. */
export function Message({
  icon,
  title,
  children,
  action,
  isAlert = false,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: { label: string; onClick: () => void } | undefined
  isAlert?: boolean
}) {
  return (
    <div className={classes.message} role={isAlert ? 'alert' : 'status'}>
      {icon ? (
        <div className={classes.icon} data-alert={isAlert || undefined} aria-hidden>
          {icon}
        </div>
      ) : null}
      <h2 className={classes.title}>{title}</h2>
      {children ? <div className={classes.text}>{children}</div> : null}
      {action ? (
        <Button size="xs" variant="default" mt={4} onClick={action.onClick}>
          {action.label}
        </Button>
      ) : null}
    </div>
  )
}
