import type { Scope } from '@/lib/api/paths'

/** Tabs of the page of a namespace: those of workloads, services and applications. */
export const NAMESPACE_TABS = [
  { id: 'overview', title: 'Overview' },
  { id: 'traffic', title: 'Traffic' },
  { id: 'metrics', title: 'Metrics' },
  { id: 'traces', title: 'Traces' },
  { id: 'logs', title: 'Logs' },
  { id: 'proxy', title: 'Proxy' },
  { id: 'config', title: 'Configuration' },
] as const

/** What a tab is given that asks for what lies in a namespace; it asks for the rest itself. */
export interface NamespaceTabProps {
  cluster: string
  namespace: string
  scope: Scope
}
