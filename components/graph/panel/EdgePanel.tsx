'use client'

import { useQuery } from '@tanstack/react-query'
import { Responses } from '@/components/details/traffic/Responses'
import { chartWindow, traceWindow } from '@/components/details/windows'
import type { View } from '@/components/hooks/address/view-state'
import { MetricCharts } from '@/components/metrics/MetricCharts'
import { RecentTraces } from '@/components/traces/RecentTraces'
import { Figure } from '@/components/ui/Figure'
import plain from '@/components/ui/Plain.module.css'
import { Reasons } from '@/components/ui/health/Reasons'
import { Section } from '@/components/ui/Section'
import { queries } from '@/lib/api/queries'
import type { Graph, GraphEdge } from '@/lib/api/schemas/mesh/graph'
import type { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { PROTOCOL_NAMES } from '@/lib/mesh/traffic'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { responseRows, spokenName } from '../scene/summary'
import { PanelHead } from './PanelHead'
import classes from './SidePanel.module.css'

export function EdgePanel({
  graph,
  edge,
  view,
  onSelect,
}: {
  graph: Graph
  edge: GraphEdge
  view: View
  onSelect: (id: string | null) => void
}) {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const source = nodes.get(edge.source)
  const target = nodes.get(edge.target)
  const rows = responseRows([edge])
  const query = queries.edgeMetrics({
    source: edge.source,
    target: edge.target,
    protocol: edge.protocol,
    graphType: graph.graphType,
    serviceNodes: view.serviceNodes,
    window: chartWindow(view.window),
    at: view.at,
  })
  return (
    <>
      <PanelHead
        title={
          <>
            {source ? (
              <button type="button" className={plain.linkish} onClick={() => onSelect(source.id)}>
                {spokenName(source)}
              </button>
            ) : null}
            <span className={classes.arrow}> → </span>
            {target ? (
              <button type="button" className={plain.linkish} onClick={() => onSelect(target.id)}>
                {spokenName(target)}
              </button>
            ) : null}
          </>
        }
        kind={`${PROTOCOL_NAMES[edge.protocol]} traffic`}
        status={edge.health.status}
        onClose={() => onSelect(null)}
      />
      <Section title="Health">
        <Reasons health={edge.health} />
      </Section>
      <Section title="Traffic">
        <EdgeFigures edge={edge} />
      </Section>
      {rows.length > 0 ? (
        <Section title="Answers">
          <Responses rows={rows} isGrpc={edge.protocol === 'grpc'} />
        </Section>
      ) : null}
      <MetricCharts query={query} isLive={view.at === null && view.refresh !== 'paused'} />
      <Identities edge={edge} query={query} />
      {target && target.kind !== 'unknown' ? (
        <RecentTraces filter={{ node: target.id, window: traceWindow(view.window), at: view.at }} />
      ) : null}
    </>
  )
}

function EdgeFigures({ edge }: { edge: GraphEdge }) {
  const rows: [string, string][] =
    edge.protocol === 'tcp'
      ? [
          ['Received by the target', formatBytesPerSecond(edge.receivedBytesPerSecond)],
          ['Sent back', formatBytesPerSecond(edge.sentBytesPerSecond)],
          ['New connections', formatRate(edge.connectionsPerSecond)],
          ['Share of what the source sends', formatRatio(edge.share)],
        ]
      : [
          ['Requests', formatRate(edge.requestsPerSecond)],
          ['Share of what the source sends', formatRatio(edge.share)],
          ['Errors (5xx, no response, gRPC)', formatRatio(edge.errorRatio)],
          ['Client errors (4xx)', formatRatio(edge.clientErrorRatio)],
          ['P50', formatDuration(edge.latencyMs?.p50)],
          ['P90', formatDuration(edge.latencyMs?.p90)],
          ['P95', formatDuration(edge.latencyMs?.p95)],
          ['P99', formatDuration(edge.latencyMs?.p99)],
          ...(edge.latencyMs?.mean != null && edge.latencyMs.p99 === null
            ? ([['Mean latency', formatDuration(edge.latencyMs.mean)]] as [string, string][])
            : []),
        ]
  return (
    <table className={plain.table}>
      <tbody>
        {rows.map(([name, text]) => (
          <tr key={name}>
            <td>{name}</td>
            <td>
              <Figure text={text} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Who the two ends prove to be; comes with the edge's series. */
function Identities({ edge, query }: { edge: GraphEdge; query: ReturnType<typeof queries.edgeMetrics> }) {
  const answer = useQuery(query)
  const principals: MetricAnswer['principals'] = answer.data?.principals ?? null
  const isTcp = edge.protocol === 'tcp'
  return (
    <Section
      title="Mutual TLS"
      aside={
        edge.mtlsRatio === null ? null : `${formatRatio(edge.mtlsRatio)} of ${isTcp ? 'bytes' : 'requests'}`
      }
    >
      {edge.mtlsRatio === null ? (
        <p className={plain.note}>
          Not measured: only the called side’s proxy can tell, and none reported this edge.
        </p>
      ) : null}
      {principals?.map((pair) => (
        <div key={`${pair.source} ${pair.destination} ${pair.mutualTls}`} className={classes.identity}>
          <div className={plain.row}>
            <b style={{ fontWeight: 550 }} className={plain.grow}>
              {pair.mutualTls === null ? 'Unknown' : pair.mutualTls ? 'Mutual TLS' : 'Plaintext: no identity'}
            </b>
            <span className="num">
              {isTcp ? formatBytesPerSecond(pair.bytesPerSecond) : formatRate(pair.requestsPerSecond)}
            </span>
          </div>
          {pair.source ? <div className={plain.mono}>{pair.source}</div> : null}
          {pair.destination ? <div className={plain.mono}>→ {pair.destination}</div> : null}
        </div>
      ))}
    </Section>
  )
}
