import { IconAlertTriangleFilled, IconCircleXFilled, IconInfoCircleFilled } from '@tabler/icons-react'
import type { Finding } from '@/lib/api/schemas/analyze'
import type { PreviewAnswer } from '@/lib/api/schemas/changes'
import classes from './Review.module.css'

const ICONS = { error: IconCircleXFilled, warning: IconAlertTriangleFilled, info: IconInfoCircleFilled }

/** What the checkers say about the configuration after the change that they did not say before, and the reverse. */
export function FindingsOf({ findings }: { findings: PreviewAnswer['findings'] }) {
  return (
    <section className={classes.section} aria-label="Findings">
      <h3 className={classes.head}>Findings</h3>
      {findings === null ? (
        <p className={classes.note}>Not known: the cluster’s objects have not been read yet.</p>
      ) : findings.added.length + findings.resolved.length === 0 ? (
        <p className={classes.note}>It adds none and resolves none.</p>
      ) : (
        <>
          <FindingList title="Added by this change" findings={findings.added} />
          <FindingList title="Resolved by it" findings={findings.resolved} isGone />
        </>
      )}
    </section>
  )
}

function FindingList({
  title,
  findings,
  isGone = false,
}: {
  title: string
  findings: readonly Finding[]
  isGone?: boolean
}) {
  if (findings.length === 0) return null
  return (
    <>
      <p className={classes.note}>
        {title} ({findings.length})
      </p>
      <ul className={classes.findings} aria-label={title}>
        {findings.map((finding) => {
          const Icon = ICONS[finding.severity]
          const { kind, namespace, name } = finding.object
          return (
            <li key={`${finding.code} ${kind} ${namespace} ${name} ${finding.path ?? ''} ${finding.message}`}>
              <span
                className={classes.severity}
                data-severity={isGone ? 'gone' : finding.severity}
                role="img"
                aria-label={finding.severity}
              >
                <Icon size={14} aria-hidden />
              </span>
              <div>
                <b>{finding.code}</b> {finding.message}
                <div className={classes.where}>
                  {kind} {namespace}/{name}
                  {finding.path === null ? '' : ` · ${finding.path}`}
                </div>
              </div>
            </li>
          )
        })}
      </ul>
    </>
  )
}
