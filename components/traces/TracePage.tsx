'use client'

import { SegmentedControl, Skeleton } from '@mantine/core'
import { IconAffiliate, IconAlertTriangleFilled, IconMapSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import type { ReactNode } from 'react'
import { useMemo, useState } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { CopyButton } from '@/components/ui/CopyButton'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import plain from '@/components/ui/Plain.module.css'
import { ApiFailure } from '@/lib/api/fetch'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Notice } from '@/lib/api/schemas/common'
import type { Trace, TraceAnswer } from '@/lib/api/schemas/telemetry/traces'
import { summarize } from '@/lib/trace/summarize'
import { formatDate } from '@/lib/units/date'
import { formatDuration } from '@/lib/units/duration'
import { formatRatio } from '@/lib/units/ratio'
import classes from './TracePage.module.css'
import { graphViewOf, placesOf } from './graph-view'
import { TraceWaterfall } from './TraceWaterfall'
import { waterfallOf } from './waterfall'

/** One trace: what was called, in what order, where the time went and where it failed. */
export function TracePage({ id }: { id: string }) {
  const [view] = useView()
  const scope = { window: view.window, at: view.at }
  const answer = useQuery(queries.traceOutline(id))
  useReportFreshness(answer.dataUpdatedAt || null, answer.isFetching, answer.error)
  const above = (
    <>
      <Link href={pagePaths.traces(scopeOf(view))} prefetch={false}>
        Traces
      </Link>{' '}
      / <span className={plain.mono}>{id}</span>
    </>
  )
  if (answer.data) return <Loaded answer={answer.data} above={above} scope={scope} />
  // 404 as well where there is no tracing store
  const isGone =
    answer.error instanceof ApiFailure &&
    answer.error.status === 404 &&
    answer.error.code !== 'tracing-not-configured'
  return (
    <Page title="Trace" above={above}>
      {isGone ? (
        <Message icon={<IconMapSearch size={24} />} title="No such trace">
          {answer.error?.message} Tracing stores keep a sample of the requests, and those for a time that is
          set in the store itself: often two or three days in Jaeger, two weeks in Tempo.{' '}
          <Link href={pagePaths.traces(scopeOf(view))} prefetch={false} className={plain.linkish}>
            Search what is there
          </Link>
        </Message>
      ) : answer.error ? (
        <Failure
          error={answer.error}
          title="The trace cannot be read"
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <div className={classes.waiting} role="status" aria-label="Loading" aria-busy>
          {Array.from({ length: 9 }, (_, row) => (
            <div key={row} className={classes.waitingRow} style={{ paddingLeft: Math.min(row, 5) * 14 }}>
              <Skeleton height={10} width="26%" radius="sm" />
              <Skeleton height={10} width={`${Math.max(8, 48 - row * 6)}%`} ml={row * 16} radius="sm" />
            </div>
          ))}
        </div>
      )}
    </Page>
  )
}

const VIEWS = ['waterfall', 'graph', 'compare'] as const
type View = (typeof VIEWS)[number]

const loading = () => <div className={classes.waiting} />
// most open a trace for its waterfall
const TraceGraph = dynamic(() => import('./views/TraceGraph').then((file) => file.TraceGraph), { loading })
const TraceCompare = dynamic(() => import('./views/TraceCompare').then((file) => file.TraceCompare), {
  loading,
})

