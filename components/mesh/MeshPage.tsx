'use client'

import { Skeleton, Tooltip } from '@mantine/core'
import { IconCheck, IconMinus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useStatus } from '@/components/hooks/use-status'
import { Failure } from '@/components/ui/messages/Failure'
import { HealthBadge } from '@/components/ui/health/Health'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { troubleWords } from '@/components/ui/messages/failure-words'
import { UPSTREAM_NAMES } from '@/components/ui/messages/upstream-names'
import { apiPaths } from '@/lib/api/paths'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { Status, UpstreamStatus } from '@/lib/api/schemas/status'
import { formatDate } from '@/lib/units/date'
import { formatAgo } from '@/lib/units/duration'
import { formatWindow } from '@/lib/units/window'
import classes from './MeshPage.module.css'

/** What Heddle is connected to, how well, and what follows for what it can show. */
export function MeshPage() {
  const answer = useStatus()
  const isHydrated = useHydrated()
  const status = isHydrated ? answer.data : undefined
  useReportFreshness(status?.now ?? null, answer.isFetching, answer.error)
  return (
    <Page title="Mesh" beside={status ? <Mode status={status} /> : null}>
      <div className={classes.body}>
        {status ? (
          <>
            {answer.isRefetchError ? (
              <Notices
                notices={[{ code: 'stale', message: `This status is old: ${answer.error.message}` }]}
              />
            ) : null}
            <Notices notices={status.notices} />
            <Content status={status} />
          </>
        ) : isHydrated && answer.error ? (
          <Failure
            error={answer.error}
            title="The status cannot be read"
            onRetry={() => void answer.refetch()}
          />
        ) : (
          <div className={classes.cards} role="status" aria-label="Loading" aria-busy>
            {[0, 1, 2].map((card) => (
              <div key={card} className={classes.card}>
                <div className={classes.skeleton}>
                  <Skeleton height={12} width="40%" radius="sm" />
                  <Skeleton height={10} width="70%" radius="sm" />
                  <Skeleton height={10} width="60%" radius="sm" />
                  <Skeleton height={10} width="66%" radius="sm" />
                </div>
              </div>
            ))}
          </div>
        )}
      </div>
    </Page>
  )
}

const MODES: Record<Status['mode'], { name: string; meaning: string }> = {
  embedded: {
    name: 'Embedded mesh',
    meaning: 'A simulated mesh that speaks the APIs of the real upstreams; set PROMETHEUS_URL to see yours.',
  },
  telemetry: {
    name: 'Telemetry only',
    meaning: 'Topology, metrics and health from Prometheus; no objects of the cluster.',
  },
  full: { name: 'Full', meaning: 'Telemetry and the objects of the cluster.' },
}

function Mode({ status }: { status: Status }) {
  const mode = MODES[status.mode]
  return (
    <span className={plain.quiet}>
      {mode.name}
      {status.readOnly ? ', read-only' : ''}. {mode.meaning}
    </span>
  )
}

const ROLES = {
  prometheus: { gives: 'traffic, latency, health', without: 'there is no topology', set: 'PROMETHEUS_URL' },
  kubernetes: {
    gives: 'workloads, replicas, configuration',
    without: 'no replicas, no configuration, no idle workloads',
    set: 'KUBECONFIG, or run in the cluster',
  },
  jaeger: { gives: 'traces', without: 'no traces', set: 'JAEGER_URL or TEMPO_URL' },
  tempo: { gives: 'traces', without: 'no traces', set: 'JAEGER_URL or TEMPO_URL' },
  alertmanager: {
    gives: 'who is told of alerts, silences',
    without: 'not known who is told of alerts, or what is silenced',
    set: 'ALERTMANAGER_URL',
  },
} as const

