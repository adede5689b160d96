'use client'

import type { ReactNode } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { Callout } from '@/components/ui/messages/Callout'
import plain from '@/components/ui/Plain.module.css'
import type { Preflight, PreflightCaller } from '@/lib/api/schemas/config/mtls'
import { formatAgo } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatWindow } from '@/lib/units/window'
import classes from './Mtls.module.css'
import { callerName, callerRate } from './words'

/** The verdict of a pre-flight with everything it rests on. */
export function PreflightView({ preflight }: { preflight: Preflight }) {
  const { verdict, callers, evidence, notices } = preflight
  const [first, ...others] = evidence.reasons
  const refusedPorts = evidence.ports.filter(({ isRefused }) => isRefused)
  const otherPorts = evidence.ports.filter(({ isRefused }) => !isRefused)
  return (
    <div className={classes.verdict} data-testid="preflight" data-verdict={verdict}>
      <Callout kind={KINDS[verdict]} title={titleOf(preflight)}>
        {first}
        {others.length > 0 ? (
          <ul className={classes.reasons}>
            {others.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        ) : null}
      </Callout>
      {notices.map((notice) => (
        <Callout key={notice.code} kind="warning">
          {notice.message}
        </Callout>
      ))}
      {callers.length > 0 ? (
        <Part title={`Would be refused (${callers.length})`}>
          <ul className={classes.list} aria-label="Callers that would be refused">
            {callers.map((caller) => (
              <Caller key={JSON.stringify([caller.source, caller.target, caller.protocol])} caller={caller} />
            ))}
          </ul>
          {evidence.possibleCallers.length > 0 ? (
            <p className={plain.note}>
              Without a proxy, and so among those it may be: {evidence.possibleCallers.join(', ')}.
            </p>
          ) : null}
        </Part>
      ) : null}
      {evidence.readmitted.length > 0 ? (
        <Part title={`Turned away now, would get in again (${evidence.readmitted.length})`}>
          <ul className={classes.list} aria-label="Callers that would get in again">
            {evidence.readmitted.map((caller) => (
              <Caller key={JSON.stringify([caller.source, caller.target, caller.protocol])} caller={caller} />
            ))}
          </ul>
        </Part>
      ) : null}
      {evidence.clashes.length > 0 ? (
        <Part title="DestinationRules that would clash">
          <Lines lines={evidence.clashes.map(({ reason }) => reason)} />
        </Part>
      ) : null}
      {refusedPorts.length > 0 ? (
        <Part title="Ports that others use and would lose">
          <Lines lines={refusedPorts.map(({ reason }) => reason)} />
        </Part>
      ) : null}
      {otherPorts.length > 0 ? (
        <details>
          <summary className={classes.small}>
            {otherPorts.length} uses by probes and scrapes go on working
          </summary>
          <Lines lines={otherPorts.map(({ reason }) => reason)} />
        </details>
      ) : null}
      {evidence.podsWithoutProxy.length > 0 ? (
        <Part title="Pods without a proxy: nothing is enforced there">
          <Lines
            lines={evidence.podsWithoutProxy.map(
              ({ namespace, workload, pods }) => `${namespace}/${workload}: ${pods.join(', ')}`,
            )}
          />
        </Part>
      ) : null}
      {evidence.keepOwn.length > 0 ? (
        <Part title="Keep a mode of their own policy">
          <Lines lines={evidence.keepOwn} />
        </Part>
      ) : null}
      <details>
        <summary className={classes.small}>{evidenceWords(preflight)}</summary>
        <Lines
          lines={evidence.changes.map(
            ({ namespace, workload, port, before, after, isEnforced }) =>
              `${namespace}/${workload}${port === null ? '' : `:${port}`}: ${before} → ${after}${isEnforced ? '' : ' (no proxy)'}`,
          )}
        />
        {evidence.queries.map((query) => (
          <p key={query} className={plain.mono}>
            {query}
          </p>
        ))}
      </details>
    </div>
  )
}

const KINDS = { safe: 'good', breaks: 'problem', insufficient: 'warning' } as const

function titleOf({ verdict, callers }: Preflight): string {
  if (verdict === 'safe') return 'Safe'
  if (verdict === 'insufficient') return 'Not enough evidence'
  if (callers.length === 0) return 'Breaks probes'
  return callers.length === 1 ? 'Breaks 1 caller' : `Breaks ${callers.length} callers`
}

function evidenceWords({ evidence }: Preflight): string {
  const { changes, windowSeconds, coveredSeconds, requestsPerSecond } = evidence
  const places = `${changes.length} ${changes.length === 1 ? 'place changes' : 'places change'}`
  const covered =
    coveredSeconds === null
      ? 'telemetry was not asked'
      : `telemetry covers ${formatWindow(coveredSeconds)} of ${formatWindow(windowSeconds)}`
  const rate = requestsPerSecond === null ? '' : `, ${formatRate(requestsPerSecond)} seen there`
  return `Evidence: ${places}; ${covered}${rate}`
}

function Caller({ caller }: { caller: PreflightCaller }) {
  const now = useNow()
  const { source, target, protocol, identity, lastSeen, certain, podsWithoutProxy, reason } = caller
  const age = lastSeen === null || now === 0 ? null : formatAgo(now - lastSeen)
  const to = `${target.namespace}/${target.workload}${target.port === null ? '' : `:${target.port}`}`
  return (
    <li className={classes.caller}>
      <div className={classes.callerTop}>
        <b>
          {callerName(source)} → {to}
        </b>
        <span className="num">{callerRate(caller)}</span>
      </div>
      <div className={classes.small}>
        {protocol}
        {target.service === null ? '' : ` by service ${target.service}`}, last seen{' '}
        {age === null ? 'not known' : age}, identity {identity ?? 'none proved'}
        {certain ? '' : ', depending on the port, which telemetry does not tell'}
      </div>
      <div className={classes.small}>{reason}</div>
      {podsWithoutProxy.length > 0 ? (
        <div className={classes.small}>Its pods without a proxy: {podsWithoutProxy.join(', ')}</div>
      ) : null}
    </li>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className={classes.list}>
      {lines.map((line) => (
        <li key={line} className={classes.small}>
          {line}
        </li>
      ))}
    </ul>
  )
}
