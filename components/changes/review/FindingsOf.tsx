import { Findings } from '@/components/ui/findings/Findings'
import type { PreviewAnswer } from '@/lib/api/schemas/config/changes'
import classes from './Review.module.css'

/** What the checkers say about the configuration after the change that they did not say before, and the reverse. */
export function FindingsOf({
  findings,
  isPartial,
}: {
  findings: PreviewAnswer['findings']
  /** kinds may not be read */
  isPartial: boolean
}) {
  return (
    <section className={classes.section} aria-label="Findings">
      <h3 className={classes.head}>Findings</h3>
      {findings === null ? (
        <p className={classes.note}>Not known: the cluster’s objects have not been read yet.</p>
      ) : findings.added.length + findings.resolved.length === 0 ? (
        <p className={classes.note}>
          {isPartial
            ? 'None is known: checks that look at kinds Heddle may not read say nothing.'
            : 'It adds none and resolves none.'}
        </p>
      ) : (
        <>
          {findings.added.length > 0 ? (
            <>
              <p className={classes.note}>Added by this change ({findings.added.length})</p>
              <Findings findings={findings.added} label="Added by this change" showObject />
            </>
          ) : null}
          {findings.resolved.length > 0 ? (
            <>
              <p className={classes.note}>Resolved by it ({findings.resolved.length})</p>
              <Findings findings={findings.resolved} label="Resolved by it" showObject />
            </>
          ) : null}
        </>
      )}
    </section>
  )
}
