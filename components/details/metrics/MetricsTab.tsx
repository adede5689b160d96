'use client'

import { Section } from '@/components/ui/Section'
import { isUnmeasured } from '@/lib/api/notice-codes'
import { queries } from '@/lib/api/queries'
import type { NodeTraffic } from '@/lib/api/schemas/mesh/graph'
import classes from '../Details.module.css'
import type { TabProps } from '../tabs'
import { ChartGroup } from './ChartGroup'
import { CONTROL_PLANE_SKELETONS, controlPlaneShapes } from './detail-shapes'
import { Overhead } from './Overhead'
import { TrafficCharts } from './TrafficCharts'
import { WhenSeen } from './WhenSeen'

/** kept for the table until it is asked for */
const OVERHEAD_PX = 250

/** Its traffic over time, what the mesh costs it, and of istiod what that measures of itself. */
export default function MetricsTab({ detail, scope }: TabProps) {
  const { item, edges } = detail
  const isCallerOnly = edges.length > 0 && edges.every((edge) => edge.target !== item.id)
  const isControlPlane = item.kind === 'workload' && item.labels?.app === 'istiod'
  return (
    <TrafficCharts
      subject={{ node: item.id }}
      preset={isCallerOnly ? 'outbound' : 'inbound'}
      groupings={['version', 'peer', 'code', 'pod']}
      isUnmeasured={isUnmeasured(detail.notices)}
      seen={
        isUnmeasured(detail.notices)
          ? undefined
          : { inbound: protocolsOf(item.inbound), outbound: protocolsOf(item.outbound) }
      }
      scope={scope}
      before={(shared, time) =>
        isControlPlane ? (
          <div className={classes.card}>
            <Section title="Control plane">
              <ChartGroup
                query={queries.controlPlaneMetrics({ node: item.id, ...time })}
                shapesOf={controlPlaneShapes}
                skeletons={CONTROL_PLANE_SKELETONS}
                whenNone="Nothing of the control plane was measured."
                shared={shared}
              />
            </Section>
          </div>
        ) : null
      }
      after={
        <div className={classes.card}>
          <WhenSeen minHeight={OVERHEAD_PX}>
            <Overhead id={item.id} scope={scope} />
          </WhenSeen>
        </div>
      }
    />
  )
}

function protocolsOf(traffic: NodeTraffic) {
  return (['http', 'grpc', 'tcp'] as const).filter((protocol) => traffic[protocol] !== null)
}
