import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'

export interface NavigationItem {
  name: string
  path: string
  href: (scope: Scope) => string
}

/** The pages one can go to, in the order of the menu; only pages that exist. */
export const NAVIGATION: readonly NavigationItem[] = [
  { name: 'Overview', path: '/overview', href: (scope) => pagePaths.overview(scope) },
  { name: 'Graph', path: '/graph', href: (scope) => pagePaths.graph(scope) },
  { name: 'Workloads', path: '/workloads', href: (scope) => pagePaths.items('workloads', scope) },
  { name: 'Services', path: '/services', href: (scope) => pagePaths.items('services', scope) },
  { name: 'Applications', path: '/apps', href: (scope) => pagePaths.items('apps', scope) },
  { name: 'Namespaces', path: '/namespaces', href: (scope) => pagePaths.namespaces(scope) },
  { name: 'Traffic shifting', path: '/traffic-shifting', href: (scope) => pagePaths.splits(scope) },
  { name: 'Mutual TLS', path: '/mutual-tls', href: (scope) => pagePaths.mtls(scope) },
  { name: 'Configuration', path: '/config', href: (scope) => pagePaths.config(scope) },
  { name: 'Checks', path: '/checks', href: () => pagePaths.checks() },
  {
    name: 'Traces',
    path: '/traces',
    href: ({ window, at }) =>
      pagePaths.traces({ ...(window ? { window } : {}), ...(at == null ? {} : { at }) }),
  },
  { name: 'Alerts', path: '/alerts', href: (scope) => pagePaths.alerts(scope) },
  {
    name: 'Changes',
    path: '/changes',
    href: (scope) => pagePaths.changes(scope),
  },
  { name: 'Mesh', path: '/mesh', href: (scope) => pagePaths.mesh(scope) },
]
