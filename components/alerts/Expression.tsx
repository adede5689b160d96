import { CopyButton } from '@/components/ui/CopyButton'
import type { AlertRule } from '@/lib/api/schemas/telemetry/alerts'
import { formatWindow } from '@/lib/units/window'
import classes from './Alerts.module.css'

/** The PromQL of a rule, how long it must hold, and whether Prometheus can evaluate it. */
export function Expression({ rule }: { rule: AlertRule }) {
  return (
    <div className={classes.expression}>
      <div className={classes.expressionHead}>
        <span>
          Group {rule.group}; fires when this holds
          {rule.forSeconds > 0 ? ` for ${formatWindow(rule.forSeconds)}` : ''}
        </span>
        <CopyButton text={rule.expression} label="Copy PromQL" />
      </div>
      <pre tabIndex={0} aria-label="Expression">
        {rule.expression}
      </pre>
      {rule.lastError ? (
        <p className={classes.error} role="alert">
          Prometheus cannot evaluate it: {rule.lastError}
        </p>
      ) : null}
    </div>
  )
}
