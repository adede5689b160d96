import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures'

const PAGES = [
  ['alerts', '/alerts'],
  ['objectives', '/slos'],
  ['one namespace', '/namespaces/east/bookinfo'],
  ['graph', '/graph?selected=east/bookinfo/workload/reviews-v1'],
  ['graph as a table', '/graph?as=table'],
  ['workloads', '/workloads'],
  ['services', '/services'],
  ['applications', '/apps'],
  ['namespaces', '/namespaces'],
  ['one workload', '/workloads/east/bookinfo/reviews-v1'],
  ['logs', '/workloads/east/bookinfo/productpage-v1?tab=logs&follow=off'],
  ['proxy', '/workloads/east/bookinfo/productpage-v1?tab=proxy'],
  ['traces', '/traces?node=east/bookinfo/workload/reviews-v1'],
  ['mutual TLS', '/mutual-tls?open=east/payments&selected=east/payments&mode=STRICT'],
  ['routing', '/routing/east/bookinfo/reviews'],
  ['traffic shifting', '/traffic-shifting'],
  ['changes', '/changes'],
  ['overview', '/overview'],
  ['mesh', '/mesh'],
  ['configuration', '/config'],
  ['one object', '/config/east/networking.istio.io/v1/virtualservices/bookinfo/reviews'],
  ['new objects', '/config/new'],
  ['checks', '/checks'],
  ['analyze', '/checks/analyze'],
] as const

for (const scheme of ['light', 'dark'] as const) {
  for (const [name, path] of PAGES) {
    test(`${name} in ${scheme} passes axe`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.goto(path)
      await expect(page.getByRole('link', { name: 'Graph', exact: true })).toBeVisible()
      await expect(page.locator('main [role="status"][aria-busy]')).toHaveCount(0)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([])
    })
  }
}
