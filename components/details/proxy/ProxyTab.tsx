'use client'

import { SegmentedControl, TextInput } from '@mantine/core'
import { IconLock, IconPlugOff, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { DataTable } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import { queries } from '@/lib/api/queries'
import type { ProxyAnswer } from '@/lib/api/schemas/telemetry/proxy'
import { ABSENT } from '@/lib/units/number'
import { PodSelect } from '../logs/PodSelect'
import { TabSkeleton } from '../TabSkeleton'
import type { TabProps } from '../tabs'
import { clusterColumns, ENDPOINT_COLUMNS, LISTENER_COLUMNS, ROUTE_COLUMNS } from './proxy-columns'
import { LogLevel } from './LogLevel'
import classes from './Proxy.module.css'
import { ProxyDumpView } from './ProxyDumpView'
import { ProxyStatsView } from './ProxyStatsView'
import { Secrets } from './Secrets'
import { ServerFacts } from './ServerFacts'
import { SyncState } from './SyncState'

const PARTS = ['clusters', 'listeners', 'routes', 'endpoints', 'secrets', 'stats', 'dump'] as const
type Part = (typeof PARTS)[number]

/** The Envoy of one of its pods: what it does, and whether that is what istiod wants. */
export default function ProxyTab({ detail }: TabProps) {
  const { params, set } = useUrlParams()
  const part: Part = PARTS.find((one) => one === params.get('part')) ?? 'clusters'
  const pod = params.get('pod')
  const find = params.get('find') ?? ''
  const node = detail.item.id
  const answer = useQuery({
    ...queries.proxy({ node, ...(pod === null ? {} : { pod }) }),
    refetchInterval: useRefreshInterval(),
  })
  const { data } = answer
  if (!data) {
    return answer.error ? (
      <Failure error={answer.error} title="The proxy cannot be shown" onRetry={() => void answer.refetch()} />
    ) : (
      <TabSkeleton isWide />
    )
  }
  if (data.pods === null) {
    return (
      <Message icon={<IconPlugOff size={24} />} title="No proxies without the Kubernetes API">
        Proxies are reached through the Kubernetes API. {data.notices[0]?.message}
      </Message>
    )
  }
  if (data.pod === null) {
    return (
      <Message icon={<IconPlugOff size={24} />} title="No Envoy here">
        None of its pods has a sidecar, and none is a gateway or waypoint.
      </Message>
    )
  }
  if (data.missingRight && data.clusters.length === 0) return <Missing right={data.missingRight} />
  return (
    <div className={classes.tab}>
      <div className={classes.head}>
        <PodSelect
          pods={data.pods}
          value={data.pod}
          onChange={(chosen) => set({ pod: chosen })}
          width={270}
        />
        <ServerFacts server={data.server} />
        <LogLevel node={node} pod={data.pod} levels={data.logLevels} onSet={() => void answer.refetch()} />
      </div>
      <SyncState answer={data} />
      <Notices notices={data.notices} />
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          aria-label="Part of the configuration"
          data={partChoices(data)}
          value={part}
          onChange={(value) => set({ part: value === 'clusters' ? null : value, find: null })}
        />
        {part === 'secrets' || part === 'dump' ? null : (
          <Find key={`${part} ${find}`} value={find} onFind={(text) => set({ find: text }, 'replace')} />
        )}
      </div>
      <div className={classes.frame}>
        <PartView
          part={part}
          answer={data}
          node={node}
          find={find}
          onEndpoints={(cluster) => set({ part: 'endpoints', find: cluster })}
        />
      </div>
    </div>
  )
}

function PartView({
  part,
  answer,
  node,
  find,
  onEndpoints,
}: {
  part: Part
  answer: ProxyAnswer
  node: string
  find: string
  onEndpoints: (cluster: string) => void
}) {
  const pod = answer.pod ?? ''
  const unread: readonly Part[] = answer.unread
  if (unread.includes(part)) return <p className={plain.note}>Not known: the proxy could not be asked.</p>
  switch (part) {
    case 'clusters':
      return (
        <DataTable
          label="Clusters"
          rows={matching(answer.clusters, find, (row) => [row.name])}
          columns={clusterColumns(onEndpoints)}
          keyOf={(row) => `${row.origin} ${row.name}`}
          initialSort={{ column: 'host', isDescending: false }}
          filter={find}
        />
      )
    case 'listeners':
      return (
        <DataTable
          label="Listeners"
          rows={matching(answer.listeners, find, (row) => [
            row.name,
            row.address,
            ...row.chains.map((one) => one.action),
          ])}
          columns={LISTENER_COLUMNS}
          keyOf={(row) => row.name}
          // what was refused stands first
          initialSort={{
            column: answer.listeners.some((row) => row.error !== null) ? 'state' : 'name',
            isDescending: false,
          }}
          filter={find}
        />
      )
    case 'routes': {
      // Envoy takes the first that matches: their order within a host says something
      const rows = answer.routes.map((row, order) => ({ ...row, order }))
      return (
        <DataTable
          label="Routes"
          rows={matching(rows, find, (row) => [row.config, row.match, row.action, ...row.domains])}
          columns={ROUTE_COLUMNS}
          keyOf={(row) => String((row as (typeof rows)[number]).order)}
          initialSort={{ column: 'config', isDescending: false }}
          filter={find}
        />
      )
    }
    case 'endpoints':
      return (
        <DataTable
          label="Endpoints"
          rows={matching(answer.endpoints, find, (row) => [row.cluster, row.address, row.reason])}
          columns={ENDPOINT_COLUMNS}
          keyOf={(row) => `${row.cluster} ${row.address}`}
          initialSort={{ column: 'health', isDescending: false }}
          filter={find}
        />
      )
    case 'secrets':
      return <Secrets secrets={answer.secrets} />
    case 'stats':
      return <ProxyStatsView node={node} pod={pod} find={find} />
    case 'dump':
      return <ProxyDumpView node={node} pod={pod} />
  }
}

function partChoices(answer: ProxyAnswer): { value: Part; label: string }[] {
  const unread: readonly Part[] = answer.unread
  const of = (value: Part, title: string, rows?: readonly unknown[]) => ({
    value,
    label: rows ? `${title} ${unread.includes(value) ? ABSENT : rows.length}` : title,
  })
  return [
    of('clusters', 'Clusters', answer.clusters),
    of('listeners', 'Listeners', answer.listeners),
    of('routes', 'Routes', answer.routes),
    of('endpoints', 'Endpoints', answer.endpoints),
    of('secrets', 'Secrets', answer.secrets),
    of('stats', 'Stats'),
    of('dump', 'Dump'),
  ]
}

function matching<T>(rows: readonly T[], find: string, textsOf: (row: T) => (string | null)[]): T[] {
  const wanted = find.trim().toLowerCase()
  if (wanted === '') return [...rows]
  return rows.filter((row) => textsOf(row).some((one) => one?.toLowerCase().includes(wanted)))
}

function Find({ value, onFind }: { value: string; onFind: (text: string) => void }) {
  const [text, setText] = useState(value)
  return (
    <TextInput
      size="xs"
      w={260}
      aria-label="Find in this part"
      placeholder="Find a host, port or name"
      leftSection={<IconSearch size={14} aria-hidden />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => text !== value && onFind(text)}
      onKeyDown={(event) => event.key === 'Enter' && onFind(text)}
    />
  )
}

function Missing({ right }: { right: NonNullable<ProxyAnswer['missingRight']> }) {
  return (
    <Message icon={<IconLock size={24} />} title="You may not reach this proxy">
      Envoy’s administration listens inside the pod only. Heddle reaches it by a port-forward, and the account
      lacks the right to <b>{right.verb}</b> <b>{right.resource}</b> in namespace {right.namespace} (the API
      server asks for <b>get</b> on it as well). A Role with both, bound to the account, gives it.
    </Message>
  )
}
