'use client'

import { useMemo } from 'react'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { FoundTraces } from '@/components/traces/search/FoundTraces'
import { TraceFilters } from '@/components/traces/search/TraceFilters'
import {
  narrowingOf,
  parseTraceSearch,
  withTraceSearch,
  type TraceSearch,
} from '@/components/traces/search/trace-search'
import classes from '../Details.module.css'
import type { TabProps } from '../tabs'
import { traceWindow } from '../windows'

/** Traces it took part in: searched, set against its usual latency, listed. */
export default function TracesTab({ detail, scope }: TabProps) {
  const { params, set } = useUrlParams()
  const search = useMemo(() => parseTraceSearch(new URLSearchParams(params)), [params])
  const whose = { node: detail.item.id }
  const change = (patch: Partial<TraceSearch>) => {
    const after = withTraceSearch(new URLSearchParams(), patch)
    set(Object.fromEntries(Object.keys(patch).map((key) => [key, after.get(key)])))
  }
  return (
    <div className={classes.card}>
      <TraceFilters key={whose.node} of={whose} search={search} onChange={change} isPart />
      <FoundTraces
        // remade for another node: its old traces must not stand under a new name
        key={`traces of ${whose.node}`}
        filter={{
          ...whose,
          ...narrowingOf(search),
          window: traceWindow(scope.window ?? '2m'),
          at: scope.at ?? null,
        }}
      />
    </div>
  )
}
