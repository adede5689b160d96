/** Pages of single things: every tab in the browser, from a failing request to the line of a log. */
import { expect, test } from './fixtures'

test.use({ mesh: 'details' })

const WORKLOAD = '/workloads/east/bookinfo/productpage-v1'

test.describe('the page of a workload', () => {
  test('leads through its tabs, each with an address of its own', async ({ page }) => {
    await page.goto(WORKLOAD)
    await expect(page.getByRole('region', { name: 'Identity' })).toBeVisible()
    await page.getByRole('link', { name: 'Metrics' }).click()
    await expect(page).toHaveURL(/tab=metrics/)
    await expect(page.getByRole('heading', { name: 'Duration' }).first()).toBeVisible()
    await page.getByRole('link', { name: 'Configuration', exact: true }).last().click()
    await expect(page.getByText('What happens to a request').first()).toBeVisible()
    await page.goBack()
    await expect(page).toHaveURL(/tab=metrics/)
  })

  test('shows what its containers wrote, filtered, and explains a request in words', async ({ page }) => {
    await page.goto(`${WORKLOAD}?tab=logs`)
    const lines = page.getByRole('treegrid', { name: 'Log lines' })
    await expect(lines.getByRole('row').first()).toBeVisible()
    // not followed, so that the row stays where it is
    await page.getByRole('switch', { name: 'Follow' }).click({ force: true })
    await page.getByText('Proxy', { exact: true }).last().click()
    await expect(page).toHaveURL(/source=proxy/)
    await page.getByRole('textbox', { name: /^Show lines with/ }).fill('/outbound.9080.*reviews.bookinfo/')
    await expect(page).toHaveURL(/show=/)
    await expect(lines.getByRole('row').filter({ hasNotText: 'reviews.bookinfo' })).toHaveCount(0)
    const row = lines.getByRole('row').last()
    await row.focus()
    await page.keyboard.press('Enter')
    await expect(row.getByText('By cluster')).toBeVisible()
    await expect(row.getByText(/reviews\.bookinfo\.svc\.cluster\.local/).first()).toBeVisible()
    await page.getByRole('textbox', { name: /^Show lines with/ }).fill('/(/')
    await expect(page.getByText(/^Not a regular expression/)).toBeVisible()
  })

  test('shows its proxy, in agreement with istiod, and sets its log level', async ({ page }) => {
    await page.goto(`${WORKLOAD}?tab=proxy`)
    await expect(page.getByText('in sync').first()).toBeVisible()
    await page.getByRole('textbox', { name: 'Find in this part' }).fill('reviews.bookinfo')
    await page.keyboard.press('Enter')
    const clusters = page.getByRole('table', { name: 'Clusters' })
    await expect(clusters.getByRole('cell', { name: 'v2', exact: true }).first()).toBeVisible()
    await clusters
      .getByRole('button', { name: /^\d+ of \d+$/ })
      .first()
      .click()
    // beside the row of headings
    await expect(page.getByRole('table', { name: 'Endpoints' }).getByRole('row').nth(1)).toBeVisible()
    await page.getByRole('combobox', { name: 'Log level of the proxy' }).click()
    await page.getByRole('option', { name: 'Logs: debug' }).click()
    await expect(page.getByRole('combobox', { name: 'Log level of the proxy' })).toHaveValue('Logs: debug')
  })
})

