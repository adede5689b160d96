'use client'

import { Section } from '@/components/ui/Section'
import { NOT_MEASURED_WORDS } from '@/components/ui/health/health-words'
import { isUnmeasured } from '@/lib/api/notice-codes'
import classes from '../Details.module.css'
import { PeerTable } from './PeerTable'
import type { TabProps } from '../tabs'
import { TrafficTable } from './TrafficTable'
import { AnswersByPeer } from './AnswersByPeer'

/** Who calls it and whom it calls, and how that ends. */
export default function TrafficTab({ detail, scope }: TabProps) {
  const { item, edges } = detail
  const whenNone = isUnmeasured(detail.notices) ? NOT_MEASURED_WORDS : undefined
  return (
    <div className={classes.main}>
      <div className={classes.card}>
        <Section title="In and out">
          <TrafficTable
            inbound={item.inbound}
            outbound={item.outbound}
            health={item.health}
            whenNone={whenNone}
          />
        </Section>
      </div>
      {(['in', 'out'] as const).map((direction) => (
        <div className={classes.card} key={direction}>
          <PeerTable id={item.id} edges={edges} direction={direction} scope={scope} whenNone={whenNone} />
          <AnswersByPeer id={item.id} edges={edges} direction={direction} />
        </div>
      ))}
    </div>
  )
}
