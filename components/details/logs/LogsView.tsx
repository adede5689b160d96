'use client'

import { Skeleton } from '@mantine/core'
import { IconFileText, IconLock } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import type { LogFilter, Scope, Subject } from '@/lib/api/paths'
import type { LogAnswer } from '@/lib/api/schemas/telemetry/logs'
import { parseWindow } from '@/lib/units/window'
import { LogList } from './LogList'
import { LogToolbar } from './LogToolbar'
import classes from './Logs.module.css'
import { rowsOf } from './log-rows'
import { isWantedContainer, logPatch, parseLogView, proxiesOf, type LogView } from './log-view'
import { useLogs } from './use-logs'

/**
 * What the containers of a node or namespace wrote: application and proxy, with the spans of the same time between the
 * lines.
 */
export function LogsView({ subject, scope }: { subject: Subject; scope: Scope }) {
  const { params, set } = useUrlParams()
  const view = useMemo(() => parseLogView(params), [params])
  const at = scope.at ?? null
  const filter: LogFilter = {
    subject,
    ...(view.workload === null || 'node' in subject ? {} : { workloads: [view.workload] }),
    ...(view.pod === null ? {} : { pods: [view.pod] }),
    ...(view.container === null ? {} : { containers: [view.container] }),
    lines: view.lines,
    spans: true,
    previous: view.isPrevious,
    at,
    since: at === null ? null : at - (parseWindow(scope.window ?? '2m') ?? 120) * 1000,
  }
  const answer = useLogs(filter, view.isFollowing && !view.isPrevious)
  const { data } = answer
  const change = (patch: Partial<LogView>) => set(logPatch(patch), 'replace')
  const rows = useMemo(() => (data ? shownRows(data, view) : []), [data, view])
  if (!data) {
    if (answer.error) {
      return (
        <Failure error={answer.error} title="The logs cannot be read" onRetry={() => void answer.refetch()} />
      )
    }
    return (
      <div className={classes.tab} role="status" aria-label="Loading" aria-busy>
        <div className={classes.toolbarRoom} />
        <div className={classes.frame}>
          <div className={classes.waiting}>
            {Array.from({ length: 14 }, (_, row) => (
              <Skeleton key={row} height={9} width={`${88 - (row % 5) * 11}%`} radius="sm" />
            ))}
          </div>
        </div>
      </div>
    )
  }
  if (data.pods === null) {
    return (
      <Message icon={<IconFileText size={24} />} title="No logs without the Kubernetes API">
        Logs are read from the Kubernetes API. {data.notices[0]?.message}
      </Message>
    )
  }
  if (data.missingRight && data.lines.length === 0) {
    const { verb, resource, namespace } = data.missingRight
    return (
      <Message icon={<IconLock size={24} />} title="You may not read these logs">
        The account lacks the right to <b>{verb}</b> <b>{resource}</b> in namespace {namespace}. A Role with
        this verb and resource, bound to the account, gives it.
      </Message>
    )
  }
  if (data.pods.length === 0) {
    return (
      <Message icon={<IconFileText size={24} />} title="No pods, no logs">
        Kubernetes knows no pods {'node' in subject ? 'of it' : 'here'} at this moment.
      </Message>
    )
  }
  return (
    <div className={classes.tab}>
      <LogToolbar
        view={view}
        answer={data}
        isOfNamespace={!('node' in subject)}
        isLive={at === null}
        isReading={answer.isFetching}
        onChange={change}
        onRead={() => void answer.refetch()}
      />
      {answer.isRefetchError ? (
        <Notices notices={[{ code: 'stale', message: `These lines are old: ${answer.error.message}` }]} />
      ) : null}
      <Notices notices={data.notices} />
      <LogList
        rows={rows}
        answer={data}
        scope={scope}
        view={view}
        isLive={at === null}
        isFollowing={at === null && view.isFollowing && !view.isPrevious}
      />
    </div>
  )
}

function shownRows(data: LogAnswer, view: LogView) {
  const proxies = proxiesOf(data)
  const lines = data.lines.filter((line) => isWantedContainer(view.source, proxies.has(line.container)))
  // spans of longer ago than the oldest line would stand alone at the top
  const from = data.lines[0]?.atMs ?? 0
  const spans = view.hasSpans ? (data.spans ?? []).filter((span) => span.atMs >= from) : []
  return rowsOf(lines, spans, view)
}
