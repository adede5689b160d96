import type { APIRequestContext } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ mesh: 'incidents' })

/** What happens at once and hides nothing of each other, with its true origin and the page that shows it. */
const ROUNDS = [
  [
    { scenario: 'mtls-break', origin: 'payments-api', page: /\/workloads\/east\/payments\// },
    { scenario: 'bad-canary', origin: 'reviews-v3', page: /\/workloads\/east\/bookinfo\// },
    { scenario: 'retry-storm', origin: 'cartservice', page: /\/workloads\/east\/boutique\// },
  ],
  [
    { scenario: 'hub-outage', origin: 'productcatalogservice', page: /\/workloads\/east\/boutique\// },
    { scenario: 'slow-leaf', origin: 'ratings', page: /\/services\/east\/bookinfo\// },
    { scenario: 'egress-block', origin: 'BlackHoleCluster', page: /\/graph\?.*focus=/ },
  ],
] as const

async function originsNow(request: APIRequestContext): Promise<string[]> {
  const answer = await request.get('/api/v1/incidents')
  const { items } = (await answer.json()) as { items: { suspects: { name: string }[] }[] }
  return items.flatMap(({ suspects }) => suspects[0]?.name ?? [])
}

for (const round of ROUNDS) {
  const names = round.map(({ scenario }) => scenario).join(', ')
  test(`from the landing page to the origin of ${names} in two clicks`, async ({ page, request }) => {
    test.setTimeout(180_000)
    for (const { scenario } of round) await request.post(`/api/v1/demo/scenarios/${scenario}/start`)
    await expect
      .poll(() => originsNow(request), { timeout: 120_000, intervals: [2_000] })
      .toEqual(expect.arrayContaining(round.map(({ origin }) => origin)))
    for (const { origin, page: wanted } of round) {
      await page.goto('/')
      await expect(page).toHaveURL(/\/overview/)
      // the first click: the origin's name on its card
      const card = page
        .getByRole('article')
        .filter({ hasText: 'Begins at' })
        .filter({
          has: page.getByRole('link', { name: origin, exact: true }),
        })
      await card.first().getByRole('link', { name: origin, exact: true }).first().click()
      await expect(page).toHaveURL(wanted)
      if (origin === 'BlackHoleCluster') {
        await expect(page.getByRole('complementary', { name: 'What is selected' })).toContainText(origin)
      } else {
        await expect(page.getByRole('heading', { level: 1, name: origin })).toBeVisible()
        await expect(page.getByText(/Failing|Degraded/).first()).toBeVisible()
      }
    }
  })
}
