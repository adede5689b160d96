import { Skeleton } from '@mantine/core'
import classes from './SidePanel.module.css'

/** The panel while the graph, or its own code, is on its way: what stands beside it keeps its width. */
export function PanelRoom() {
  return (
    <div className={classes.waiting} role="status" aria-label="Loading" aria-busy>
      {Array.from({ length: 12 }, (_, line) => (
        <Skeleton key={line} height={10} width={`${88 - ((line * 17) % 40)}%`} radius="sm" />
      ))}
    </div>
  )
}
