'use client'

import { responseRows } from '@/components/graph/scene/summary'
import { Section } from '@/components/ui/Section'
import type { GraphEdge } from '@/lib/api/schemas/graph'
import classes from '../Details.module.css'
import { PeerTable } from '../PeerTable'
import { Responses } from '../Responses'
import type { TabProps } from '../tabs'
import { TrafficTable } from '../TrafficTable'

/** Who calls it and whom it calls, and how that ends. */
export default function TrafficTab({ detail, scope }: TabProps) {
  const { item, edges } = detail
  const inbound = edges.filter((edge) => edge.target === item.id)
  const outbound = edges.filter((edge) => edge.source === item.id)
  return (
    <div className={classes.main}>
      <div className={classes.card}>
        <Section title="In and out">
          <TrafficTable inbound={item.inbound} outbound={item.outbound} />
        </Section>
      </div>
      <div className={classes.card}>
        <PeerTable id={item.id} edges={edges} direction="in" scope={scope} />
        <Answers edges={inbound} whose="it gives" />
      </div>
      <div className={classes.card}>
        <PeerTable id={item.id} edges={edges} direction="out" scope={scope} />
        <Answers edges={outbound} whose="it gets" />
      </div>
    </div>
  )
}

function Answers({ edges, whose }: { edges: readonly GraphEdge[]; whose: string }) {
  return (['http', 'grpc'] as const).map((protocol) => {
    const rows = responseRows(edges.filter((edge) => edge.protocol === protocol))
    if (rows.length === 0) return null
    const title = `${protocol === 'http' ? 'HTTP' : 'gRPC'} answers ${whose}`
    return (
      <Section key={protocol} title={title}>
        <Responses rows={rows} isGrpc={protocol === 'grpc'} />
      </Section>
    )
  })
}
