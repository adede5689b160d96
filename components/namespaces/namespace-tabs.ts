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
