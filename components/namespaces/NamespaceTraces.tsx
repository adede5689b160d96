'use client'

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { traceWindow } from '@/components/details/windows'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import card from '@/components/ui/Card.module.css'
import { FoundTraces } from '@/components/traces/search/FoundTraces'
import { TraceFilters } from '@/components/traces/search/TraceFilters'
import {
  narrowingOf,
  parseTraceSearch,
  withTraceSearch,
  type TraceSearch,
} from '@/components/traces/search/trace-search'
import type { Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { parseNodeId } from '@/lib/mesh/identity'
import type { NamespaceTabProps } from './namespace-tabs'

/** Traces that its services took part in, all together or those of one application. */
export default function NamespaceTraces({ cluster, namespace, scope }: NamespaceTabProps) {
  const { params, set } = useUrlParams()
  const search = useMemo(() => parseTraceSearch(new URLSearchParams(params)), [params])
  const ref = search.node === null ? undefined : parseNodeId(search.node)
  const app = ref?.cluster === cluster && ref.namespace === namespace ? search.node : null
  const whose = app === null ? { cluster, namespace } : { node: app }
  const change = (patch: Partial<TraceSearch>) => {
    const after = withTraceSearch(new URLSearchParams(), patch)
    set(Object.fromEntries(Object.keys(patch).map((key) => [key, after.get(key)])))
  }
  return (
    <div className={card.card}>
      <TraceFilters key={app} of={whose} search={search} onChange={change} isPart>
        <ApplicationPicker value={app} scope={scope} onChange={(node) => change({ node, operation: null })} />
      </TraceFilters>
      <FoundTraces
        key={app}
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

function ApplicationPicker({
  value,
  scope,
  onChange,
}: {
  value: string | null
  scope: Scope
  onChange: (node: string | null) => void
}) {
  const items = useQuery(queries.items('apps', scope)).data?.items ?? []
  const known = items.map(({ id, name }) => ({ value: id, label: name }))
  // what the address names stays readable before the list is there
  const chosen =
    value === null || known.some((one) => one.value === value)
      ? []
      : [{ value, label: parseNodeId(value)?.name ?? value }]
  return (
    <Select
      size="xs"
      w={200}
      searchable
      // typing finds the rest
      limit={200}
      clearable
      aria-label="Application"
      placeholder="Every application"
      data={[...chosen, ...known]}
      value={value}
      onChange={onChange}
      nothingFoundMessage="No such application"
    />
  )
}
