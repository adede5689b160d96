import AxeBuilder from '@axe-core/playwright'
import { startHeddle, type HeddleProcess } from '@/tests/support/heddle/heddle-process'
import { expect, test } from '@playwright/test'

/** An outage that began ten minutes ago: its alerts fire already. */
let outage: HeddleProcess

test.beforeAll(async () => {
  test.setTimeout(180_000)
  outage = await startHeddle({ HEDDLE_DEMO_SEED: '7', HEDDLE_DEMO_SCENARIO: 'hub-outage' })
})

test.afterAll(() => outage?.stop())

test('an outage shows on graph, list, page and objectives', async ({ page }) => {
  const at = (path: string) => `${outage.url}${path}`

  await test.step('the graph and its panel', async () => {
    const id = 'east/boutique/service/productcatalogservice'
    await page.goto(at(`/graph?namespaces=boutique&graphType=service&selected=${id}`))
    await page.locator('[data-testid="graph-canvas"]:not([data-drawn="0"])').waitFor()
    await expect(page.locator(`[data-node-id="${id}"]`)).toContainText(/alerts? fires?/)
    const panel = page.getByRole('complementary', { name: 'What is selected' })
    // of all there are the worst, in a room of its own
    const alerts = panel.getByRole('list', { name: /^Alerts about/ })
    await expect(alerts.getByRole('listitem')).toHaveCount(1)
    await panel.getByRole('button', { name: /^Show (all \d+|in full)$/ }).click()
    await expect(alerts).toContainText('istio_requests_total')
    await expect(panel).toContainText('99.9 % succeed')
  })

  await test.step('the list and the page', async () => {
    await page.goto(at('/services?namespaces=boutique'))
    const row = page.getByRole('row').filter({ hasText: 'productcatalogservice' })
    await expect(row.getByRole('img', { name: /alerts? fires?/ })).toBeVisible()
    await page.goto(at('/services/east/boutique/productcatalogservice'))
    await page
      .getByRole('list', { name: /^Alerts about/ })
      .getByRole('link')
      .first()
      .click()
    await expect(page).toHaveURL(/\/alerts\?.*open=/)
    await expect(page.getByText(/Alertmanager tells on-call/).first()).toBeVisible()
    await expect(page.getByRole('region', { name: 'Silences' })).toContainText('mira@bookinfo.example')
  })

  await test.step('the objectives', async () => {
    await page.goto(at('/slos'))
    const row = page.getByRole('row').filter({ hasText: 'productcatalogservice' })
    await row.getByRole('button', { name: 'Failing' }).click()
    await expect(page.getByText(/somebody must look now/)).toBeVisible()
    await expect(page.getByRole('list', { name: 'Objectives that cannot be read' })).toContainText(
      'helloworld',
    )
  })
})

test('the drawer tells what begins, once, and keeps it', async ({ page, request }) => {
  test.setTimeout(180_000)
  // what it answers first is what was there before: all of it has to be read before something begins
  const looked = ['health', 'incidents', 'alerts', 'changes'].map((name) =>
    page.waitForResponse((response) => new URL(response.url()).pathname === `/api/v1/${name}`),
  )
  await page.goto(`${outage.url}/mesh`)
  for (const response of await Promise.all(looked)) await response.finished()
  await request.post(`${outage.url}/api/v1/demo/scenarios/mtls-break/start`)
  const unread = page.getByRole('button', { name: /^Notifications, \d+ not read/ })
  await expect(unread).toBeVisible({ timeout: 120_000 })
  await unread.click()
  const drawer = page.getByRole('dialog', { name: 'Notifications' })
  await expect(drawer.getByRole('list', { name: 'What happened' })).toContainText(
    'Changed PeerAuthentication payments/default',
  )
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  const bell = page.getByRole('button', { name: /^Notifications(, \d+ not read)?$/ })
  await expect(async () => {
    // an incident that has just begun makes more news while one reads
    if (await drawer.isHidden()) await bell.click({ timeout: 2_000 })
    await drawer.getByRole('button', { name: 'Mark all as read' }).click({ timeout: 2_000 })
    await page.getByRole('button', { name: 'Close notifications' }).click({ timeout: 2_000 })
    await expect(bell).toHaveAccessibleName('Notifications', { timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
  await page.reload()
  await bell.click()
  await expect(page.getByRole('list', { name: 'What happened' }).getByRole('listitem')).not.toHaveCount(0)
  // loaded just now, and yet the focus goes back to where it was
  await page.keyboard.press('Escape')
  await expect(bell).toBeFocused()
})
