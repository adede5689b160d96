/** What steers the mesh, and what is said of it. */
import type { Section } from '../view'

const REVIEWS = encodeURIComponent('east/bookinfo/VirtualService/reviews#spec.http[1].route')
const BROKEN = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: details
  namespace: bookinfo
spec:
  hosts:
    - details
  http:
    - route:
        - destination:
            host: nowhere
`

export const CHANGING: readonly Section[] = [
  {
    title: 'Safe changes',
    says: 'Weights, mutual TLS, routing and YAML go one way: preview, dry run, impact, apply, watch, revert.',
    views: [
      {
        name: 'traffic-shifting',
        title: 'Traffic shifting',
        says: 'All weighted routes: what is asked for and what is seen.',
        path: '/traffic-shifting',
        isShownDark: true,
      },
      {
        name: 'split',
        title: 'One split',
        says: 'The new version beside its baseline, with how sure a difference is.',
        path: `/traffic-shifting?split=${REVIEWS}`,
      },
      {
        name: 'review',
        title: 'Review',
        says: 'The difference, the dry run, findings and live traffic hit, before anything happens.',
        path: `/traffic-shifting?split=${REVIEWS}`,
        act: async (page) => {
          await page.getByRole('group', { name: 'Presets' }).getByRole('button', { name: '50 / 50' }).click()
          await page.getByRole('button', { name: 'Review and apply' }).click()
          await page.getByRole('dialog').getByText('Dry run accepted').waitFor()
        },
        isShownDark: true,
      },
      {
        name: 'mutual-tls',
        title: 'Mutual TLS',
        says: 'The mode of every namespace, workload and port, and what telemetry sees.',
        path: '/mutual-tls',
      },
      {
        name: 'mutual-tls-preflight',
        title: 'Pre-flight',
        says: 'Whom STRICT would cut off, with their last request.',
        path: '/mutual-tls?open=east/payments&selected=east/payments&mode=STRICT',
        isShownDark: true,
      },
      {
        name: 'routing',
        title: 'Routing of a service',
        says: 'Matches, destinations, timeouts, retries, faults and mirrors as a form; what it does not know stays.',
        path: '/routing/east/bookinfo/reviews',
      },
      {
        name: 'changes',
        title: 'Changes',
        says: 'Who changed what, when and why, in Heddle or beside it.',
        path: '/changes',
      },
      {
        name: 'change',
        title: 'One change',
        says: 'The difference, what it did to traffic, and the way back.',
        path: ({ change }) => `/changes/${change}`,
      },
    ],
  },
  {
    title: 'Configuration and checks',
    says: 'Every object of Istio and the Gateway API, and what is wrong with it.',
    views: [
      {
        name: 'config',
        title: 'Configuration',
        says: 'All objects with their findings.',
        path: '/config',
      },
      {
        name: 'config-object',
        title: 'One object',
        says: 'Its YAML with completion and findings at their lines, what it refers to and who is touched by it.',
        path: '/config/east/networking.istio.io/v1/virtualservices/bookinfo/reviews',
        isShownDark: true,
      },
      {
        name: 'config-new',
        title: 'New objects',
        says: 'From a template or from text.',
        path: '/config/new',
      },
      { name: 'checks', title: 'Checks', says: 'What is looked for, by code.', path: '/checks' },
      {
        name: 'check',
        title: 'One check',
        says: 'What it means, why it matters and how to mend it.',
        path: '/checks/IST0101',
      },
      {
        name: 'analyze',
        title: 'Analyze YAML',
        says: 'What is wrong with objects before they reach a cluster.',
        path: '/checks/analyze',
        act: async (page) => {
          await page.getByRole('textbox', { name: 'YAML to analyze' }).focus()
          await page.keyboard.insertText(BROKEN)
          await page.getByRole('list', { name: 'Findings of the text' }).waitFor()
        },
      },
    ],
  },
  {
    title: 'The mesh and the frame',
    says: 'What Heddle reads from, and what works on every page.',
    views: [
      {
        name: 'mesh',
        title: 'Mesh',
        says: 'What Heddle reads from: versions, age, what each gives, which windows can be looked at.',
        path: '/mesh',
        isShownDark: true,
      },
      {
        name: 'palette',
        title: 'Find anything',
        says: 'Objects, pages and actions under Ctrl/Cmd-K.',
        path: '/overview',
        act: async (page) => {
          await page.keyboard.press('Control+k')
          await page.getByRole('combobox', { name: 'Search the mesh' }).fill('reviews')
          await page
            .getByRole('option', { name: /reviews-v3/ })
            .first()
            .waitFor()
        },
        isShownDark: true,
      },
      {
        name: 'keys',
        title: 'Keys',
        says: 'All of them, under ?.',
        path: '/overview',
        act: async (page) => {
          await page.locator('main').focus()
          await page.keyboard.press('?')
          await page.getByRole('dialog', { name: 'Keys' }).waitFor()
        },
      },
      {
        name: 'time',
        title: 'Time',
        says: 'A window that goes along with now, or any stretch of the past.',
        path: '/graph',
        act: async (page) => {
          await page.keyboard.press('t')
          await page.getByRole('form', { name: 'From one time to another' }).waitFor()
        },
      },
      {
        name: 'saved-views',
        title: 'Saved views',
        says: 'The address of a view under a name.',
        path: '/workloads?namespaces=bookinfo',
        act: async (page) => {
          await page.getByRole('button', { name: 'Saved views' }).click()
          const form = page.getByRole('form', { name: 'Save this view' })
          await form.getByRole('textbox').fill('Bookinfo, worst first')
          await form.getByRole('button', { name: 'Save' }).click()
          await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor()
        },
      },
      {
        name: 'sources',
        title: 'Sources',
        says: 'What each upstream answered last, and how old that is.',
        path: '/overview',
        act: (page) => page.getByRole('button', { name: /^Sources/ }).click(),
      },
      {
        name: 'sign-in',
        title: 'Sign in',
        says: 'Where people act with their own rights.',
        path: '/sign-in',
        world: 'token',
      },
    ],
  },
]
