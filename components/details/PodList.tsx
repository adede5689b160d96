'use client'

import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNow } from '@/components/hooks/use-now'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { PageLink as Link } from '@/components/layout/PageLink'
import { HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { useFirst } from '@/components/ui/use-first'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ProxySyncList } from '@/lib/api/schemas/telemetry/proxy'
import type { PodSummary } from '@/lib/api/schemas/mesh/lists'
import { endWords } from '@/lib/mesh/container-end'
import { syncKindWords } from '@/lib/mesh/sync-kinds'
import { formatAge, formatAgo } from '@/lib/units/duration'

const FIRST = 20

/** Agreement moves within seconds of a change and is asked of every replica of istiod: now and then is enough. */
const SYNC_MS = 30_000

/**
 * Pods with what is wrong with them. With the node they are of: where each runs, and the state of the proxy beside
 * it, which is asked of istiod.
 */
export function PodList({
  pods,
  node,
  title = 'Pods',
}: {
  pods: readonly PodSummary[] | null
  node?: string
  title?: string | undefined
}) {
  const now = useNow()
  const isWide = node !== undefined
  const { data: sync, isPending } = useQuery({
    ...queries.proxySync(node ?? ''),
    enabled: isWide && (pods?.some(hasProxy) ?? false),
    refetchInterval: SYNC_MS,
  })
  const named = useUrlParams().params.get('pod')
  const asked = isWide && named ? named : null
  const { shown, more } = useFirst(pods?.toSorted((a, b) => askedFirst(a, b, asked)) ?? [], FIRST)
  const ready = pods?.filter((pod) => pod.ready).length ?? 0
  return (
    <Section title={title} aside={pods && pods.length > 0 ? `${ready} of ${pods.length} ready` : null}>
      {pods === null ? <ObjectsUnknown /> : null}
      {pods?.length === 0 ? <p className={plain.note}>No pods.</p> : null}
      {pods && pods.length > 0 ? (
        <table className={plain.table}>
          <thead>
            <tr>
              <th>Pod</th>
              <th>Restarts</th>
              <th>Age</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((pod) => (
              <tr key={pod.name} aria-current={pod.name === asked || undefined}>
                <td className={plain.name}>
                  <span className={plain.row}>
                    <HealthIcon status={pod.ready ? 'healthy' : 'degraded'} size={14} />
                    <span className={plain.grow} title={pod.name}>
                      {pod.name}
                    </span>
                  </span>
                  {isWide ? <div className={`${plain.quiet} ${plain.wrap}`}>{placeOf(pod)}</div> : null}
                  {!isWide || !hasProxy(pod) ? null : isPending ? (
                    // its line is kept: rows that grew later would push each other down
                    <div className={plain.quiet}>proxy: …</div>
                  ) : (
                    <ProxyState pod={pod} node={node} sync={sync} />
                  )}
                  {endsOf(pod).map(({ container, end, count }) => (
                    <div key={container} className={`${plain.quiet} ${plain.wrap}`}>
                      {container} restarted{count > 1 ? ` ${count} times, the last` : ''}
                      {` ${formatAgo(now - end.at)}`}: it {endWords(end)}
                      {lastWords(node, pod, container)}
                    </div>
                  ))}
                  {troubleOf(pod).map((words) => (
                    <div key={words} className={plain.quiet}>
                      {words}
                    </div>
                  ))}
                </td>
                <td className="num">{pod.restarts}</td>
                <td className="num">{pod.startedAt === null ? '–' : formatAge(now - pod.startedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {asked !== null && pods && !pods.some(({ name }) => name === asked) ? (
        <p className={plain.note}>Pod {asked} is no longer there.</p>
      ) : null}
      {sync?.missingRight ? (
        <p className={plain.note}>
          Whether its proxies agree with istiod is not known: the account may not {sync.missingRight.verb}{' '}
          {sync.missingRight.resource} in namespace {sync.missingRight.namespace}.
        </p>
      ) : null}
      {sync?.notices.map(({ message }) => (
        <p key={message} className={plain.note}>
          {message}
        </p>
      ))}
      {more}
    </Section>
  )
}

/** Whether the proxy is there and runs what istiod wants; a link to all of it. */
function ProxyState({ pod, node, sync }: { pod: PodSummary; node: string; sync: ProxySyncList | undefined }) {
  const own = sync?.pods?.find(({ name }) => name === pod.name)
  // a right that is missing is said once, below
  if (!own) return sync ? null : <div className={plain.quiet}>proxy: not known</div>
  const version = own.version === null ? '' : `Istio ${own.version}, `
  const words =
    own.istiod === null
      ? 'not connected to istiod: it runs what it got last'
      : own.behind.length > 0
        ? `runs older ${syncKindWords(own.behind)} than istiod sent`
        : 'in sync with istiod'
  const isWell = own.istiod !== null && own.behind.length === 0
  const Icon = isWell ? IconCircleCheck : IconAlertTriangle
  return (
    <div className={`${plain.quiet} ${plain.wrap}`}>
      <Icon
        size={13}
        aria-hidden
        style={{ verticalAlign: '-2px', color: isWell ? 'var(--hd-healthy)' : 'var(--hd-degraded)' }}
      />{' '}
      proxy: {version}
      <Link href={pagePaths.findProxy(node, pod.name)} prefetch={false} className={plain.linkish}>
        {words}
      </Link>
    </div>
  )
}

/** Beside the application, or all that the pod is: a gateway or a waypoint. */
function hasProxy(pod: PodSummary): boolean {
  return pod.hasSidecar || pod.containers.some(({ name }) => name === 'istio-proxy')
}

function placeOf(pod: PodSummary): string {
  const ready = pod.containers.filter((container) => container.ready).length
  return [
    `${ready} of ${pod.containers.length} containers ready`,
    pod.hasSidecar ? 'sidecar' : hasProxy(pod) ? 'a proxy itself' : 'no sidecar',
    pod.node ? `on ${pod.node}` : null,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}

/** What one came here for stands first. */
function askedFirst(a: PodSummary, b: PodSummary, asked: string | null): number {
  return Number(b.name === asked) - Number(a.name === asked) || worstFirst(a, b)
}

function worstFirst(a: PodSummary, b: PodSummary): number {
  return Number(a.ready) - Number(b.ready) || b.restarts - a.restarts || (a.name < b.name ? -1 : 1)
}

/** Containers that ended once or more, and how they did the last time. */
function endsOf(pod: PodSummary) {
  return pod.containers.flatMap(({ name, lastEnd, restarts }) =>
    lastEnd ? [{ container: name, end: lastEnd, count: restarts }] : [],
  )
}

function lastWords(node: string | undefined, pod: PodSummary, container: string) {
  const isProxy = container === 'istio-proxy'
  const href =
    node === undefined
      ? undefined
      : pagePaths.findLastWords(node, { pod: pod.name, container: isProxy ? null : container })
  if (href === undefined) return null
  return (
    <>
      {'. '}
      <Link href={href} prefetch={false} className={plain.linkish}>
        What it wrote last
      </Link>
    </>
  )
}

function troubleOf(pod: PodSummary): string[] {
  const words = pod.containers
    .filter((container) => !container.ready || container.reason !== null)
    .map((container) => `${container.name}: ${container.reason ?? 'not ready'}`)
  return pod.phase === 'Running' || pod.phase === 'Succeeded' ? words : [pod.phase, ...words]
}
