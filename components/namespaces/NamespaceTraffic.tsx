'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import details from '@/components/details/Details.module.css'
import { codeWords } from '@/components/details/traffic/code-words'
import { TabSkeleton } from '@/components/details/TabSkeleton'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Failure } from '@/components/ui/messages/Failure'
import { Figure } from '@/components/ui/Figure'
import { HealthMark } from '@/components/ui/health/Health'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { useFirst } from '@/components/ui/use-first'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import { parseNodeId } from '@/lib/mesh/identity'
import { explainFlags } from '@/lib/mesh/response-flags'
import { PROTOCOL_NAMES } from '@/lib/mesh/traffic'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { crossingsOf } from './crossings'

const FIRST = 25
const MOST_OUTCOMES = 3

/** Who calls into a namespace from elsewhere, whom it calls elsewhere, and what its own say to each other. */
export default function NamespaceTraffic({ place, scope }: { place: string; scope: Scope }) {
  const answer = useQuery({
    ...queries.graph({ ...scope, graphType: 'workload' }),
    refetchInterval: useRefreshInterval(),
  })
  const crossings = useMemo(
    () => (answer.data ? crossingsOf(answer.data, place) : null),
    [answer.data, place],
  )
  if (!answer.data || !crossings) {
    return answer.error ? (
      <Failure
        error={answer.error}
        title="The traffic cannot be shown"
        onRetry={() => void answer.refetch()}
      />
    ) : (
      <TabSkeleton isWide />
    )
  }
  return (
    <div className={details.main}>
      <Notices notices={answer.data.notices} />
      <Edges
        title="Into it"
        none="Nobody elsewhere called it in this time."
        edges={crossings.into}
        place={place}
        scope={scope}
      />
      <Edges
        title="Out of it"
        none="It called nobody elsewhere in this time."
        edges={crossings.outOf}
        place={place}
        scope={scope}
      />
      <Edges
        title="Within it"
        none="Its own did not call each other in this time."
        edges={crossings.within}
        place={place}
        scope={scope}
      />
    </div>
  )
}

function Edges({
  title,
  none,
  edges,
  place,
  scope,
}: {
  title: string
  none: string
  edges: readonly GraphEdge[]
  place: string
  scope: Scope
}) {
  const { shown, more } = useFirst(edges, FIRST)
  return (
    <div className={details.card}>
      <Section title={title} aside={edges.length > 0 ? edges.length : null}>
        {edges.length === 0 ? (
          <p className={plain.note}>{none}</p>
        ) : (
          <div className={details.scroll}>
            <table className={details.table} aria-label={title}>
              <thead>
                <tr>
                  <th scope="col">Caller</th>
                  <th scope="col" style={{ textAlign: 'left' }}>
                    Called
                  </th>
                  <th scope="col">Protocol</th>
                  <th scope="col">Traffic</th>
                  <th scope="col">Errors</th>
                  <th scope="col">P99</th>
                  <th scope="col">mTLS</th>
                  <th scope="col" style={{ textAlign: 'left', minWidth: 190 }}>
                    Answers
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((edge) => (
                  <tr key={edge.id}>
                    <td>
                      <span className={plain.row}>
                        <HealthMark status={edge.health.status} size={13} />
                        <End id={edge.source} place={place} scope={scope} />
                      </span>
                    </td>
                    <td style={{ textAlign: 'left' }}>
                      <End id={edge.target} place={place} scope={scope} />
                    </td>
                    <td>{PROTOCOL_NAMES[edge.protocol]}</td>
                    <td>
                      <Figure
                        text={
                          edge.protocol === 'tcp'
                            ? formatBytesPerSecond(
                                (edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0),
                              )
                            : formatRate(edge.requestsPerSecond)
                        }
                      />
                    </td>
                    <td>
                      <Figure text={formatRatio(edge.errorRatio)} />
                    </td>
                    <td>
                      <Figure text={formatDuration(edge.latencyMs?.p99 ?? null)} />
                    </td>
                    <td>
                      <Figure text={formatRatio(edge.mtlsRatio)} />
                    </td>
                    <td className={plain.quiet} style={{ textAlign: 'left', whiteSpace: 'normal' }}>
                      {outcomesOf(edge)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {more}
      </Section>
    </div>
  )
}

/** A workload as a link, with its place where that is another. */
function End({ id, place, scope }: { id: string; place: string; scope: Scope }) {
  const ref = parseNodeId(id)
  if (!ref) return <>{id}</>
  const name = ref.kind === 'unknown' ? 'unknown' : ref.name
  const time = { window: scope.window, at: scope.at }
  const own = `${ref.cluster}/${ref.namespace}`
  return (
    <>
      <Link
        href={pagePaths.findNode(id, time) ?? pagePaths.graph({ ...time, selected: id })}
        prefetch={false}
        className={plain.linkish}
        title={id}
      >
        {name}
      </Link>{' '}
      {own === place || ref.kind === 'unknown' || ref.namespace === 'unknown' ? null : (
        <span className={plain.quiet}>{own.startsWith(`${place.split('/')[0]}/`) ? ref.namespace : own}</span>
      )}
    </>
  )
}

/** `200 97 %, 503 3 % (no healthy upstream)`: the most frequent ends of its requests. */
function outcomesOf({ protocol, responses, requestsPerSecond }: GraphEdge): string {
  if (protocol === 'tcp' || !requestsPerSecond) return ''
  const sorted = responses.toSorted((a, b) => b.requestsPerSecond - a.requestsPerSecond)
  const said = sorted.slice(0, MOST_OUTCOMES).map(({ code, flags, requestsPerSecond: rate }) => {
    const why = explainFlags(flags)
    return `${codeWords(code, protocol === 'grpc')} ${formatRatio(rate / requestsPerSecond)}${why ? ` (${why})` : ''}`
  })
  const more = sorted.length - MOST_OUTCOMES
  return [...said, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}
