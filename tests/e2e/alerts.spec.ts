import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures'

test('an outage rings on graph, list, page and in the drawer, and burns its budget', async ({
  page,
  graph,
  request,
}) => {
  test.setTimeout(600_000)
  await page.goto('/alerts')
  await expect(page.getByRole('region', { name: 'Silences' })).toContainText('mira@bookinfo.example')
  // the drawer tells what begins while it watches
  const bell = page.getByRole('button', { name: /^Notifications/ })
  await expect(bell).toBeVisible()
  await page.waitForResponse((response) => response.url().includes('/api/v1/incidents'))
  await request.post('/api/v1/demo/scenarios/hub-outage/start')

  await test.step('the drawer', async () => {
    const unread = page.getByRole('button', { name: /^Notifications, \d+ not read/ })
    await expect(unread).toBeVisible({ timeout: 180_000 })
    await unread.click()
    const drawer = page.getByRole('dialog', { name: 'Notifications' })
    await expect(drawer.getByRole('list', { name: 'What happened' })).toContainText(
      /turned failing|incident/i,
    )
    const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    await drawer.getByRole('button', { name: 'Mark all as read' }).click()
    await page.getByRole('button', { name: 'Close notifications' }).click()
    await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()
    await page.reload()
    // what was read stays read
    await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()
  })

  await test.step('the objective of the service that fails', async () => {
    await page.goto('/slos')
    const row = page.getByRole('row').filter({ hasText: 'productcatalogservice' })
    await expect(row.getByRole('button', { name: 'Failing' })).toBeVisible({ timeout: 180_000 })
    await row.getByRole('button', { name: 'Failing' }).click()
    await expect(page.getByText(/somebody must look now|is spent/)).toBeVisible()
    await expect(page.getByText(/helloworld/)).toBeVisible()
  })

  await test.step('the graph and its panel', async () => {
    await expect
      .poll(async () => firing(await (await request.get('/api/v1/alerts')).json()), { timeout: 400_000 })
      .toContain('productcatalogservice')
    await graph.open('?namespaces=boutique&graphType=service')
    const id = 'east/boutique/service/productcatalogservice'
    await expect(graph.node(id)).toHaveAccessibleName(/alert(s)? fire/)
    await page.goto(`/graph?namespaces=boutique&graphType=service&selected=${id}`)
    const alerts = graph.panel.getByRole('list', { name: /^Alerts about/ })
    await expect(alerts).toContainText('istio_requests_total')
    await expect(graph.panel).toContainText('99.9 % succeed')
  })

  await test.step('the list and the page', async () => {
    await page.goto('/services?namespaces=boutique')
    const row = page.getByRole('row').filter({ hasText: 'productcatalogservice' })
    await expect(row.getByRole('img', { name: /alert(s)? fire/ })).toBeVisible()
    await page.goto('/services/east/boutique/productcatalogservice')
    await page
      .getByRole('list', { name: /^Alerts about/ })
      .getByRole('link')
      .first()
      .click()
    await expect(page).toHaveURL(/\/alerts\?.*open=/)
    await expect(page.getByText(/Alertmanager tells on-call/).first()).toBeVisible()
  })
})

function firing(answer: unknown): string[] {
  const { items } = answer as { items: { state: string; labels: Record<string, string> }[] }
  return items.flatMap(({ state, labels }) =>
    state === 'firing' ? (labels.destination_service_name ?? []) : [],
  )
}