function Content({ status }: { status: Status }) {
  return (
    <>
      <div className={classes.cards}>
        {status.upstreams.map((upstream) => (
          <UpstreamCard key={upstream.name} upstream={upstream} />
        ))}
      </div>
      <div className={classes.pair}>
        <div className={classes.card}>
          <Windows status={status} />
        </div>
        <div className={classes.card}>
          <Section title="Heddle">
            <Facts
              facts={[
                ['Version', status.version],
                [status.clusters.length === 1 ? 'Cluster' : 'Clusters', status.clusters.join(', ') || '–'],
                [
                  'Scrape interval',
                  status.scrapeIntervalSeconds === null
                    ? 'not known'
                    : formatWindow(status.scrapeIntervalSeconds),
                ],
                [
                  'Retention',
                  status.retentionSeconds === null ? 'not known' : formatWindow(status.retentionSeconds),
                ],
                ['Changes', status.readOnly ? 'refused: read-only' : 'allowed, as the cluster permits'],
                [
                  'For machines',
                  <span key="machines" className={classes.machines}>
                    <a href={apiPaths.openapi()} className={plain.linkish}>
                      API description
                    </a>
                    <a href="/metrics" className={plain.linkish}>
                      own metrics
                    </a>
                  </span>,
                ],
              ]}
            />
          </Section>
        </div>
      </div>
    </>
  )
}

function UpstreamCard({ upstream }: { upstream: UpstreamStatus }) {
  const now = useNow()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const role = ROLES[upstream.name]
  const age = upstream.dataAt === null ? null : formatAgo(now - upstream.dataAt)
  const product = [upstream.product, upstream.version].filter(Boolean).join(' ')
  const facts: [string, ReactNode][] = [
    ['Gives', role.gives],
    ...(upstream.configured
      ? ([
          ['Answers as', product === '' ? '–' : product],
          [
            'Newest data',
            upstream.dataAt === null ? (
              'none yet'
            ) : (
              <Tooltip key="age" label={`${formatDate(upstream.dataAt, { timeZone: zone })} (${zone})`}>
                <span className="num">{age}</span>
              </Tooltip>
            ),
          ],
        ] satisfies [string, ReactNode][])
      : ([
          ['Without it', role.without],
          [
            'To connect',
            <span key="set" className={plain.mono}>
              {role.set}
            </span>,
          ],
        ] satisfies [string, ReactNode][])),
    ...Object.entries(upstream.details).map(([name, value]): [string, ReactNode] => [
      // names of clusters stay as they are written
      upstream.name === 'kubernetes' ? name : capital(name),
      value,
    ]),
  ]
  return (
    <div className={classes.card}>
      <Section title={UPSTREAM_NAMES[upstream.name]} aside={<State upstream={upstream} />}>
        {upstream.error ? (
          <p className={classes.error} role="alert">
            {upstream.error}
          </p>
        ) : null}
        <Facts facts={facts} />
      </Section>
    </div>
  )
}

function State({ upstream }: { upstream: UpstreamStatus }) {
  if (!upstream.configured) return <span>not configured</span>
  const status: HealthStatus =
    upstream.reachable === null ? 'unknown' : upstream.reachable ? 'healthy' : 'failing'
  return upstream.reachable === null ? (
    <span>not asked yet</span>
  ) : (
    <HealthBadge
      status={status}
      word={upstream.reachable ? 'Reachable' : capital(troubleWords(upstream.name, upstream.code))}
    />
  )
}

function Windows({ status }: { status: Status }) {
  // what fits is told by the retention and the scrape interval, which such a Prometheus has not told
  const prometheus = status.upstreams.find(({ name }) => name === 'prometheus')
  const isUnknown = prometheus?.reachable !== true && status.retentionSeconds === null
  return (
    <Section title="Windows that can be looked at">
      <ul className={classes.windows}>
        {status.windows.map((window) => (
          <li key={window.name} data-off={!window.usable || isUnknown || undefined}>
            {window.usable && !isUnknown ? (
              <IconCheck size={14} aria-hidden />
            ) : (
              <IconMinus size={14} aria-hidden />
            )}
            <span className="num">{window.name}</span>
            <span className={plain.quiet}>
              {!window.usable ? (window.why ?? 'not usable') : isUnknown ? 'not known' : 'usable'}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Facts({ facts }: { facts: readonly [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
