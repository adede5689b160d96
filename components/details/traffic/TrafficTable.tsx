import { Figure } from '@/components/ui/Figure'
import plain from '@/components/ui/Plain.module.css'
import type { Health } from '@/lib/api/schemas/common'
import type { NodeTraffic, RequestTraffic } from '@/lib/api/schemas/graph'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'

/** What goes in and out, by protocol; errors are as bad as they make `health`. */
export function TrafficTable({
  inbound,
  outbound,
  health,
}: {
  inbound: NodeTraffic
  outbound: NodeTraffic
  health: Health
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
  if (requests.length + streams.length === 0) return <p className={plain.note}>No traffic was measured.</p>
  return (
    <>
      {requests.length > 0 ? (
        <table className={plain.table}>
          <thead>
            <tr>
              <th>
                <span className={plain.hidden}>Protocol and direction</span>
              </th>
              <th>Requests</th>
              <th title="5xx, no response, gRPC errors">Errors</th>
              <th>4xx</th>
              <th>P50</th>
              <th>P99</th>
            </tr>
          </thead>
          <tbody>
            {requests.map(([name, traffic]) => (
              <tr key={name}>
                <td>{name}</td>
                <td>
                  <Figure text={formatRate(traffic.requestsPerSecond)} />
                </td>
                <td>
                  <Figure
                    text={formatRatio(traffic.errorRatio)}
                    {...(tone && (traffic.errorRatio ?? 0) > 0 ? { tone } : {})}
                  />
                </td>
                <td>
                  <Figure text={formatRatio(traffic.clientErrorRatio)} />
                </td>
                <td>
                  <Figure text={formatDuration(traffic.latencyMs?.p50)} />
                </td>
                <td>
                  <Figure text={formatDuration(traffic.latencyMs?.p99)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {streams.length > 0 ? (
        <table className={plain.table}>
          <thead>
            <tr>
              <th>
                <span className={plain.hidden}>Protocol and direction</span>
              </th>
              <th>Received</th>
              <th>Sent back</th>
              <th>Connections</th>
            </tr>
          </thead>
          <tbody>
            {streams.map(([name, tcp]) => (
              <tr key={name}>
                <td>{name}</td>
                <td>
                  <Figure text={formatBytesPerSecond(tcp.receivedBytesPerSecond)} />
                </td>
                <td>
                  <Figure text={formatBytesPerSecond(tcp.sentBytesPerSecond)} />
                </td>
                <td>
                  <Figure text={formatRate(tcp.connectionsPerSecond)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </>
  )
}
