import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { startHeddle } from '@/tests/support/heddle/heddle-process'

test('who signs in sees the page they wanted, may do what the cluster lets them, and can leave', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const heddle = await startHeddle({ HEDDLE_AUTH: 'token', HEDDLE_SESSION_KEY: 'only-for-this-test-run' })
  try {
    await page.goto(`${heddle.url}/changes?filter=nothing`)
    await expect(page.getByRole('heading', { name: 'Sign in to Heddle' })).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([])

    const token = page.getByLabel('Kubernetes bearer token')
    await token.fill('stolen')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText(/does not accept/)).toBeVisible()
    await token.fill('demo-payments')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page).toHaveURL(`${heddle.url}/changes?filter=nothing`)
    await page.getByRole('button', { name: 'Signed in as demo-payments' }).click()

    // may look everywhere, may write payments only
    const preview = (namespace: string, name: string) =>
      page.request.post(`${heddle.url}/api/v1/config/preview`, {
        data: {
          changes: [
            {
              op: 'patch',
              ref: { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService', namespace, name },
              patch: [{ op: 'add', path: '/metadata/labels', value: { by: 'test' } }],
            },
          ],
        },
      })
    expect(await (await preview('bookinfo', 'reviews')).json()).toMatchObject({
      changes: [{ allowed: false }],
    })
    expect(await (await preview('payments', 'bank')).json()).toMatchObject({ changes: [{ allowed: true }] })

    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { name: 'Sign in to Heddle' })).toBeVisible()
    expect((await page.request.get(`${heddle.url}/api/v1/changes`)).status()).toBe(401)
  } finally {
    await heddle.stop()
  }
})
