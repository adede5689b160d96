'use client'

import { NodeAlerts } from '@/components/alerts/NodeAlerts'
import { NodeSlos } from '@/components/slos/NodeSlos'
import { Reasons } from '@/components/ui/health/Reasons'
import { Section } from '@/components/ui/Section'
import { NOT_MEASURED_WORDS } from '@/components/ui/health/health-words'
import { isUnmeasured } from '@/lib/api/notice-codes'
import type { ItemKind } from '@/lib/api/paths'
import type { GraphType } from '@/lib/api/schemas/mesh/graph'
import { ConfigList } from '../ConfigList'
import classes from '../Details.module.css'
import { Identity } from '../Identity'
import { PodList } from '../PodList'
import type { TabProps } from '../tabs'
import { TrafficTable } from '../traffic/TrafficTable'
import { Events } from './Events'
import { Neighbours } from './Neighbours'
import { RecentChanges } from './RecentChanges'

const GRAPH_TYPES: Record<ItemKind, GraphType> = { workloads: 'workload', services: 'service', apps: 'app' }

/** What it is, how it is and why, and what it consists of. */
export default function OverviewTab({ detail, kind, scope }: TabProps) {
  const { item } = detail
  const whenNone = isUnmeasured(detail.notices) ? NOT_MEASURED_WORDS : undefined
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <div className={classes.card}>
          <Section title="Health">
            <Reasons health={item.health} whenNone={whenNone} />
          </Section>
          <NodeAlerts node={item} scope={scope} />
          {kind === 'services' ? (
            <NodeSlos id={item.id} cluster={item.cluster} namespace={item.namespace} scope={scope} />
          ) : null}
          <Section title="Traffic">
            <TrafficTable
              inbound={item.inbound}
              outbound={item.outbound}
              health={item.health}
              whenNone={whenNone}
            />
          </Section>
        </div>
        <div className={classes.card}>
          <Neighbours key={item.id} detail={detail} kind={kind} graphType={GRAPH_TYPES[kind]} scope={scope} />
        </div>
        <div className={classes.card}>
          <PodList pods={detail.pods} node={item.id} />
        </div>
        <div className={classes.card}>
          <RecentChanges detail={detail} scope={scope} />
          <Events subject={{ node: item.id }} scope={scope} />
        </div>
      </div>
      <div className={classes.side}>
        <div className={classes.card}>
          <Identity detail={detail} kind={kind} scope={scope} />
        </div>
        <div className={classes.card}>
          <ConfigList node={item.id} cluster={item.cluster} config={detail.config} unread={detail.unread} />
        </div>
      </div>
    </div>
  )
}
