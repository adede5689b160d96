'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { CopyButton } from '@/components/ui/CopyButton'
import { Figure } from '@/components/ui/Figure'
import { Notices } from '@/components/ui/Notices'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Overhead as Answer } from '@/lib/api/schemas/details'
import { parseNodeId } from '@/lib/mesh/identity'
import { formatBytes } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatNumber } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import classes from '../Details.module.css'

const GAPS = {
  'caller-silent': 'the caller’s proxy did not report',
  'called-silent': 'the called side’s proxy did not report',
  'counts-differ': 'the two sides counted different requests (tries again, copies)',
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
      aside={data ? <CopyButton text={Object.values(data.queries).join('\n\n')} label="Copy PromQL" /> : null}
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
          : ` Here it is ${formatDuration(answer.meanMs)} for a request on average.`}
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
                <td>{edge.protocol}</td>
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
                    text={formatDuration(edge.overheadMs)}
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

function Proxies({ answer }: { answer: Answer }) {
  const { proxies } = answer
  if (proxies === null || proxies.length === 0) return null
  const asked = answer.requested.filter(({ annotations }) => Object.keys(annotations).length > 0)
  return (
    <>
      <h3 className={classes.next}>What its proxies use</h3>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label="What the proxies use">
          <thead>
            <tr>
              <th scope="col">Proxy of pod</th>
              <th scope="col">Container</th>
              <th scope="col">Processor</th>
              <th scope="col">Memory</th>
            </tr>
          </thead>
          <tbody>
            {proxies.map((proxy) => (
              <tr key={proxy.pod}>
                <td>{proxy.pod}</td>
                <td>istio-proxy</td>
                <td>
                  <Figure
                    text={proxy.cpuCores === null ? '–' : `${formatNumber(proxy.cpuCores * 1000)} mCPU`}
                  />
                </td>
                <td>
                  <Figure text={formatBytes(proxy.memoryBytes)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {answer.morePods > 0 ? <p className={plain.note}>and {answer.morePods} more pods</p> : null}
      <p className={plain.note}>
        {asked.length === 0
          ? 'No annotation sets what these proxies may use: the mesh’s defaults hold.'
          : 'Set by annotation: '}
        {asked
          .map(
            ({ workload, annotations }) =>
              `${workload} ${Object.entries(annotations)
                .map(([key, value]) => `${key.replace('sidecar.istio.io/', '')} ${value}`)
                .join(', ')}`,
          )
          .join('; ')}
      </p>
    </>
  )
}

/** With its cluster where that is another. */
function nameOf(id: string, own: string | undefined): string {
  const ref = parseNodeId(id)
  if (!ref) return id
  return ref.cluster === own ? ref.name : `${ref.name} (${ref.cluster})`
}
