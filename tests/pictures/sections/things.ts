/** Lists, and the pages of single things with all their tabs. */
import type { Section, View } from '../view'

const WORKLOAD = '/workloads/east/bookinfo/productpage-v1'
const SERVICE = '/services/east/bookinfo/reviews'
const APP = '/apps/east/bookinfo/reviews'

const tab = (of: string, id: string, view: Pick<View, 'title' | 'says'> & Partial<View>): View => ({
  name: `${of === WORKLOAD ? 'workload' : of === SERVICE ? 'service' : 'app'}-${id}`,
  path: id === 'overview' ? of : `${of}?tab=${id}${id === 'logs' ? '&follow=off' : ''}`,
  ...view,
})

export const THINGS: readonly Section[] = [
  {
    title: 'Lists',
    says: 'Worst first; columns, order and filter are kept in the address.',
    views: [
      {
        name: 'workloads',
        title: 'Workloads',
        says: 'Health with its reason, traffic, latency, replicas, mutual TLS and findings.',
        path: '/workloads',
        isShownDark: true,
      },
      {
        name: 'services',
        title: 'Services',
        says: 'The same for what is asked for by name.',
        path: '/services',
      },
      { name: 'apps', title: 'Applications', says: 'The same, all versions together.', path: '/apps' },
      {
        name: 'namespaces',
        title: 'Namespaces',
        says: 'What is in each, and what is wrong there.',
        path: '/namespaces',
      },
      {
        name: 'namespace',
        title: 'One namespace',
        says: 'Its figures, what is wrong, its workloads and services, what changed.',
        path: '/namespaces/east/bookinfo',
      },
      {
        name: 'namespace-traffic',
        title: 'Traffic of a namespace',
        says: 'What crosses its border: who calls in, and whom it calls.',
        path: '/namespaces/east/bookinfo?tab=traffic',
      },
      {
        name: 'namespace-metrics',
        title: 'Metrics of a namespace',
        says: 'What its workloads are asked, all together.',
        path: '/namespaces/east/bookinfo?tab=metrics',
      },
      {
        name: 'namespace-traces',
        title: 'Traces of a namespace',
        says: 'Those its services took part in, and which of them did; the busiest services where there are many.',
        path: '/namespaces/east/bookinfo?tab=traces',
      },
      {
        name: 'namespace-logs',
        title: 'Logs of a namespace',
        says: 'Of a workload, a pod, or of all as far as they can be read at once, by time.',
        path: '/namespaces/east/bookinfo?tab=logs&follow=off',
      },
      {
        name: 'namespace-proxy',
        title: 'Proxies of a namespace',
        says: 'Version of each, whether it runs what istiod sent last, and when its certificate ends.',
        path: '/namespaces/east/bookinfo?tab=proxy',
      },
      {
        name: 'namespace-config',
        title: 'Configuration of a namespace',
        says: 'The objects that lie in it, and what the checks say of each.',
        path: '/namespaces/east/bookinfo?tab=config',
      },
    ],
  },
  {
    title: 'A workload',
    says: 'Everything known of one Deployment, StatefulSet or Job.',
    views: [
      tab(WORKLOAD, 'overview', {
        title: 'Overview',
        says: 'Health with reasons and limits, pods and their proxies, neighbours, what changed.',
        isShownDark: true,
      }),
      tab(WORKLOAD, 'traffic', {
        title: 'Traffic',
        says: 'In and out by peer, protocol, code and flag, each flag in words.',
      }),
      tab(WORKLOAD, 'metrics', {
        title: 'Metrics',
        says: 'Requests, errors, duration and sizes with marks of what changed; the PromQL behind each chart.',
        isShownDark: true,
      }),
      tab(WORKLOAD, 'traces', {
        title: 'Traces',
        says: 'Its requests by time and duration, beside what is usual here.',
      }),
      tab(WORKLOAD, 'logs', {
        title: 'Logs',
        says: 'Application and proxy together, access-log lines read, spans between them.',
        isShownDark: true,
      }),
      tab(WORKLOAD, 'proxy', {
        title: 'Proxy',
        says: "Envoy's clusters, listeners, routes and endpoints, and whether istiod agrees.",
      }),
      tab(WORKLOAD, 'config', {
        title: 'Configuration',
        says: 'The objects that apply to it, and what happens to a request in order.',
      }),
    ],
  },
  {
    title: 'A service',
    says: 'What is asked for by name, whoever answers.',
    views: [
      tab(SERVICE, 'overview', { title: 'Overview', says: 'Its health, objective, versions and callers.' }),
      tab(SERVICE, 'traffic', { title: 'Traffic', says: 'Who asks, and who answers.' }),
      tab(SERVICE, 'metrics', { title: 'Metrics', says: 'By version, peer, code or pod.' }),
      tab(SERVICE, 'traces', { title: 'Traces', says: 'Requests that reached it.' }),
      tab(SERVICE, 'logs', { title: 'Logs', says: 'Of all pods behind it.' }),
      tab(SERVICE, 'proxy', { title: 'Proxy', says: 'Of the pods behind it.' }),
      tab(SERVICE, 'config', {
        title: 'Configuration',
        says: 'The effective routing in words: which rule takes which request, and where it goes.',
      }),
    ],
  },
  {
    title: 'An application',
    says: 'All versions together.',
    views: [
      tab(APP, 'overview', { title: 'Overview', says: 'Its versions side by side.' }),
      tab(APP, 'traffic', { title: 'Traffic', says: 'By peer and version.' }),
      tab(APP, 'metrics', { title: 'Metrics', says: 'Merged from the buckets of all versions.' }),
      tab(APP, 'traces', { title: 'Traces', says: 'Of all versions.' }),
      tab(APP, 'logs', { title: 'Logs', says: 'Of all its pods.' }),
      tab(APP, 'proxy', { title: 'Proxy', says: 'Of one of its pods.' }),
      tab(APP, 'config', { title: 'Configuration', says: 'What steers it.' }),
    ],
  },
  {
    title: 'Traces',
    says: 'From the plot to the span, the log of that time and a faster one beside it.',
    views: [
      {
        name: 'traces',
        title: 'Search',
        says: 'By operation, tags, duration and status; the plot leads to the slow ones.',
        path: '/traces?node=east/bookinfo/workload/productpage-v1&window=1h',
        isShownDark: true,
      },
      {
        name: 'trace',
        title: 'Waterfall',
        says: 'Where the time went: critical path, errors, tags and logs of each span.',
        path: ({ trace }) => `/traces/${trace}`,
        isShownDark: true,
      },
      {
        name: 'trace-graph',
        title: 'As a graph',
        says: 'The same request by workload.',
        path: ({ trace }) => `/traces/${trace}?view=graph`,
      },
      {
        name: 'trace-compare',
        title: 'Two compared',
        says: 'Step by step: what took longer, and what only one did.',
        path: ({ trace, otherTrace }) => `/traces/${trace}?beside=${otherTrace}`,
      },
    ],
  },
]
