import type { ChartLine } from './chart-shapes'
import classes from './MetricCharts.module.css'

/** How a line is drawn, small: for legend and tooltip. */
export function Swatch({ line }: { line: ChartLine }) {
  return (
    <svg width="14" height="8" className={classes.swatch} aria-hidden>
      <line
        x1="0"
        x2="14"
        y1="4"
        y2="4"
        stroke={line.colour}
        strokeWidth={line.isBold ? 3 : 2.5}
        {...(line.dash ? { strokeDasharray: line.dash } : {})}
      />
    </svg>
  )
}
