import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'

export interface NavigationItem {
  name: string
  path: string
  /** the letter that leads there after `g` */
  key: string
  href: (scope: Scope) => string
}

/** The pages one can go to, in the order of the menu; only pages that exist. */
export const NAVIGATION: readonly NavigationItem[] = [
  { name: 'Overview', path: '/overview', key: 'o', href: (scope) => pagePaths.overview(scope) },
  { name: 'Graph', path: '/graph', key: 'g', href: (scope) => pagePaths.graph(scope) },
  { name: 'Workloads', path: '/workloads', key: 'w', href: (scope) => pagePaths.items('workloads', scope) },
  { name: 'Services', path: '/services', key: 's', href: (scope) => pagePaths.items('services', scope) },
  { name: 'Applications', path: '/apps', key: 'a', href: (scope) => pagePaths.items('apps', scope) },
  { name: 'Namespaces', path: '/namespaces', key: 'n', href: (scope) => pagePaths.namespaces(scope) },
  { name: 'Traffic shifting', path: '/traffic-shifting', key: 'h', href: (scope) => pagePaths.splits(scope) },
  { name: 'Mutual TLS', path: '/mutual-tls', key: 'm', href: (scope) => pagePaths.mtls(scope) },
  { name: 'Configuration', path: '/config', key: 'c', href: (scope) => pagePaths.config(scope) },
  { name: 'Checks', path: '/checks', key: 'k', href: () => pagePaths.checks() },
  {
    name: 'Traces',
    path: '/traces',
    key: 't',
    href: ({ window, at }) =>
      pagePaths.traces({ ...(window ? { window } : {}), ...(at == null ? {} : { at }) }),
  },
  { name: 'Alerts', path: '/alerts', key: 'l', href: (scope) => pagePaths.alerts(scope) },
  { name: 'Objectives', path: '/slos', key: 'b', href: (scope) => pagePaths.slos(scope) },
  {
    name: 'Changes',
    path: '/changes',
    key: 'd',
    href: (scope) => pagePaths.changes(scope),
  },
  { name: 'Mesh', path: '/mesh', key: 'e', href: (scope) => pagePaths.mesh(scope) },
]
