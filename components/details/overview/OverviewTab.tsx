'use client'

import { Reasons } from '@/components/ui/Reasons'
import { Section } from '@/components/ui/Section'
import type { HealthStatus } from '@/lib/api/schemas/common'
import { ConfigList } from '../ConfigList'
import classes from '../Details.module.css'
import { Identity } from '../Identity'
import { PodList } from '../PodList'
import type { TabProps } from '../tabs'
import { TrafficTable } from '../TrafficTable'

/** What it is, how it is and why, and what it consists of. */
export default function OverviewTab({ detail, kind, scope }: TabProps) {
  const { item } = detail
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <div className={classes.card}>
          <Section title="Health">
            <Reasons health={item.health} whenNone={WHEN_NONE[item.health.status]} />
          </Section>
          <Section title="Traffic">
            <TrafficTable inbound={item.inbound} outbound={item.outbound} />
          </Section>
        </div>
        <div className={classes.card}>
          <PodList pods={detail.pods} isWide />
        </div>
      </div>
      <div className={classes.side}>
        <div className={classes.card}>
          <Identity detail={detail} kind={kind} scope={scope} />
        </div>
        <div className={classes.card}>
          <ConfigList cluster={item.cluster} config={detail.config} />
        </div>
      </div>
    </div>
  )
}

const WHEN_NONE: Record<HealthStatus, string> = {
  healthy: 'Nothing wrong was measured.',
  degraded: 'Degraded, without a reason from the server.',
  failing: 'Failing, without a reason from the server.',
  idle: 'It exists, and no traffic was measured in this time.',
  unknown: 'There is nothing to judge it by: no requests, no replicas.',
}
