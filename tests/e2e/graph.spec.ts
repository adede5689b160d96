import { expect, test } from './fixtures'

test.use({ mesh: 'graph' })

const REVIEWS_V1 = 'east/bookinfo/workload/reviews-v1'
const CATALOGUE = 'east/boutique/workload/productcatalogservice'

test('nodes appear with their error rate and P99', async ({ graph }) => {
  await graph.open()
  const words = graph.node(REVIEWS_V1)
  await expect(words).toHaveText(
    /reviews v1, workload in bookinfo, healthy, [\d.]+\/s in, 0 % errors, P99 [\d.]+ m?s/,
  )
})

test('an incident turns its node failing within two refreshes', async ({ graph, page }) => {
  await graph.open()
  await expect(graph.node(CATALOGUE)).toHaveAttribute('data-status', 'healthy')
  await graph.startScenario('Hub outage')
  expect(await graph.refreshesUntilFailing(CATALOGUE)).toBeLessThanOrEqual(2)
  await expect(graph.node(CATALOGUE)).toHaveAttribute('data-status', 'failing')
  await page.goto(`/graph?selected=${CATALOGUE}`)
  await expect(graph.panel.getByRole('region', { name: 'Health' })).toContainText(/available/)
})

test('the selected node shows its charts and traces', async ({ graph, page }) => {
  await graph.open(`?selected=${REVIEWS_V1}`)
  await expect(graph.panel.getByRole('heading', { name: 'reviews v1' })).toBeVisible()
  const latency = graph.panel.getByRole('figure', { name: /latency|duration|response time/i }).first()
  await expect(latency.locator('svg.recharts-surface').first()).toBeVisible()
  await expect(latency.getByRole('row', { name: /P99/ })).toContainText(/[\d.]+ m?s/)
  const traces = graph.panel.getByRole('table', { name: 'Recent traces' })
  await expect(traces.getByRole('link').first()).toHaveAttribute('href', /^\/traces\/[0-9a-f]+/)
  await expect(graph.panel).toContainText('reviews-v1-')
  await graph.panel.getByRole('link', { name: /Open details/ }).click()
  await expect(page).toHaveURL(/\/workloads\/east\/bookinfo\/reviews-v1/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('reviews-v1')
})

test('search by keyboard finds a node and selects it', async ({ graph, page }) => {
  await graph.open()
  await page.keyboard.press('Control+k')
  const search = page
    .getByRole('textbox', { name: 'Search the mesh' })
    .or(page.getByRole('combobox', { name: 'Search the mesh' }))
  await search.fill('currency')
  await expect(page.getByRole('dialog').getByText('currencyservice').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/selected=.*currencyservice/)
  await expect(graph.panel.getByRole('heading', { name: /currencyservice/ })).toBeVisible()
})

test('arrow keys walk the graph and say where one is', async ({ graph, page }) => {
  await graph.open()
  await page.getByTestId('graph-canvas').focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByTestId('graph-canvas').getByRole('status').first()).toHaveText(
    /, (healthy|degraded|failing|idle|unknown)/,
  )
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/selected=/)
})

test('pause holds the figures, resume lets them go on', async ({ graph, page }) => {
  await graph.open()
  await page.getByRole('button', { name: 'Pause refresh' }).click()
  await expect(page).toHaveURL(/refresh=paused/)
  const at = (await page.getByTestId('age').textContent()) ?? ''
  // a second later nothing is on its way any more
  await expect(page.getByTestId('age')).not.toHaveText(at)
  const before = await graph.node(REVIEWS_V1).textContent()
  // the age rises past several refreshes while nothing changes
  await expect
    .poll(() => page.getByTestId('age').textContent(), { timeout: 40_000 })
    .toMatch(/(1[5-9]|[2-5]\d) s ago|min/)
  expect(await graph.node(REVIEWS_V1).textContent()).toBe(before)
  await page.getByRole('button', { name: 'Resume refresh' }).click()
  await expect(page.getByTestId('age')).toHaveText(/now|^\d s ago|^1[0-4] s ago/)
})

test('the window is in the URL, in the answer, and back brings the old one', async ({ graph, page }) => {
  await graph.open()
  await page.getByRole('button', { name: /^Time: last 2 min/ }).click()
  await page.getByRole('radio', { name: '10m' }).click()
  await expect(page).toHaveURL(/window=10m/)
  await expect(graph.panel).toContainText('over 10 min')
  await page.goBack()
  await expect(page.getByRole('button', { name: /^Time: last 2 min/ })).toBeVisible()
})

test('all four graph types draw, in dark as in light', async ({ graph, page }) => {
  await graph.open()
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitem', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  for (const [type, id] of [
    ['app', 'east/bookinfo/app/reviews'],
    ['versionedApp', 'east/bookinfo/app/reviews/v1'],
    ['service', 'east/bookinfo/service/reviews'],
    ['workload', REVIEWS_V1],
  ]) {
    await graph.open(`?graphType=${type}`)
    await expect(graph.node(id as string)).toHaveCount(1)
  }
})

test('another graph type is laid out as itself, whatever was shown before', async ({ graph, page }) => {
  await graph.open()
  await page.getByRole('radiogroup', { name: 'Graph type' }).getByText('Services').click()
  await expect(graph.node('east/bookinfo/service/reviews')).toHaveCount(1)
  await expect(page.getByTestId('graph-canvas')).toHaveAttribute('data-drawn', '2')
  const boxes = await graph.namespaceBoxes()
  expect(boxes.length).toBeGreaterThan(4)
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const isApart =
        one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top
      expect(isApart, `${one.id} and ${other.id}`).toBe(true)
    }
  }
})

test('the table holds the same nodes as the graph', async ({ graph, page }) => {
  // of one moment: what is called now and then comes and goes
  const query = `?namespaces=bookinfo&at=${Math.floor(Date.now() / 1000) - 60}`
  await graph.open(query)
  const drawn = await page.locator('[data-node-id]').count()
  await page.goto(`/graph${query}&as=table`)
  const table = page.getByRole('table', { name: 'Nodes of the graph' })
  await expect(table).toHaveAttribute('aria-rowcount', String(drawn + 1))
  await expect(table.getByRole('row', { name: /reviews v1/ })).toContainText(/0 %/)
})
