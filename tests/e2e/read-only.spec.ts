import { expect, test } from '@playwright/test'
import { startHeddle } from '@/tests/support/heddle/heddle-process'

const REF = {
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'bookinfo',
  name: 'reviews',
}

test('read-only: every place that would change the mesh says so, and the server refuses what comes anyway', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const heddle = await startHeddle({ HEDDLE_READ_ONLY: 'true', HEDDLE_DEMO_SEED: '7' })
  const at = (path: string) => page.goto(`${heddle.url}${path}`)
  const why = page.getByText(/read-only/).first()
  try {
    await at('/routing/east/bookinfo/reviews')
    await expect(why).toBeVisible()
    await page.getByText('Timeout and retries').last().click()
    await expect(page.getByRole('textbox', { name: 'Timeout' }).last()).not.toBeEditable()
    await expect(page.getByRole('button', { name: 'Review and apply' })).toHaveCount(0)

    await at('/config/east/networking.istio.io/v1/virtualservices/bookinfo/reviews')
    await expect(why).toBeVisible()
    await expect(page.getByRole('textbox', { name: /^YAML of/ })).toHaveAttribute('aria-readonly', 'true')
    await expect(page.getByRole('button', { name: 'Delete', exact: true })).toHaveCount(0)

    await at('/config/new')
    await expect(why).toBeVisible()

    await at('/traffic-shifting')
    await page.getByRole('button', { name: 'All to baseline' }).first().click()
    await expect(page.getByRole('menu').getByText(/read-only/)).toBeVisible()
    await expect(page.getByRole('menuitem')).toHaveCount(0)
    await page.keyboard.press('Escape')

    await at('/mutual-tls?selected=east/payments&mode=STRICT')
    await expect(page.getByRole('complementary').getByText(/read-only/)).toBeVisible()

    const object = `${heddle.url}/api/v1/config/${REF.group}/v1/virtualservices/bookinfo/reviews`
    const changes = [{ op: 'patch', ref: REF, patch: [{ op: 'add', path: '/metadata/labels', value: {} }] }]
    for (const answer of [
      await page.request.post(`${heddle.url}/api/v1/config/apply`, { data: { changes } }),
      await page.request.delete(object),
      await page.request.post(`${heddle.url}/api/v1/changes/any/revert`, { data: {} }),
    ]) {
      expect(answer.status()).toBe(403)
      expect(await answer.json()).toMatchObject({ error: { code: 'read-only' } })
    }
    expect((await page.request.get(object)).status()).toBe(200)
  } finally {
    await heddle.stop()
  }
})
