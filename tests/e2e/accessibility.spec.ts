/** Every page, tab and dialog of the tour: nothing moves while it loads, and axe finds nothing, in light and in dark. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { loaded } from '@/tests/pictures/settled'
import { shiftsOf, watchShifts } from '@/tests/pictures/shifts'
import { VIEWS } from '@/tests/pictures/tour'
import { addressOf, type Facts } from '@/tests/pictures/view'
import { prepareFacts } from '@/tests/pictures/worlds'
import { expect, test } from './fixtures'

test.use({ mesh: 'accessibility' })

/** Above it something is seen to move; the limit of https://web.dev/articles/cls, where a page is felt to jump, is 0.1. */
const MOST_SHIFT = 0.02

/**
 * What looks like another is looked at once: tabs of services and applications, a list whose open row or panel is a
 * view of its own. Other worlds have tests of their own, as have the palette, the keys, time and saved views.
 */
const LIKE_ANOTHER =
  /^((app|service)-(?!overview)|apps$|services$|objectives$|mutual-tls$|split$|graph-services$|graph-trace$|palette|keys|time|saved-views|review)/
const LOOKED_AT = VIEWS.filter(({ name, world }) => world === undefined && !LIKE_ANOTHER.test(name))

let facts: Facts

test.beforeAll(async ({ heddle }) => {
  test.setTimeout(180_000)
  facts = await prepareFacts(heddle.url, 'bad-canary')
})

for (const view of LOOKED_AT) {
  test(`${view.name}: nothing jumps, and axe finds nothing in light and dark`, async ({ page }) => {
    await lookAt(page, addressOf(view, facts))
    await view.act?.(page)
    await expectNoViolations(page)
  })
}

// as in a mesh where nothing flows, whose figures would be minutes away: the panel stands beside the words
test('graph without traffic: nothing jumps, and axe finds nothing in light and dark', async ({ page }) => {
  await lookAt(page, '/graph?namespaces=nowhere')
  await expect(page.getByText('No node is shown.')).toBeVisible()
  await expectNoViolations(page)
})

async function lookAt(page: Page, address: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await watchShifts(page)
  await page.goto(address)
  await loaded(page)
  const shifts = await shiftsOf(page)
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThan(MOST_SHIFT)
}

async function expectNoViolations(page: Page): Promise<void> {
  expect(await violationsOf(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  expect(await violationsOf(page)).toEqual([])
}

async function violationsOf(page: Page): Promise<string[]> {
  // colours between two are neither's
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => {
      return playState !== 'running' || effect?.getComputedTiming().iterations === Infinity
    }),
  )
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)
}
