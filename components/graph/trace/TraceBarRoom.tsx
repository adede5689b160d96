import classes from './TraceBar.module.css'

/** The room of the bar while its code is fetched: it must not push the graph down. */
export function TraceBarRoom() {
  return <div className={classes.bar} />
}
