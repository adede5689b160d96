import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ mesh: 'routing' })

const REF = { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService', namespace: 'bookinfo' }

/** What somebody else does to the mesh meanwhile. */
async function elsewhere(page: Page, baseURL: string | undefined, changes: object[]): Promise<void> {
  const answer = await page.request.post('/api/v1/config/apply', {
    headers: { origin: baseURL ?? '' },
    data: { changes },
  })
  expect(answer.status(), await answer.text()).toBe(200)
}

async function ruleOf(page: Page, name: string, place: number): Promise<Record<string, unknown>> {
  const answer = await page.request.get(`/api/v1/config/${REF.group}/v1/virtualservices/bookinfo/${name}`)
  const { object } = (await answer.json()) as { object: { spec: { http: Record<string, unknown>[] } } }
  return object.spec.http[place] ?? {}
}

/** From the form to what the review says was written. */
async function applyThrough(page: Page, confirm: string): Promise<void> {
  await page.getByRole('button', { name: 'Review and apply' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Dry run accepted').first()).toBeVisible()
  await dialog.getByRole('button', { name: confirm }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
}

test('a timeout set in the form is in the object, and what the form does not show stays', async ({
  page,
  baseURL,
}) => {
  const cors = { allowOrigins: [{ exact: 'https://shop.example.com' }] }
  await elsewhere(page, baseURL, [
    {
      op: 'patch',
      ref: { ...REF, name: 'reviews' },
      patch: [{ op: 'add', path: '/spec/http/1/corsPolicy', value: cors }],
    },
  ])
  const before = await ruleOf(page, 'reviews', 1)

  await page.goto('/services/east/bookinfo/reviews')
  await page.getByRole('button', { name: 'Route traffic…' }).click()
  await page.getByRole('menuitem', { name: /timeouts/ }).click()
  const rule = page.getByRole('listitem', { name: 'Rule 2' })
  const timeout = rule.getByRole('textbox', { name: 'Timeout' })
  await rule.getByText('Timeout and retries').click()
  await timeout.fill('soon')
  await expect(rule.getByText(/soon.*duration/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Review and apply' })).toBeDisabled()
  await expect(page.getByText(/kept in this browser/)).toBeVisible()

  await page.reload()
  await page.getByRole('button', { name: 'Restore draft' }).click()
  // what is wrong opens by itself
  await expect(timeout).toHaveValue('soon')
  await timeout.fill('4s')
  await expect(page.getByRole('textbox', { name: /YAML of/ })).toContainText('timeout: 4s')
  await applyThrough(page, 'Apply change')
  await expect.poll(() => ruleOf(page, 'reviews', 1)).toEqual({ ...before, timeout: '4s' })
})

test('the first split of a service is made from the versions of its pods', async ({ page, baseURL }) => {
  await elsewhere(page, baseURL, [{ op: 'delete', ref: { ...REF, name: 'ratings' } }])
  await page.goto('/traffic-shifting')
  await page.getByRole('button', { name: 'New split' }).click()
  await page.getByRole('combobox', { name: 'Split the requests of' }).fill('bookinfo/ratings')
  await page.getByRole('option', { name: /^bookinfo\/ratings/ }).click()
  const weight = (name: string) => page.getByRole('textbox', { name: `Weight of ${name}`, exact: true })
  await weight('v2').fill('-5')
  await expect(page.getByText(/cannot be negative/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Review and apply' })).toBeDisabled()
  await page.reload()
  await expect(weight('v2')).toHaveValue('-5')
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([])
  await weight('v2').fill('20')
  await expect(weight('v1')).toHaveValue('80')
  await applyThrough(page, 'Make the split')
  await expect
    .poll(async () => (await ruleOf(page, 'ratings', 0)).route)
    .toEqual([
      { destination: { host: 'ratings', subset: 'v1' }, weight: 80 },
      { destination: { host: 'ratings', subset: 'v2' }, weight: 20 },
    ])
  await expect(page.getByRole('link', { name: /VirtualService bookinfo\/ratings/ })).toBeVisible()
})

test('a gRPC route takes calls by service and method, and says what is no name of one', async ({ page }) => {
  const path = '/api/v1/config/gateway.networking.k8s.io/v1/grpcroutes/inventory/pricing-rules'
  await page.goto('/routing/east/inventory/pricing-rules')
  const rule = page.getByRole('listitem', { name: 'Rule 1' })
  await rule.getByText('Requests it takes').click()
  await rule.getByRole('button', { name: 'And a condition' }).click()
  const condition = rule.getByRole('group', { name: 'Condition on the method' })
  await condition.getByRole('textbox', { name: 'with' }).fill('get price')
  await expect(rule.getByText(/no name of a gRPC method/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Review and apply' })).toBeDisabled()
  await condition.getByRole('textbox', { name: 'with' }).fill('GetPrice')
  await applyThrough(page, 'Apply change')
  await expect
    .poll(async () => {
      const { object } = (await (await page.request.get(path)).json()) as {
        object: { spec: { rules: { matches: object[] }[] } }
      }
      return object.spec.rules[0]?.matches
    })
    .toEqual([{ method: { type: 'Exact', service: 'inventory.PricingRules', method: 'GetPrice' } }])
})

test('a TLS route gets another host in its form, and keeps its weights', async ({ page, baseURL }) => {
  const group = 'gateway.networking.k8s.io'
  const ref = { group, version: 'v1alpha2', kind: 'TLSRoute', namespace: 'inventory', name: 'stock-tls' }
  const spec = {
    parentRefs: [{ group: '', kind: 'Service', name: 'stock-api', port: 80 }],
    hostnames: ['stock.example.com'],
    rules: [
      {
        backendRefs: [
          { name: 'stock-api-v1', port: 80, weight: 3 },
          { name: 'stock-api-v2', port: 80, weight: 1 },
        ],
      },
    ],
  }
  const object = {
    apiVersion: `${group}/v1alpha2`,
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace },
    spec,
  }
  await elsewhere(page, baseURL, [{ op: 'create', ref, object }])
  try {
    await page.goto('/routing/east/inventory/stock-api-v1?object=TLSRoute/inventory/stock-tls')
    await page.getByText('Hosts and parents').click()
    const hosts = page.getByRole('combobox', { name: 'Host names' })
    await hosts.fill('shop.example.com')
    await hosts.press('Enter')
    await applyThrough(page, 'Apply change')
    const path = `/api/v1/config/${group}/v1alpha2/tlsroutes/inventory/stock-tls`
    await expect
      .poll(
        async () =>
          ((await (await page.request.get(path)).json()) as { object: { spec: object } }).object.spec,
      )
      .toMatchObject({ ...spec, hostnames: ['stock.example.com', 'shop.example.com'] })
  } finally {
    await elsewhere(page, baseURL, [{ op: 'delete', ref }])
  }
})
