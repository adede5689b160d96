/** Answers that come late, and none in the order they were asked for, move nothing that is there already. */
import type { Browser } from '@playwright/test'
import { loaded } from '@/tests/pictures/settled'
import { shiftsOf, watchShifts } from '@/tests/pictures/shifts'
import { expect, test } from './fixtures'

const MOST_SHIFT = 0.02
const AT_ONCE = 5
const DELAYS_MS = [2_600, 500, 1_900, 1_200]

/** Pages of many answers, and those that once jumped. */
const PATHS = [
  '/overview',
  '/services',
  '/graph?selected=east/bookinfo/workload/reviews-v2',
  '/services/east/bookinfo/reviews',
  '/services/east/bookinfo/reviews?tab=config',
  '/workloads/east/istio-system/istiod?tab=metrics',
  '/workloads/east/bookinfo/productpage-v1?tab=logs&follow=off',
  '/traces?node=east/bookinfo/workload/productpage-v1&window=1h',
  '/config/east/networking.istio.io/v1/virtualservices/bookinfo/reviews',
  '/config/new',
]

for (const width of [1024, 1440]) {
  test(`nothing jumps in a window of ${width} where answers are slow`, async ({ browser, baseURL }) => {
    const sums: Awaited<ReturnType<typeof shiftOf>>[] = []
    // mostly waiting, but not with all at once: two cores make their pages, beside another worker's
    for (let from = 0; from < PATHS.length; from += AT_ONCE) {
      const paths = PATHS.slice(from, from + AT_ONCE)
      sums.push(
        ...(await Promise.all(
          paths.map((path) => shiftOf(browser, { url: `${baseURL ?? ''}${path}`, width })),
        )),
      )
    }
    expect(sums.filter(({ sum }) => sum >= MOST_SHIFT)).toEqual([])
  })
}

test('what fails while one reads is said at the foot of the page, and moves nothing', async ({ page }) => {
  await watchShifts(page)
  await page.goto('/workloads/east/bookinfo/reviews-v1?tab=metrics')
  await loaded(page)
  const before = await shiftsOf(page)
  const started = await page.request.post('/api/v1/demo/scenarios/prometheus-500/start')
  expect(started.ok()).toBe(true)
  const notices = page.getByRole('list', { name: 'New notices' })
  await expect(notices).toContainText('Prometheus', { timeout: 60_000 })
  const shifts = (await shiftsOf(page)).slice(before.length)
  expect(shifts.filter(({ value }) => value >= MOST_SHIFT)).toEqual([])
  await page.getByRole('button', { name: 'Hide these notices' }).click()
  await expect(notices).toHaveCount(0)
})

test('charts that are long on their way say that they are still asked for', async ({ page }) => {
  await page.clock.install()
  await page.route('**/api/v1/metrics/**', () => undefined)
  await page.goto('/workloads/east/bookinfo/reviews-v1?tab=metrics')
  const charts = page.getByRole('main')
  await expect(charts.getByText('Requests', { exact: true }).first()).toBeVisible()
  const late = charts.getByText('Prometheus takes long. It is still asked.')
  await expect(late).toHaveCount(0)
  await page.clock.fastForward(6_000)
  await expect(late.first()).toBeVisible()
})

async function shiftOf(browser: Browser, { url, width }: { url: string; width: number }) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, reducedMotion: 'reduce' })
  await watchShifts(page)
  let asked = 0
  let pending = 0
  await page.route('**/api/v1/**', async (route) => {
    const delay = DELAYS_MS[asked++ % DELAYS_MS.length]
    pending += 1
    await new Promise((resolve) => setTimeout(resolve, delay))
    await route.continue().catch(() => undefined)
    pending -= 1
  })
  await page.goto(url)
  await loaded(page, 40_000)
  await expect.poll(() => pending).toBe(0)
  await loaded(page, 40_000)
  const shifts = await shiftsOf(page)
  await page.close()
  return { url, sum: shifts.reduce((total, { value }) => total + value, 0), shifts }
}
