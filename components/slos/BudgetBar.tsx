import classes from './Slos.module.css'

/** What is left of a budget, as a share of a bar; the figure beside it says the same. */
export function BudgetBar({ left, state }: { left: number | null; state: string }) {
  return (
    <span className={classes.bar} data-state={state} aria-hidden>
      <i style={{ width: `${left === null ? 0 : Math.round(Math.max(0, Math.min(1, left)) * 100)}%` }} />
    </span>
  )
}
