import { IconAlertTriangle, IconBan, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './Callout.module.css'

const ICONS = { info: IconInfoCircle, good: IconCircleCheck, warning: IconAlertTriangle, problem: IconBan }

/** A sentence the reader must not miss, in its place. */
export function Callout({
  kind,
  title,
  children,
}: {
  kind: keyof typeof ICONS
  title?: string
  children: ReactNode
}) {
  const Icon = ICONS[kind]
  return (
    <div className={classes.callout} data-kind={kind} role={kind === 'problem' ? 'alert' : undefined}>
      <Icon size={16} aria-hidden />
      <div className={classes.text}>
        {title ? <strong>{title}</strong> : null}
        <div>{children}</div>
      </div>
    </div>
  )
}
