'use client'

import { Tooltip } from '@mantine/core'
import { IconLockOpen } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useMemo, type ReactNode } from 'react'
import { Figure } from '@/components/ui/Figure'
import { HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { useFirst } from '@/components/ui/use-first'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import { openLock } from '@/lib/istio/mutual-tls/lock'
import { parseNodeId } from '@/lib/mesh/identity'
import { PROTOCOL_NAMES } from '@/lib/mesh/traffic'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatCount } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from '../Details.module.css'
import type { PeerRow } from './peer-rows'
import { peerRows } from './peer-rows'

const FIRST = 25
const WORDS = {
  in: { title: 'Called by', none: 'Nobody called it in this time.' },
  out: { title: 'Calls', none: 'It called nobody in this time.' },
}

/** Who calls a node, or whom it calls, with the figures of each edge. */
export function PeerTable({
  id,
  edges,
  total,
  direction,
  scope,
  whenNone = WORDS[direction].none,
  children,
}: {
  id: string
  edges: readonly GraphEdge[]
  /** edges there are, of which `edges` may be the first */
  total: number
  direction: 'in' | 'out'
  scope: Scope
  whenNone?: string | undefined
  /** below the table */
  children?: ReactNode
}) {
  const rows = useMemo(() => peerRows(edges, id, direction), [edges, id, direction])
  const own = parseNodeId(id)
  const { shown, more } = useFirst(rows, FIRST)
  const hasBytes = rows.some((row) => row.bytesPerSecond !== null)
  return (
    <Section
      title={WORDS[direction].title}
      aside={
        rows.length === 0
          ? null
          : rows.length < total
            ? `${formatCount(rows.length)} of ${formatCount(total)}`
            : formatCount(total)
      }
    >
      {rows.length === 0 ? (
        <p className={plain.note}>{whenNone}</p>
      ) : (
        <div className={classes.scroll}>
          <table className={classes.table} aria-label={WORDS[direction].title}>
            <thead>
              <tr>
                <th scope="col">Peer</th>
                <th scope="col">Protocol</th>
                <th scope="col">Requests</th>
                <th scope="col" title="5xx, no response, gRPC errors">
                  Errors
                </th>
                <th scope="col">P99</th>
                {hasBytes ? <th scope="col">Bytes</th> : null}
                <th scope="col" title="Share of requests over mutual TLS">
                  mTLS
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={row.edge.id}>
                  <td>
                    <Peer row={row} cluster={own?.cluster} namespace={own?.namespace} scope={scope} />
                  </td>
                  <td>{PROTOCOL_NAMES[row.edge.protocol]}</td>
                  <td>
                    <Figure text={formatRate(row.edge.requestsPerSecond)} why="TCP has no requests" />
                  </td>
                  <td>
                    <Figure
                      text={formatRatio(row.edge.errorRatio)}
                      {...(isUnwell(row.edge) && (row.edge.errorRatio ?? 0) > 0
                        ? { tone: row.edge.health.status }
                        : {})}
                    />
                  </td>
                  <td>
                    <Figure text={formatDuration(row.edge.latencyMs?.p99)} />
                  </td>
                  {hasBytes ? (
                    <td>
                      <Figure text={formatBytesPerSecond(row.bytesPerSecond)} />
                    </td>
                  ) : null}
                  <td>
                    <MtlsShare ratio={row.edge.mtlsRatio} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more}
      {children}
    </Section>
  )
}

function Peer({
  row,
  cluster,
  namespace,
  scope,
}: {
  row: PeerRow
  cluster: string | undefined
  namespace: string | undefined
  scope: Scope
}) {
  const ref = parseNodeId(row.peer)
  if (!ref) return <>{row.peer}</>
  const isUnknown = ref.kind === 'unknown'
  const name = isUnknown ? 'unknown caller' : ref.version ? `${ref.name} ${ref.version}` : ref.name
  // only what differs from the page's own place needs saying
  const place = [
    ref.cluster !== cluster && ref.cluster !== 'unknown' ? ref.cluster : null,
    ref.namespace !== namespace && ref.namespace !== 'unknown' ? ref.namespace : null,
  ].filter((part) => part !== null && part !== '')
  const href =
    pagePaths.findNode(row.peer, { window: scope.window, at: scope.at }) ??
    pagePaths.graph({ window: scope.window, at: scope.at, selected: row.peer })
  return (
    <span className={plain.row}>
      {isUnwell(row.edge) ? (
        <Tooltip label={row.edge.health.reasons.map((reason) => reason.message).join(' ')}>
          <span style={{ display: 'inline-flex' }}>
            <HealthIcon status={row.edge.health.status} size={14} />
          </span>
        </Tooltip>
      ) : null}
      <Link href={href} prefetch={false} className={plain.linkish} title={row.peer}>
        {name}
      </Link>
      {place.length > 0 ? <span className={plain.quiet}>{place.join(' / ')}</span> : null}
    </span>
  )
}

/** Plaintext is marked, encryption is not. */
function MtlsShare({ ratio }: { ratio: number | null }) {
  const lock = openLock({ mtlsRatio: ratio, mode: null })
  if (!lock) return <Figure text={formatRatio(ratio)} />
  return (
    <span className={`num ${classes.plaintext}`} title={lock.words}>
      <IconLockOpen size={13} role="img" aria-label={lock.words} />
      {formatRatio(ratio)}
    </span>
  )
}

function isUnwell(edge: GraphEdge): boolean {
  return edge.health.status === 'failing' || edge.health.status === 'degraded'
}
