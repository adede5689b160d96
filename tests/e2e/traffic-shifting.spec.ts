import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ mesh: 'traffic-shifting' })

const REVIEWS = 'east/bookinfo/VirtualService/reviews#spec.http[1].route'
const pageOf = (split: string) => `/traffic-shifting?split=${encodeURIComponent(split)}`
const weight = (page: Page, name: string) =>
  page.getByRole('textbox', { name: `Weight of ${name}`, exact: true })

async function weightsOf(page: Page): Promise<number[]> {
  const answer = await page.request.get('/api/v1/splits?observed=false')
  const { items } = (await answer.json()) as { items: { id: string; backends: { weight: number }[] }[] }
  return items.find(({ id }) => id === REVIEWS)?.backends.map((backend) => backend.weight) ?? []
}

test('a shift through the page changes the object, the traffic follows on the chart, revert brings it back', async ({
  page,
}) => {
  test.setTimeout(300_000)
  await page.goto(pageOf(REVIEWS))
  await page.getByRole('group', { name: 'Presets' }).getByRole('button', { name: '10 / 90' }).click()
  await apply(page)
  await expect.poll(() => weightsOf(page)).toEqual([90, 10, 0])

  await weight(page, 'v2').fill('1.5')
  await expect(page.getByText(/Weights are whole numbers/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Review and apply' })).toBeDisabled()
  await page.reload()
  await expect(weight(page, 'v2')).toHaveValue('1.5')

  await page.getByRole('button', { name: 'Discard the edit' }).click()
  await weight(page, 'v2').fill('50')
  await expect(weight(page, 'v1')).toHaveValue('50')
  await apply(page)
  await expect.poll(() => weightsOf(page)).toEqual([50, 50, 0])
  await expect(page.getByText(/The figures still hold requests from before the change/)).toBeVisible()
  await expect(page.getByText('Converged.')).toBeVisible({ timeout: 150_000 })
  const chart = page.getByRole('figure', { name: /Share of traffic/ })
  await expect(chart.locator('svg.recharts-surface').first()).toBeVisible()
  await expect(chart.getByRole('row', { name: /^v2 (4[3-9]|5\d) %/ })).toBeVisible()

  await page.goto((await page.evaluate(() => sessionStorage.getItem('change'))) ?? '')
  await page.getByRole('button', { name: 'Revert' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Dry run accepted')).toBeVisible()
  await dialog.getByRole('button', { name: 'Revert' }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  await expect.poll(() => weightsOf(page)).toEqual([90, 10, 0])
})

test('two people shift one route: the second sees both versions and puts theirs on top', async ({
  page,
  context,
}) => {
  await page.goto(pageOf(REVIEWS))
  await page.getByRole('group', { name: 'Presets' }).getByRole('button', { name: '25 / 75' }).click()
  const other = await context.newPage()
  await other.goto(pageOf(REVIEWS))
  await other.getByRole('group', { name: 'Presets' }).getByRole('button', { name: '5 / 95' }).click()
  await apply(other)
  await other.close()
  await page.getByRole('button', { name: 'Review and apply' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('region', { name: 'Theirs: as it is now', exact: true })).toContainText(
    'weight: 95',
  )
  await expect(dialog.getByRole('region', { name: 'Mine: as I want it', exact: true })).toContainText(
    'weight: 75',
  )
  for (const mine of await dialog.getByText('Mine', { exact: true }).all()) await mine.click()
  await dialog.getByRole('button', { name: 'Preview mine on theirs' }).click()
  await dialog.getByRole('button', { name: 'Shift traffic' }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  expect(await weightsOf(page)).toEqual([75, 25, 0])
})

test('all traffic goes to the baseline in two clicks and a confirmation', async ({ page }) => {
  await page.goto('/graph?selected=east/bookinfo/workload/ratings-v2')
  const panel = page.getByRole('complementary', { name: 'What is selected' })
  await panel.getByRole('button', { name: 'All to baseline' }).click()
  await page.getByRole('menuitem', { name: /Send everything to v1.*is the baseline/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Send all to the baseline' }).click()
  await expect
    .poll(async () => {
      const answer = await page.request.get('/api/v1/splits?observed=false&namespaces=bookinfo')
      const { items } = (await answer.json()) as {
        items: { ref: { name: string }; backends: { weight: number }[] }[]
      }
      return items.find(({ ref }) => ref.name === 'ratings')?.backends.map((backend) => backend.weight)
    })
    .toEqual([100, 0])
})

/** Applies what is edited; where the change is found in the history is kept for a revert. */
async function apply(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review and apply' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Shift traffic' }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  const link = await dialog.getByRole('link', { name: 'Show the change in the history' }).getAttribute('href')
  await page.evaluate((href) => sessionStorage.setItem('change', href ?? ''), link)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
}

test('from the graph itself it is two clicks too: the menu of a node, by keyboard and by the second button', async ({
  page,
}) => {
  await page.goto('/graph?selected=east/bookinfo/workload/reviews-v2')
  await page.locator('[data-testid="graph-canvas"]:not([data-drawn="0"])').focus()
  await page.keyboard.press('Shift+F10')
  const item = page.getByRole('menuitem', { name: /Send everything to v1/ })
  await expect(item).toBeVisible()
  const place = await page.getByTestId('node-menu').boundingBox()
  await page.keyboard.press('Escape')
  await expect(item).toHaveCount(0)
  await page.mouse.click(place?.x ?? 0, place?.y ?? 0, { button: 'right' })
  await item.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Dry run accepted')).toBeVisible()
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(dialog.getByRole('button', { name: 'Send all to the baseline' })).toBeEnabled()
})

test('testers and a mirror go with a shift, and the page stays with the rule that moved down', async ({
  page,
  request,
}) => {
  await page.goto(pageOf('east/inventory/HTTPRoute/stock-api#spec.rules[0].backendRefs'))
  await page.getByRole('button', { name: 'Mirror', exact: true }).click()
  await page.getByRole('textbox', { name: 'Copy this much, in %' }).fill('25')
  await page.getByRole('button', { name: 'Mirror', exact: true }).last().click()
  await expect(page.getByRole('button', { name: 'Mirror: 25 % to stock-api-v2' })).toBeVisible()
  await page.getByRole('button', { name: 'Testers by header' }).click()
  await page.getByRole('textbox', { name: 'Header', exact: true }).fill('x-group')
  await page.getByRole('textbox', { name: 'has the value' }).fill('qa')
  await page.getByRole('button', { name: 'Add a rule for testers' }).click()
  await weight(page, 'stock-api-v2').fill('3')
  await expect(weight(page, 'stock-api-v1')).toHaveValue('7')
  await apply(page)
  await expect(page).toHaveURL(/stock-api%23spec\.rules%5B1%5D/)
  await expect(page.getByText('Every request', { exact: false }).first()).toBeVisible()
  await expect(weight(page, 'stock-api-v2')).toHaveValue('3')
  const answer = await request.get(
    '/api/v1/config/gateway.networking.k8s.io/v1/httproutes/inventory/stock-api',
  )
  const { object } = (await answer.json()) as { object: { spec: { rules: object[] } } }
  expect(object.spec.rules).toMatchObject([
    {
      matches: [{ headers: [{ name: 'x-group', value: 'qa' }] }],
      backendRefs: [{ name: 'stock-api-v2' }],
    },
    {
      backendRefs: [
        { name: 'stock-api-v1', weight: 7 },
        { name: 'stock-api-v2', weight: 3 },
      ],
      filters: [
        { type: 'RequestMirror', requestMirror: { backendRef: { name: 'stock-api-v2' }, percent: 25 } },
      ],
    },
  ])
})
