'use client'

import { IconRouteOff, IconTimelineEvent } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { usePathname, useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { traceWindow } from '@/components/details/windows'
import { useStatus } from '@/components/hooks/use-status'
import { useView } from '@/components/hooks/address/use-view'
import { Message } from '@/components/ui/messages/Message'
import { Page } from '@/components/ui/Page'
import type { TraceFilter } from '@/lib/api/paths'
import { NodePicker } from './NodePicker'
import type { TraceSearch } from './trace-search'
import { narrowingOf, parseTraceSearch, withTraceSearch } from './trace-search'
import { TraceFilters } from './TraceFilters'
import classes from './TraceSearchPage.module.css'
import { TracesToCome } from './TracesToCome'

// the plot and the table are not needed to choose whose traces are wanted
const FoundTraces = dynamic(() => import('./FoundTraces').then((file) => file.FoundTraces), {
  ssr: false,
  loading: () => <TracesToCome className={classes.list} />,
})

/** Traces of one node or service, narrowed by duration and errors. */
export function TraceSearchPage() {
  const [view] = useView()
  const params = useSearchParams()
  const pathname = usePathname()
  const search = useMemo(() => parseTraceSearch(new URLSearchParams(params)), [params])
  const set = (patch: Partial<TraceSearch>) => {
    const query = withTraceSearch(new URLSearchParams(window.location.search), patch).toString()
    const text = query.replaceAll('%2F', '/')
    window.history.pushState(null, '', text === '' ? pathname : `${pathname}?${text}`)
  }
  const filter: TraceFilter = {
    ...(search.node === null ? {} : { node: search.node }),
    ...(search.service === null ? {} : { service: search.service }),
    ...narrowingOf(search),
    window: traceWindow(view.window),
    at: view.at,
  }
  const hasStore = useStatus().data?.upstreams.some(
    ({ name, configured }) => configured && (name === 'jaeger' || name === 'tempo'),
  )
  const isAsked = search.node !== null || search.service !== null
  return (
    <Page
      title="Traces"
      tools={
        <>
          <NodePicker
            key={search.node ?? search.service ?? ''}
            node={search.node}
            service={search.service}
            scope={{ window: view.window, at: view.at }}
            onNode={(node) => set({ node, service: null })}
            onService={(service) => set({ service, node: null })}
          />
        </>
      }
    >
      {isAsked ? (
        <>
          <TraceFilters
            key={search.node ?? search.service}
            of={search.node !== null ? { node: search.node } : { service: search.service ?? '' }}
            search={search}
            onChange={set}
          />
          <FoundTraces filter={filter} isPage />
        </>
      ) : hasStore === false ? (
        <Message icon={<IconRouteOff size={24} />} title="No tracing store">
          No tracing store is configured: set JAEGER_URL or TEMPO_URL to see traces.
        </Message>
      ) : (
        <Message icon={<IconTimelineEvent size={24} />} title="Whose traces?">
          Choose a workload, a service or an application above. Names as only the tracing store has them can
          be typed too.
        </Message>
      )}
    </Page>
  )
}
