'use client'

import { IconChevronRight } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Instant } from '@/components/changes/Instant'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { Alert, AlertRule, SilenceView } from '@/lib/api/schemas/telemetry/alerts'
import { parseNodeId } from '@/lib/mesh/identity'
import { formatAge } from '@/lib/units/duration'
import { AlertIcon } from './AlertIcon'
import { alertTone, alertWord } from './alert-words'
import classes from './Alerts.module.css'
import { Expression } from './Expression'
import { Handling } from './Handling'

const AlertChart = dynamic(() => import('./AlertChart'), {
  ssr: false,
  loading: () => <div className={classes.chart} />,
})

/** One alert: the sentence, where, since when; its rule and chart when opened. */
export function AlertItem({
  alert,
  rule,
  silences,
  now,
  scope,
  isOpen,
  onToggle,
}: {
  alert: Alert
  rule: AlertRule | undefined
  silences: readonly SilenceView[] | null
  now: number
  scope: Scope
  isOpen: boolean
  onToggle: () => void
}) {
  const [node] = alert.nodes
  const { description } = alert.annotations
  return (
    <article
      className={classes.alert}
      data-tone={alertTone(alert)}
      data-open={isOpen || undefined}
      aria-label={alert.summary ?? alert.name}
    >
      <div className={classes.head}>
        <AlertIcon alert={alert} size={18} className={classes.bell} />
        <div className={classes.words}>
          <h2 className={classes.title}>
            <button type="button" className={classes.open} aria-expanded={isOpen} onClick={onToggle}>
              {alert.summary ?? alert.name}
              <IconChevronRight size={14} aria-hidden data-open={isOpen || undefined} />
            </button>
          </h2>
          <p className={classes.meta}>
            <span className={classes.state}>{alertWord(alert)}</span>
            {alert.severity ? <span>{alert.severity}</span> : null}
            <span>{alert.name}</span>
            {node ? (
              <NodeLink id={node} scope={scope} />
            ) : alert.place ? (
              <span>
                {alert.place.cluster} / {alert.place.namespace}
              </span>
            ) : null}
            {alert.since === null ? null : (
              <span>
                {alert.state === 'pending' ? 'holds' : 'for'} {formatAge(Math.max(0, now - alert.since))},
                since <Instant at={alert.since} />
              </span>
            )}
            {alert.handling?.state === 'active' ? (
              <span>tells {alert.handling.receivers.join(', ')}</span>
            ) : null}
            {alert.rule === null ? <span>known to Alertmanager only</span> : null}
          </p>
        </div>
        {node ? (
          <Link
            prefetch={false}
            className={classes.link}
            href={pagePaths.graph({
              window: scope.window,
              focus: node,
              selected: node,
              ...graphTypeOf(node),
            })}
          >
            Show in graph
          </Link>
        ) : null}
      </div>
      {isOpen ? (
        <div className={classes.details}>
          {description ? <p className={classes.description}>{description}</p> : null}
          <Handling alert={alert} silences={silences} now={now} />
          {alert.nodes.length > 1 ? (
            <p className={classes.meta}>
              About{' '}
              {alert.nodes.map((id) => (
                <NodeLink key={id} id={id} scope={scope} withKind />
              ))}
            </p>
          ) : null}
          <ul className={plain.labels} aria-label="Labels">
            {Object.entries(alert.labels).map(([name, value]) => (
              <li key={name}>
                {name}={value}
              </li>
            ))}
          </ul>
          {rule ? (
            <>
              <AlertChart rule={rule.id} labels={alert.labels} since={alert.since} />
              <Expression rule={rule} />
            </>
          ) : null}
        </div>
      ) : null}
    </article>
  )
}

function NodeLink({ id, scope, withKind = false }: { id: string; scope: Scope; withKind?: boolean }) {
  const ref = parseNodeId(id)
  const href = pagePaths.findNode(id, { window: scope.window })
  const text = ref ? `${withKind ? `${ref.kind} ` : ''}${ref.namespace} / ${ref.name}` : id
  return href ? (
    <Link prefetch={false} className={classes.node} href={href}>
      {text}
    </Link>
  ) : (
    <span>{text}</span>
  )
}

/** The graph that draws nodes of this kind. */
function graphTypeOf(id: string) {
  const kind = parseNodeId(id)?.kind
  return kind === 'service' || kind === 'app' ? { graphType: kind } : {}
}