test('a pod that was restarted leads to how it ended and to what it wrote last', async ({ page }) => {
  await page.goto('/workloads/east/payments/settlement')
  await page.getByRole('link', { name: 'What it wrote last' }).click()
  await expect(page).toHaveURL(/previous=on/)
  await expect(
    page.getByText(/^Written before settlement in \w+ ran out of memory \(OOMKilled, exit code 137\)/),
  ).toBeVisible()
  const last = page.getByRole('treegrid', { name: 'Log lines' }).getByRole('row').last()
  await expect(last).toContainText(/\d\d-\d\d \d\d:\d\d:\d\d/)
  // the other pod never ended
  await page.getByRole('combobox', { name: 'Pod' }).click()
  await page.getByRole('option').last().click()
  await expect(page.getByText('None of these containers has restarted')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Before the last restart' }).click()
  await expect(page.getByText('Never restarted')).toBeVisible()
})

test('proxies that refuse configuration are named on the overview and say why on their page', async ({
  page,
  request,
}) => {
  await request.post('/api/v1/demo/scenarios/stale-proxy/start')
  await page.goto('/')
  await expect(page.getByText('runs older listeners').first()).toBeVisible()
  await page
    .getByRole('link', { name: /^productpage-v1-/ })
    .first()
    .click()
  await expect(page).toHaveURL(/tab=proxy/)
  await expect(page.getByText(/Envoy refused listener virtualInbound/)).toBeVisible()
})

test('the page of a namespace shows it drawn, what crosses its border, charts, its objects, and names near an unknown one', async ({
  page,
}) => {
  await page.goto('/namespaces/east/bookinfo')
  const drawn = page.getByRole('region', { name: 'In it and around it' })
  await expect(drawn.locator('[data-node-id="east/bookinfo/workload/reviews-v1"]')).toBeAttached()
  await page.getByRole('link', { name: 'Traffic', exact: true }).click()
  const into = page.getByRole('table', { name: 'Into it' })
  await expect(into.getByRole('link', { name: 'istio-ingressgateway' })).toBeVisible()
  await page.getByRole('link', { name: 'Metrics', exact: true }).click()
  await expect(page).toHaveURL(/tab=metrics/)
  await page.getByRole('combobox', { name: 'Group by' }).click()
  await page.getByRole('option', { name: 'By workload' }).click()
  await expect(page.getByRole('rowheader', { name: 'reviews-v1' }).first()).toBeVisible()
  await page.getByRole('link', { name: 'Configuration', exact: true }).last().click()
  const row = page.getByRole('row').filter({ hasText: 'VirtualService' })
  await expect(row.getByRole('link', { name: 'reviews' })).toHaveAttribute('href', /\/config\/.*reviews/)
  await page.goto('/namespaces/east/bokinfo')
  await page.getByRole('link', { name: 'bookinfo', exact: true }).click()
  await expect(page).toHaveURL(/\/namespaces\/east\/bookinfo$/)
})

test('a slow trace leads from the plot to its span, the pod’s log of that time, and a faster one beside it', async ({
  page,
}) => {
  // the page of the workload itself searches and draws as the page of traces does
  await page.goto('/workloads/east/bookinfo/productpage-v1?tab=traces&window=1h')
  await expect(page.getByText(/usual here: P50/)).toBeVisible()
  await page.getByRole('textbox', { name: 'At least this many milliseconds' }).fill('1')
  await expect(page).toHaveURL(/tab=traces.*minDurationMs=1/)
  await page.goto('/traces?node=east/bookinfo/workload/productpage-v1&limit=100&window=1h')
  await expect(page.getByText(/usual here: P50/)).toBeVisible()
  // slower than the search follows: what is asked for meanwhile takes no letter away
  const tags = page.getByRole('textbox', { name: /^Tags of a span/ })
  const wanted = 'component=proxy http.status_code=200'
  await tags.pressSequentially(wanted, { delay: 60 })
  await expect(page).toHaveURL(/tags=.*http\.status_code/)
  await expect(tags).toHaveValue(wanted)
  await tags.fill('')
  await expect(page).not.toHaveURL(/tags=/)
  await page.getByRole('group', { name: 'Traces by time and duration' }).getByRole('link').first().focus()
  await page.keyboard.press('Enter')
  const spans = page.getByRole('treegrid', { name: 'Spans' })
  const own = spans.getByRole('row', { name: /productpage\.bookinfo/ }).first()
  await own.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('?')
  await expect(page.getByRole('region', { name: 'In traces' }).getByText('To the next span')).toBeVisible()
  await page.keyboard.press('Escape')
  const logs = own.getByRole('link', { name: 'Logs at that time' })
  await expect(logs).toHaveAttribute('href', /tab=logs.*mark=/)
  await page.getByText('Compare', { exact: true }).click()
  await page.getByRole('combobox', { name: 'Compare with' }).click()
  await page.getByRole('option').first().click()
  await expect(page.getByText(/^This one took/)).toBeVisible()
  await expect(page).toHaveURL(/beside=/)
  await page.goBack()
  await page.getByText('Graph', { exact: true }).last().click()
  await expect(
    page.getByRole('region', { name: 'The trace as a graph' }).getByText('productpage-v1'),
  ).toBeVisible()
  await page.getByRole('link', { name: 'Show on the graph' }).click()
  await expect(page).toHaveURL(/\/graph\?.*trace=[0-9a-f]+/)
  const bar = page.getByRole('region', { name: 'The trace on the graph' })
  await expect(bar.getByText(/spans? on \d+ workloads/)).toBeVisible()
  await expect(page.getByTestId('graph-canvas')).not.toHaveAttribute('data-drawn', '0')
  await bar.getByRole('button', { name: 'Leave the trace' }).click()
  await expect(bar).toBeHidden()
  await expect(page).not.toHaveURL(/trace=/)
})
