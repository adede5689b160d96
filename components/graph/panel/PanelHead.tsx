'use client'

import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { MeasuredHealthBadge } from '@/components/ui/health/MeasuredHealthBadge'
import type { HealthStatus } from '@/lib/api/schemas/common'
import classes from './SidePanel.module.css'

export function PanelHead({
  title,
  kind,
  status,
  actions,
  onClose,
}: {
  title: ReactNode
  kind: string
  status: HealthStatus
  actions?: ReactNode
  onClose?: () => void
}) {
  return (
    <header className={classes.head}>
      <div className={classes.headTop}>
        <span className={classes.kind} title={kind}>
          {kind}
        </span>
        {onClose ? (
          <Tooltip label="Close (Esc)">
            <UnstyledButton className={classes.close} onClick={onClose} aria-label="Close">
              <IconX size={16} aria-hidden />
            </UnstyledButton>
          </Tooltip>
        ) : null}
      </div>
      <div className={classes.headTitle}>
        <h2
          className={typeof title === 'string' ? classes.cut : undefined}
          title={typeof title === 'string' ? title : undefined}
        >
          {title}
        </h2>
        <MeasuredHealthBadge status={status} />
      </div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </header>
  )
}
