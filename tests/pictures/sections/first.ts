/** What is wrong, and where: the pages one opens first. */
import type { Section } from '../view'

const REVIEWS_V3 = 'east/bookinfo/workload/reviews-v3'

export const FIRST: readonly Section[] = [
  {
    title: 'What is wrong',
    says: 'The first page: where it begins, who is hurt, since when, and what changed just before.',
    views: [
      {
        name: 'overview',
        title: 'Overview with an incident',
        says: 'A bad canary: suspected origin, the evidence, the change before it, and the mesh at a glance.',
        path: '/overview',
        isShownDark: true,
      },
      {
        name: 'overview-calm',
        title: 'Overview when all is well',
        says: 'Nothing glows.',
        path: '/overview',
        world: 'healthy',
      },
    ],
  },
  {
    title: 'The graph',
    says: 'Every node with its health, every edge with its traffic, at any moment that Prometheus keeps.',
    views: [
      {
        name: 'graph',
        title: 'The mesh',
        says: 'Colour is health, width is traffic; the panel sums up what is in view.',
        path: '/graph',
        isShownDark: true,
      },
      {
        name: 'graph-node',
        title: 'A node',
        says: 'What is selected stays with its callers and what it calls; its figures, reasons and ways on are beside it.',
        path: `/graph?namespaces=bookinfo&selected=${REVIEWS_V3}`,
        isShownDark: true,
      },
      {
        name: 'graph-services',
        title: 'By service',
        says: 'The same traffic between services, applications, versions or workloads.',
        path: '/graph?graphType=service&namespaces=boutique',
      },
      {
        name: 'graph-table',
        title: 'As a table',
        says: 'The same nodes and edges to sort, search and read aloud.',
        path: '/graph?as=table',
      },
      {
        name: 'graph-trace',
        title: 'A trace on the graph',
        says: 'Where one request went, over what the mesh does on the whole.',
        path: ({ trace }) => `/graph?namespaces=bookinfo&window=5m&trace=${trace}`,
      },
      {
        name: 'graph-1000-services',
        title: '1,000 services',
        says: 'Laid out by namespace; labels come as one zooms in.',
        path: '/graph',
        world: 'thousand',
      },
      {
        name: 'graph-prometheus-down',
        title: 'Prometheus is down',
        says: 'The last figures stay, and say how old they are.',
        path: '/graph',
        world: 'prometheus-down',
      },
    ],
  },
  {
    title: 'Alerts and objectives',
    says: 'What fires and who is told; what is left of each budget.',
    views: [
      {
        name: 'alerts',
        title: 'Alerts',
        says: "Prometheus's alerts with what Alertmanager makes of them, and silences.",
        path: '/alerts',
        isShownDark: true,
      },
      {
        name: 'objectives',
        title: 'Objectives',
        says: 'Error budgets of services, how fast they burn and when they are gone.',
        path: '/slos',
      },
      {
        name: 'objective',
        title: 'One objective',
        says: 'How fast its budget burns over each window, and what that means.',
        path: '/slos',
        act: (page) =>
          page
            .getByRole('row')
            .getByRole('button', { name: /^(Failing|Degraded|Healthy)/ })
            .first()
            .click(),
      },
      {
        name: 'notifications',
        title: 'Notifications',
        says: 'What happened while one looked elsewhere.',
        path: '/mesh',
        act: async (page) => {
          await page.getByRole('button', { name: /^Notifications/ }).click()
          await page.getByRole('dialog', { name: 'Notifications' }).waitFor()
        },
      },
    ],
  },
]
