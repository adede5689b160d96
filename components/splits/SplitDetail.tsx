'use client'

import { presentMs } from '@/components/hooks/use-now'
import { Button } from '@mantine/core'
import { PageLink as Link } from '@/components/layout/PageLink'
import type { ReactNode } from 'react'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { Split } from '@/lib/api/schemas/config/splits'
import { serviceOfSplit } from './change-items'
import { WeightEditor } from './editor/WeightEditor'
import { BaselineMenu } from './emergency/BaselineMenu'
import { SplitCard } from './SplitCard'
import { movedSplit } from './page-state'
import classes from './Splits.module.css'
import { WatchPanel } from './watch/WatchPanel'

/** One weighted route: side by side, its edit, and how the traffic follows. */
export default function SplitDetail({
  split,
  scope,
  since,
  onChanged,
  children,
}: {
  split: Split
  scope: Scope
  since: number | null
  /** it was changed just now; `split` is its id from now on */
  onChanged: (change: { split: string; since: number }) => void
  children: ReactNode
}) {
  const changed = (path: string) => onChanged({ split: movedSplit(split.id, path), since: presentMs() })
  return (
    <div className={classes.list}>
      {children}
      <SplitCard
        split={split}
        scope={scope}
        actions={
          <>
            {split.backends.length > 1 ? (
              <BaselineMenu
                splits={[split]}
                onApplied={({ status }) => {
                  if (status === 'applied') changed(split.path)
                }}
              />
            ) : null}
            <Button
              size="compact-sm"
              variant="default"
              component={Link}
              prefetch={false}
              href={pagePaths.routing(serviceOfSplit(split))}
            >
              Timeouts, faults, matches
            </Button>
          </>
        }
      />
      <div className={classes.card}>
        <WeightEditor split={split} onApplied={changed} />
      </div>
      <div className={classes.card}>
        <WatchPanel id={split.id} since={since} scope={scope} />
      </div>
    </div>
  )
}
