'use client'

import { RecentTraces } from '@/components/traces/RecentTraces'
import classes from '../Details.module.css'
import type { TabProps } from '../tabs'
import { traceWindow } from '../windows'

const SHOWN = 50

/** The newest traces it took part in. */
export default function TracesTab({ detail, scope }: TabProps) {
  return (
    <div className={classes.card}>
      <RecentTraces
        filter={{ node: detail.item.id, window: traceWindow(scope.window ?? '2m'), at: scope.at ?? null }}
        limit={SHOWN}
        isWide
      />
    </div>
  )
}
