'use client'

import { Section } from '@/components/ui/Section'
import plain from '@/components/ui/Plain.module.css'
import type { ProxyAnswer } from '@/lib/api/schemas/telemetry/proxy'
import classes from './Proxy.module.css'
import { SYNC_STATES } from './sync-states'

const MOST_REFUSED = 3

/** Whether the proxy runs what istiod sent, by kind of configuration; what differs is explained. */
export function SyncState({ answer }: { answer: ProxyAnswer }) {
  const { sync, missingRight } = answer
  const refused = answer.listeners.filter((one) => one.error !== null)
  const problems = sync?.replicas.filter((one) => one.problem !== null) ?? []
  return (
    <div className={classes.card}>
      <Section title="Agreement with istiod" aside={sync?.istiod ? `connected to ${sync.istiod}` : null}>
        {sync === null ? (
          <p className={plain.note}>
            {missingRight
              ? `Not known: the account may not ${missingRight.verb} ${missingRight.resource} in namespace ${missingRight.namespace}, where istiod runs.`
              : 'Not known: no replica of istiod was found in this cluster.'}
          </p>
        ) : (
          <>
            {sync.istiod === null && problems.length < sync.replicas.length ? (
              <p className={plain.note}>
                None of the {sync.replicas.length} replicas of istiod knows this proxy: it has no connection
                to the control plane, and runs what it got last.
              </p>
            ) : null}
            <ul className={classes.types}>
              {sync.types.map((one) => {
                const { words, Icon } = SYNC_STATES[one.state]
                return (
                  <li key={one.type} data-state={one.state} title={one.words}>
                    <Icon size={15} aria-hidden />
                    <b>{one.short}</b> {words}
                  </li>
                )
              })}
            </ul>
            {sync.types
              .filter((one) => one.state === 'stale' || one.state === 'never-acknowledged')
              .map((one) => (
                <p key={one.type} className={plain.note}>
                  <b>{one.short}</b>: {one.words}
                </p>
              ))}
            {refused.slice(0, MOST_REFUSED).map((listener) => (
              <p key={listener.name} className={plain.note}>
                Envoy refused listener <b>{listener.name}</b> and goes on with the one it had:{' '}
                <span className={classes.bad}>{listener.error}</span>
              </p>
            ))}
            {refused.length > MOST_REFUSED ? (
              <p className={plain.note}>
                {refused.length - MOST_REFUSED} further listeners were refused; they stand first below.
              </p>
            ) : null}
            {problems.map((one) => (
              <p key={one.pod} className={plain.note}>
                {one.pod}: {one.problem}
              </p>
            ))}
          </>
        )}
      </Section>
    </div>
  )
}
