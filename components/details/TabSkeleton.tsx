import { Skeleton } from '@mantine/core'
import classes from './Details.module.css'

const LINES = { main: [3, 14, 5], side: [9, 4, 5] }

/** The shape of a tab before its content is there; `isWide`: of one that has nothing beside it. */
export function TabSkeleton({ isWide = false }: { isWide?: boolean }) {
  const card = (lines: number, index: number) => (
    <div key={index} className={`${classes.card} ${classes.skeleton}`}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton
          key={line}
          height={10}
          width={line === 0 ? '18%' : `${88 - ((line * 17) % 40)}%`}
          radius="sm"
        />
      ))}
    </div>
  )
  if (isWide) {
    return (
      <div className={classes.main} role="status" aria-label="Loading" aria-busy>
        {LINES.main.map(card)}
      </div>
    )
  }
  return (
    <div className={classes.columns} role="status" aria-label="Loading" aria-busy>
      <div className={classes.main}>{LINES.main.map(card)}</div>
      <div className={classes.side}>{LINES.side.map(card)}</div>
    </div>
  )
}
