import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Request } from '@playwright/test'
import { firstLoadKb } from '@/tests/support/heddle/first-load'
import { expect, test } from './fixtures'

const FIRST_LOAD_BUDGET_KB = 335

const PAGES = [
  '/overview',
  '/graph',
  '/workloads',
  '/routing/east/bookinfo/reviews',
  '/mutual-tls',
  '/config',
  '/changes',
  '/traces',
]
/** what leads all traffic back to the baseline is there at once, whatever happens to the network then */
const EMERGENCY = { path: '/traffic-shifting', budgetKb: 350 }

test('the first load of every page stays within its budget of script', async ({ heddle }) => {
  for (const path of PAGES) {
    expect(await firstLoadKb(`${heddle.url}${path}`), path).toBeLessThan(FIRST_LOAD_BUDGET_KB)
  }
  expect(await firstLoadKb(heddle.url + EMERGENCY.path)).toBeLessThan(EMERGENCY.budgetKb)
})

const WITH_SCRIPTS = [
  { path: '/workloads?window=5m&namespaces=bookinfo,payments', preloads: 1 },
  { path: '/services', preloads: 1 },
  { path: '/apps?clusters=east', preloads: 1 },
  { path: '/workloads/east/bookinfo/reviews-v2?window=10m', preloads: 1 },
  { path: '/overview', preloads: 2 },
]

test('what a page shows first is asked for with its scripts, and once', async ({ page }) => {
  for (const { path, preloads } of WITH_SCRIPTS) {
    const asked: string[] = []
    const note = (request: Request) => asked.push(request.url())
    page.on('request', note)
    await page.goto(path)
    await expect(page.getByRole('main').getByRole('link').first()).toBeVisible()
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    page.off('request', note)
    const urls = await page
      .locator('link[rel=preload][as=fetch]')
      .evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href))
    expect(urls, path).toHaveLength(preloads)
    for (const url of urls)
      expect(
        asked.filter((one) => one === url),
        url,
      ).toHaveLength(1)
  }
})

test('a step within Heddle asks for nothing beforehand', async ({ page }) => {
  await page.goto('/namespaces')
  await page.getByRole('link', { name: 'Workloads' }).first().click()
  await expect(page.getByRole('region', { name: 'Workloads' })).toBeVisible()
  await expect(page.locator('link[rel=preload][as=fetch]')).toHaveCount(0)
})

test('the server keeps no code twice', () => {
  const folder = join(process.env.HEDDLE_DIST_DIR ?? '.next', 'server/chunks')
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'))
  const codes = names
    .map((name) => readFileSync(join(folder, name), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, ''))
    // of less than that copies cost nothing
    .filter((code) => code.length > 2_000)
  expect(codes.length).toBeGreaterThan(10)
  expect(new Set(codes).size).toBe(codes.length)
})
