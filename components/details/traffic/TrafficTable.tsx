import type { ReactNode } from 'react'
import { Figure } from '@/components/ui/Figure'
import plain from '@/components/ui/Plain.module.css'
import type { Health } from '@/lib/api/schemas/common'
import type { NodeTraffic, RequestTraffic } from '@/lib/api/schemas/mesh/graph'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'

/** What goes in and out, by protocol; errors are as bad as they make `health`. */
export function TrafficTable({
  inbound,
  outbound,
  health,
  whenNone = 'No traffic was measured.',
}: {
  inbound: NodeTraffic
  outbound: NodeTraffic
  health: Health
  whenNone?: string | undefined
}) {
  const tone = health.status === 'failing' ? 'failing' : health.status === 'degraded' ? 'degraded' : undefined
  const requests = [
    ['HTTP in', inbound.http],
    ['gRPC in', inbound.grpc],
    ['HTTP out', outbound.http],
    ['gRPC out', outbound.grpc],
  ].filter((row): row is [string, RequestTraffic] => row[1] !== null)
  const streams = [
    ['TCP in', inbound.tcp],
    ['TCP out', outbound.tcp],
  ].filter((row): row is [string, NonNullable<NodeTraffic['tcp']>] => row[1] !== null)
  if (requests.length + streams.length === 0) return <p className={plain.note}>{whenNone}</p>
  return (
    <>
      {requests.length > 0 ? (
        <FigureTable
          names={['Requests', 'Errors', '4xx', 'P50', 'P99']}
          rows={requests.map(([name, traffic]) => [
            name,
            <Figure key="rate" text={formatRate(traffic.requestsPerSecond)} />,
            <Figure
              key="errors"
              text={formatRatio(traffic.errorRatio)}
              {...(tone && (traffic.errorRatio ?? 0) > 0 ? { tone } : {})}
            />,
            <Figure key="4xx" text={formatRatio(traffic.clientErrorRatio)} />,
            <Figure key="p50" text={formatDuration(traffic.latencyMs?.p50)} />,
            <Figure key="p99" text={formatDuration(traffic.latencyMs?.p99)} />,
          ])}
        />
      ) : null}
      {streams.length > 0 ? (
        <FigureTable
          names={['Received', 'Sent back', 'Connections']}
          rows={streams.map(([name, tcp]) => [
            name,
            <Figure key="received" text={formatBytesPerSecond(tcp.receivedBytesPerSecond)} />,
            <Figure key="sent" text={formatBytesPerSecond(tcp.sentBytesPerSecond)} />,
            <Figure key="connections" text={formatRate(tcp.connectionsPerSecond)} />,
          ])}
        />
      ) : null}
    </>
  )
}

const MEANINGS: Partial<Record<string, string>> = { Errors: '5xx, no response, gRPC errors' }

/** One row per protocol and direction, which is its first cell. */
function FigureTable({
  names,
  rows,
}: {
  names: readonly string[]
  rows: readonly (readonly [string, ...ReactNode[]])[]
}) {
  return (
    <div className={plain.wide}>
      <table className={plain.table}>
        <thead>
          <tr>
            <th>
              <span className={plain.hidden}>Protocol and direction</span>
            </th>
            {names.map((name) => (
              <th key={name} title={MEANINGS[name]}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...figures]) => (
            <tr key={name}>
              <td>{name}</td>
              {figures.map((figure, index) => (
                <td key={names[index]}>{figure}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