function Loaded({ answer, above, scope }: { answer: TraceAnswer; above: ReactNode; scope: Scope }) {
  const { trace } = answer
  const waterfall = useMemo(() => waterfallOf(trace), [trace])
  const { params, set } = useUrlParams()
  const beside = params.get('beside')
  const view: View =
    beside === null ? (VIEWS.find((one) => one === params.get('view')) ?? 'waterfall') : 'compare'
  const summary = useMemo(() => summarize(trace), [trace])
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const warnings: Notice[] = [...trace.warnings, ...waterfall.warnings].map((message) => ({
    code: 'trace-warning',
    message: `${message}.`,
  }))
  const collapse = (key: string, isCollapsed: boolean) =>
    setCollapsed((old) => {
      const next = new Set(old)
      if (isCollapsed) next.add(key)
      else next.delete(key)
      return next
    })
  const parents = waterfall.rows.filter((row) => row.descendants > 0 && row.depth > 0)
  const facts: [string, string][] = [
    ['Duration', formatDuration(trace.durationMs)],
    ['Began', `${formatDate(trace.startMs, { timeZone: zone })} ${zone}`],
    ['Spans', String(trace.spans.length)],
    ['Services', String(summary.services.length)],
    ['Depth', String(waterfall.depth + 1)],
  ]
  return (
    <Page
      title={summary.rootOperation || 'Trace'}
      above={above}
      beside={
        <>
          <span className={plain.quiet}>{summary.rootService}</span>
          {waterfall.errors > 0 ? (
            <span className={classes.errors}>
              <IconAlertTriangleFilled size={13} aria-hidden />
              {waterfall.errors === 1 ? '1 span failed' : `${waterfall.errors} spans failed`}
            </span>
          ) : null}
          <CopyButton text={trace.id} label="Copy the trace id" />
        </>
      }
      tools={
        <>
          <SegmentedControl
            size="xs"
            aria-label="How the trace is shown"
            data={[
              { value: 'waterfall', label: 'Waterfall' },
              { value: 'graph', label: 'Graph' },
              { value: 'compare', label: 'Compare' },
            ]}
            value={view}
            onChange={(value) =>
              set({
                view: value === 'waterfall' ? null : value,
                ...(value === 'compare' ? {} : { beside: null }),
              })
            }
          />
          <GraphLink trace={trace} scope={scope} />
          {parents.length > 0 && view === 'waterfall' ? (
            <button
              type="button"
              className={classes.tool}
              onClick={() =>
                setCollapsed(collapsed.size > 0 ? new Set() : new Set(parents.map((row) => row.key)))
              }
            >
              {collapsed.size > 0 ? 'Expand all' : 'Collapse all'}
            </button>
          ) : null}
        </>
      }
    >
      <div className={classes.facts}>
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
        </dl>
        <CriticalShares shares={waterfall.shares} />
      </div>
      <div className={classes.told}>
        <Notices notices={[...answer.notices, ...warnings]} />
      </div>
      {waterfall.rows.length === 0 ? (
        <Message icon={<IconMapSearch size={24} />} title="This trace holds no spans">
          The tracing store knows its id and nothing else of it.
        </Message>
      ) : view === 'graph' ? (
        <TraceGraph trace={trace} scope={scope} />
      ) : view === 'compare' ? (
        <TraceCompare trace={trace} beside={beside} onBeside={(id) => set({ beside: id })} />
      ) : (
        <TraceWaterfall
          rows={waterfall.rows}
          traceId={trace.id}
          startMs={trace.startMs}
          durationMs={trace.durationMs}
          collapsed={collapsed}
          onCollapse={collapse}
          scope={scope}
        />
      )}
    </Page>
  )
}

/** Apart, since the present moves it every second. */
function GraphLink({ trace, scope }: { trace: Trace; scope: Scope }) {
  const now = useNow()
  const places = useMemo(() => placesOf(trace), [trace])
  return (
    <Link href={pagePaths.graph(graphViewOf(places, scope, now))} prefetch={false} className={classes.tool}>
      <IconAffiliate size={15} aria-hidden />
      Show on the graph
    </Link>
  )
}

const NAMED_SHARES = 4

/** Which services the trace waited for. */
function CriticalShares({ shares }: { shares: { service: string; ms: number; ratio: number }[] }) {
  if (shares.length === 0) return null
  return (
    <div className={classes.critical}>
      <span className={classes.key} aria-hidden />
      <span className={plain.quiet}>Critical path</span>
      <ol>
        {shares.slice(0, NAMED_SHARES).map((share) => (
          <li key={share.service}>
            {share.service} <b className="num">{formatRatio(share.ratio)}</b>
          </li>
        ))}
        {shares.length > NAMED_SHARES ? <li>{shares.length - NAMED_SHARES} more</li> : null}
      </ol>
    </div>
  )
}
