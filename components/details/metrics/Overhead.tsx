'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { asLine, together } from '@/components/metrics/copied-query'
import { CopyButton } from '@/components/ui/CopyButton'
import { Figure } from '@/components/ui/Figure'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Overhead as Answer } from '@/lib/api/schemas/mesh/details'
import { parseNodeId } from '@/lib/mesh/identity'
import { PROTOCOL_NAMES } from '@/lib/mesh/traffic'
import { formatBytes } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatNumber } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from '../Details.module.css'

const GAPS = {
  'caller-silent': 'the caller’s proxy did not report',
  'called-silent': 'the called side’s proxy did not report',
  'counts-differ': 'the two sides counted different requests (tries again, copies)',
  'too-small': 'less than can be told: the proxies are read at moments of their own, and few requests differ',
} as const

/** What the mesh itself costs: time between the proxies of each edge, and what the proxies use. */
export function Overhead({ id, scope }: { id: string; scope: Scope }) {
  const answer = useQuery({
    ...queries.overhead({ node: id, window: scope.window, at: scope.at }),
    refetchInterval: useRefreshInterval(),
  })
  const { data } = answer
  return (
    <Section
      title="What the mesh costs"
      aside={data ? <CopyButton text={meansOf(data.queries)} label="Copy PromQL" /> : null}
    >
      {data ? (
        <>
          <Notices notices={data.notices} />
          <Edges answer={data} own={parseNodeId(id)?.cluster} />
          <Proxies answer={data} />
        </>
      ) : answer.error ? (
        <p className={plain.note} role="alert">
          {answer.error.message}
        </p>
      ) : (
        <Skeleton height={140} radius="sm" />
      )}
    </Section>
  )
}

function Edges({ answer, own }: { answer: Answer; own: string | undefined }) {
  if (answer.edges.length === 0) {
    return <p className={plain.note}>No request was timed by proxies in this time.</p>
  }
  return (
    <>
      <p className={plain.note}>
        Both proxies of a call time it; the difference is what lies between: proxies and network.
        {answer.meanMs === null
          ? ''
          : ` Here it is ${formatDuration(answer.meanMs)} for a request on average.`}{' '}
        {answer.edges.some(({ gap }) => gap === 'too-small')
          ? 'Where it says “below”, the two were read at moments of their own and it is less than that makes differ.'
          : ''}
      </p>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label="Latency between proxies">
          <thead>
            <tr>
              <th scope="col">Edge</th>
              <th scope="col">Protocol</th>
              <th scope="col">Requests</th>
              <th scope="col">Mean at caller</th>
              <th scope="col">Mean at called</th>
              <th scope="col">Between</th>
            </tr>
          </thead>
          <tbody>
            {answer.edges.map((edge) => (
              <tr key={`${edge.source}>${edge.target} ${edge.protocol}`}>
                <td title={`${edge.source} → ${edge.target}`}>
                  {nameOf(edge.source, own)} → {nameOf(edge.target, own)}
                </td>
                <td>{PROTOCOL_NAMES[edge.protocol]}</td>
                <td>
                  <Figure text={formatRate(edge.requestsPerSecond)} />
                </td>
                <td>
                  <Figure text={formatDuration(edge.sourceMs)} />
                </td>
                <td>
                  <Figure text={formatDuration(edge.destinationMs)} />
                </td>
                <td>
                  <Figure
                    text={edge.gap === 'too-small' ? 'below' : formatDuration(edge.overheadMs)}
                    why={edge.gap === null ? 'Not measured' : `Not told: ${GAPS[edge.gap]}`}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** the second column of these tables is words elsewhere */
const RIGHT = { textAlign: 'right' } as const

function Proxies({ answer }: { answer: Answer }) {
  const { proxies } = answer
  if (proxies === null || proxies.length === 0) return null
  const isAsked = proxies.some(({ asked }) => Object.values(asked).some((value) => value !== null))
  return (
    <>
      <h3 className={classes.next}>
        What its proxies use <CopyButton text={usageOf(answer.queries)} label="Copy PromQL of it" />
      </h3>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label="What the proxies use">
          <thead>
            <tr>
              <th scope="col">Proxy of pod</th>
              <th scope="col" style={RIGHT}>
                Processor
              </th>
              {isAsked ? <th scope="col">Asked for, limit</th> : null}
              <th scope="col">Memory</th>
              {isAsked ? <th scope="col">Asked for, limit</th> : null}
            </tr>
          </thead>
          <tbody>
            {proxies.map(({ pod, asked, cpuCores, memoryBytes }) => (
              <tr key={pod}>
                <td>{pod}</td>
                <td style={RIGHT}>
                  <Figure text={formatMilliCores(cpuCores)} />
                </td>
                {isAsked ? (
                  <td>
                    <Share
                      used={cpuCores}
                      asked={asked.cpuCores}
                      limit={asked.cpuLimitCores}
                      format={formatMilliCores}
                    />
                  </td>
                ) : null}
                <td>
                  <Figure text={formatBytes(memoryBytes)} />
                </td>
                {isAsked ? (
                  <td>
                    <Share
                      used={memoryBytes}
                      asked={asked.memoryBytes}
                      limit={asked.memoryLimitBytes}
                      format={formatBytes}
                    />
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {answer.morePods > 0 ? <p className={plain.note}>and {answer.morePods} more pods</p> : null}
      <p className={plain.note}>
        {isAsked
          ? 'Asked for and allowed by annotations of sidecar.istio.io; the share of each that is used stands in brackets.'
          : 'No annotation sets what these proxies may use: the mesh’s defaults hold.'}
      </p>
    </>
  )
}

/** `100 mCPU (4.2 %), 500 mCPU (0.8 %)`; what no annotation sets is the mesh's default. */
function Share({
  used,
  asked,
  limit,
  format,
}: {
  used: number | null
  asked: number | null
  limit: number | null
  format: (value: number | null) => string
}) {
  const of = (value: number | null) =>
    value === null
      ? 'default'
      : `${format(value)}${used === null || value === 0 ? '' : ` (${formatRatio(used / value)})`}`
  return <Figure text={`${of(asked)}, ${of(limit)}`} />
}

function formatMilliCores(cores: number | null): string {
  return cores === null ? '–' : `${formatNumber(cores * 1000)} mCPU`
}

/** Means of both sides by edge, as in the table: one question. */
function meansOf({ latencySum = '', latencyCount = '' }: Answer['queries']): string {
  return `(${latencySum}) / (${latencyCount})`
}

function usageOf({ cpu, memory }: Answer['queries']): string {
  return together([cpu && asLine('processor, cores', cpu), memory && asLine('memory, bytes', memory)]).join()
}

/** With its cluster where that is another. */
function nameOf(id: string, own: string | undefined): string {
  const ref = parseNodeId(id)
  if (!ref) return id
  return ref.cluster === own ? ref.name : `${ref.name} (${ref.cluster})`
}
