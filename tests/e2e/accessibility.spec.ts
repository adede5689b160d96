/** Every page, tab and dialog of the tour: nothing moves while it loads, and axe finds nothing, in light and in dark. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { settled } from '../pictures/settled'
import { shiftsOf, watchShifts } from '../pictures/shifts'
import { VIEWS } from '../pictures/tour'
import { addressOf, type Facts, type View } from '../pictures/view'
import { prepareFacts } from '../pictures/worlds'
import { expect, test } from './fixtures'

/** Above it a page is felt to jump; the limit of https://web.dev/articles/cls is 0.1. */
const MOST_SHIFT = 0.05

/** What an application has like a workload or a service is looked at once, and other worlds have tests of their own. */
const isLikeAnother = ({ name }: View) => /^(app|service)-(traffic|traces|logs|proxy)$/.test(name)
const LOOKED_AT = VIEWS.filter((view) => view.world === undefined && !isLikeAnother(view))

let facts: Facts

test.beforeAll(async ({ heddle }) => {
  test.setTimeout(180_000)
  facts = await prepareFacts(heddle.url, 'bad-canary')
})

for (const view of LOOKED_AT) {
  test(`${view.name}: nothing jumps, and axe finds nothing in light and dark`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await watchShifts(page)
    await page.goto(addressOf(view, facts))
    await settled(page)
    const shifts = await shiftsOf(page)
    const sum = shifts.reduce((total, { value }) => total + value, 0)
    expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThan(MOST_SHIFT)
    await view.act?.(page)
    expect(await violationsOf(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
    expect(await violationsOf(page)).toEqual([])
  })
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
