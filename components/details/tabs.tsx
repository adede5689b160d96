import dynamic from 'next/dynamic'
import type { ComponentType } from 'react'
import type { ItemKind, Scope } from '@/lib/api/paths'
import type { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import { TabSkeleton } from './TabSkeleton'

/** What every tab of a detail page is given; it asks for the rest itself. */
export interface TabProps {
  detail: ItemDetail
  kind: ItemKind
  scope: Scope
}

export interface DetailTab {
  /** value of `?tab=` */
  id: string
  title: string
  /** of these kinds of things; absent: of all */
  kinds?: readonly ItemKind[]
  /** nothing stands beside its content */
  isWide?: boolean
  Panel: ComponentType<TabProps>
}

const loading = () => <TabSkeleton />
const loadingWide = () => <TabSkeleton isWide />

/**
 * Tabs of the pages of workloads, services and applications, in their order. One more tab is one more entry: each
 * loads its code when it is first opened.
 */
export const DETAIL_TABS: readonly DetailTab[] = [
  { id: 'overview', title: 'Overview', Panel: dynamic(() => import('./overview/OverviewTab'), { loading }) },
  {
    id: 'traffic',
    isWide: true,
    title: 'Traffic',
    Panel: dynamic(() => import('./traffic/TrafficTab'), { loading: loadingWide }),
  },
  {
    id: 'metrics',
    isWide: true,
    title: 'Metrics',
    Panel: dynamic(() => import('./metrics/MetricsTab'), { loading: loadingWide }),
  },
  {
    id: 'traces',
    isWide: true,
    title: 'Traces',
    Panel: dynamic(() => import('./traces/TracesTab'), { loading: loadingWide }),
  },
  {
    id: 'logs',
    isWide: true,
    title: 'Logs',
    Panel: dynamic(() => import('./logs/LogsTab'), { loading: loadingWide }),
  },
  {
    id: 'proxy',
    isWide: true,
    title: 'Proxy',
    Panel: dynamic(() => import('./proxy/ProxyTab'), { loading: loadingWide }),
  },
  { id: 'config', title: 'Configuration', Panel: dynamic(() => import('./config/ConfigTab'), { loading }) },
]

/** The tab an address asks for; the first where it asks for none, or for one that this kind does not have. */
export function tabOf<T extends Pick<DetailTab, 'id'>>(
  tabs: readonly T[],
  asked: string | null,
): T | undefined {
  return tabs.find((tab) => tab.id === asked) ?? tabs[0]
}

export function tabsFor(kind: ItemKind): DetailTab[] {
  return DETAIL_TABS.filter((tab) => tab.kinds?.includes(kind) ?? true)
}
