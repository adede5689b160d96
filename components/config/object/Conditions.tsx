'use client'

import { Age } from '@/components/traces/Age'
import { HealthMark } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { conditionsOf, isBadNews } from '@/lib/istio/conditions'
import type { ConfigObject } from '@/lib/mesh/inventory'
import classes from '../Config.module.css'

/** What controllers say of the object in its status. */
export function Conditions({ object }: { object: ConfigObject }) {
  const conditions = conditionsOf(object)
  return (
    <Section title="Status">
      {conditions.length === 0 ? (
        <p className={plain.note}>No controller has written a status.</p>
      ) : (
        <ul className={plain.list}>
          {conditions.map((condition) => (
            <li key={`${condition.of} ${condition.type}`} className={classes.condition}>
              <HealthMark status={isBadNews(condition) ? 'failing' : 'healthy'} size={14} />
              <span className={classes.wordy}>
                {condition.of === '' ? '' : `${condition.of}: `}
                <b>{condition.type}</b> {condition.status}
                {condition.reason && condition.reason !== condition.type ? `, ${condition.reason}` : ''}
                {condition.isOld ? <span className={plain.quiet}> (said of an earlier state)</span> : null}
                <div className={plain.quiet}>
                  {condition.message}
                  {condition.changedAt === null ? null : (
                    <>
                      {condition.message ? ' · ' : ''}since <Age atMs={condition.changedAt} />
                    </>
                  )}
                </div>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
