'use client'

import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react'
import { useState } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { useStatus } from '@/components/hooks/use-status'
import { HealthIcon } from '@/components/ui/health/Health'
import { troubleSummary, troubleWords } from '@/components/ui/messages/failure-words'
import { UPSTREAM_NAMES } from '@/components/ui/messages/upstream-names'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { UpstreamStatus as Upstream } from '@/lib/api/schemas/status'
import { formatAgo } from '@/lib/units/duration'
import classes from './Masthead.module.css'
import { MastheadPopover } from './MastheadPopover'
import own from './UpstreamStatus.module.css'

const WITHOUT = {
  prometheus: 'Without it there is no topology.',
  kubernetes: 'Without it: no replicas, no configuration, no idle workloads.',
  jaeger: 'Without it, or Tempo: no traces.',
  tempo: 'Without it, or Jaeger: no traces.',
  alertmanager: 'Without it: not known who is told of alerts, or what is silenced.',
} as const

/** More names than these push the rest of the masthead out of a narrow window; what opens names them all. */
const MOST_NAMED = 2

export function UpstreamStatus() {
  const status = useStatus()
  const open = useState(false)
  const upstreams = status.data?.upstreams ?? []
  const broken = upstreams.filter((upstream) => upstream.configured && upstream.reachable === false)
  const isBroken = broken.length > 0 || status.isError
  const summary = status.isError
    ? 'Heddle’s server does not answer'
    : isBroken
      ? troubleSummary(broken)
      : status.data
        ? 'All sources reachable'
        : 'Asking the sources'
  return (
    <MastheadPopover
      open={open}
      label={`Sources: ${summary}`}
      title="Sources"
      mark={isBroken && own.broken}
      width={360}
      sheet={
        <div className={classes.sheet} tabIndex={-1} data-autofocus>
          <h2 className={classes.sheetTitle}>{summary}</h2>
          {status.isError ? <p className={classes.hint}>{status.error.message}</p> : null}
          {upstreams.map((upstream) => (
            <UpstreamRow key={upstream.name} upstream={upstream} />
          ))}
          {status.data?.notices.map((notice) => (
            <p key={notice.code} className={classes.hint}>
              {notice.message}
            </p>
          ))}
        </div>
      }
    >
      {isBroken ? <IconPlugConnectedX size={16} aria-hidden /> : <IconPlugConnected size={16} aria-hidden />}
      {isBroken && broken.length > 0 ? (
        <span className={classes.wide}>
          {broken.length > MOST_NAMED
            ? `${broken.length} sources`
            : broken.map((upstream) => UPSTREAM_NAMES[upstream.name]).join(', ')}
        </span>
      ) : null}
    </MastheadPopover>
  )
}

export function UpstreamRow({ upstream }: { upstream: Upstream }) {
  const now = useNow()
  const state: { status: HealthStatus; words: string } = !upstream.configured
    ? { status: 'idle', words: 'not configured' }
    : upstream.reachable === null
      ? { status: 'unknown', words: 'not asked yet' }
      : upstream.reachable
        ? { status: 'healthy', words: 'reachable' }
        : { status: 'failing', words: troubleWords(upstream.name, upstream.code) }
  const product = [upstream.product, upstream.version].filter(Boolean).join(' ')
  return (
    <section className={own.upstream} aria-label={UPSTREAM_NAMES[upstream.name]}>
      <HealthIcon status={state.status} />
      <div className={own.body}>
        <div className={own.head}>
          <strong>{UPSTREAM_NAMES[upstream.name]}</strong>
          <span>{state.words}</span>
          {upstream.dataAt !== null ? (
            <span className="num">data {formatAgo(now - upstream.dataAt)}</span>
          ) : null}
        </div>
        {product && product !== UPSTREAM_NAMES[upstream.name] ? (
          <div className={own.quiet}>{product}</div>
        ) : null}
        {upstream.configured ? null : <div className={own.quiet}>{WITHOUT[upstream.name]}</div>}
        {upstream.error ? <div className={own.error}>{upstream.error}</div> : null}
        <dl className={own.details}>
          {Object.entries(upstream.details).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  )
}
