'use client'

import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { DataTable, type Column } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import { queries } from '@/lib/api/queries'
import type { ProxyStats } from '@/lib/api/schemas/telemetry/proxy'
import classes from './Proxy.module.css'

type Stat = ProxyStats['stats'][number]

const COLUMNS: Column<Stat>[] = [
  {
    id: 'name',
    name: 'Name',
    width: 'minmax(300px, 4fr)',
    sortBy: (row) => row.name,
    cell: (row) => (
      <span className={classes.mono} title={row.name}>
        {row.name}
      </span>
    ),
  },
  {
    id: 'value',
    name: 'Value',
    width: 'minmax(160px, 1fr)',
    align: 'right',
    sortBy: (row) => (/^\d+$/.test(row.value) ? Number(row.value) : null),
    cell: (row) => <span title={row.value}>{row.value}</span>,
  },
]

/** Envoy's own counters and gauges; those that were never touched are left out by itself. */
export function ProxyStatsView({ node, pod, find }: { node: string; pod: string; find: string }) {
  const answer = useQuery({
    ...queries.proxyStats({ node, pod, ...(find === '' ? {} : { filter: find }) }),
    placeholderData: keepPreviousData,
  })
  if (!answer.data) {
    return answer.error ? (
      <Failure error={answer.error} title="The stats cannot be read" onRetry={() => void answer.refetch()} />
    ) : (
      <div className={classes.pad}>
        <Skeleton height={12} width="60%" radius="sm" />
      </div>
    )
  }
  const { stats, more } = answer.data
  return (
    <>
      {more > 0 ? <p className={classes.said}>{more} more are not here; find by name to see them.</p> : null}
      <DataTable
        label="Stats"
        rows={stats}
        columns={COLUMNS}
        keyOf={(row) => row.name}
        initialSort={{ column: 'name', isDescending: false }}
        filter={find}
      />
    </>
  )
}
