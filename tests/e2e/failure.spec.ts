import { startHeddle } from '@/tests/support/heddle/heddle-process'
import { expect, test } from './fixtures'

test('Prometheus dies and comes back: old figures stay with their age, then new ones come', async ({
  graph,
  page,
}) => {
  await graph.open()
  // those that are always called: others come and go between a look and the outage
  const workloads = page.locator('[data-node-id^="east/bookinfo/workload/"]')
  const count = await workloads.count()
  expect(count).toBeGreaterThan(3)
  await graph.startScenario('Prometheus down')
  await expect(page.getByRole('button', { name: /^Sources: Prometheus not reachable/ })).toBeVisible({
    timeout: 60_000,
  })
  await expect(workloads).toHaveCount(count)
  await expect(page.getByTestId('age')).toHaveAttribute('data-behind', 'true')
  await expect(page.getByTestId('side-panel').getByText(/^Was (healthy|degraded|failing)$/)).toBeVisible()
  await page.getByRole('button', { name: /^Sources/ }).click()
  await expect(page.getByRole('region', { name: 'Prometheus' })).toContainText('not reachable')
  await page.keyboard.press('Escape')
  await test.step('nothing unknown passes for well', async () => {
    await page.goto('/overview')
    await expect(page.getByText('Whether anything is wrong is not known.')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Alerts' })).toContainText(
      'what the rules find is not known',
    )
    await expect(page.getByTestId('age')).toHaveAttribute('data-behind', 'true')
    await page.goto('/alerts')
    await expect(page.getByText('Whether an alert fires is not known')).toBeVisible()
    await expect(page.getByText('Not known while Prometheus does not answer.')).toBeVisible()
    await page.goto('/services/east/bookinfo/reviews')
    await expect(page.getByText(/^Was (healthy|degraded|failing)$/)).toBeVisible()
    await page.goto('/workloads')
    await expect(page.getByTestId('age')).toHaveAttribute('data-behind', 'true')
    await page.goto('/graph')
    await expect(page.locator('[data-node-id]').first()).toBeAttached()
  })
  await graph.stopScenario('Prometheus down')
  await expect(page.getByRole('button', { name: 'Sources: All sources reachable' })).toBeVisible({
    timeout: 60_000,
  })
  await expect(page.getByTestId('age')).not.toHaveAttribute('data-behind')
})

test('a Prometheus that never answered: the page says which, and how to go on', async ({ page }) => {
  test.setTimeout(120_000)
  const heddle = await startHeddle({ PROMETHEUS_URL: 'http://127.0.0.1:1', KUBECONFIG: '', JAEGER_URL: '' })
  try {
    await page.goto(`${heddle.url}/graph`)
    await expect(page.getByText('Prometheus does not answer')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  } finally {
    await heddle.stop()
  }
})

test('without traffic the page says so and what to do', async ({ graph, page }) => {
  await graph.open()
  await page.goto('/graph?namespaces=kube-system')
  await expect(page.getByText('No traffic in kube-system')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Show all namespaces' })).toBeVisible()
})
