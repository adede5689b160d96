import type { APIRequestContext, Page } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ mesh: 'mutual-tls' })

/** Left over from before the migration: a caller with a proxy that still sends plain text. */
const LEFT_OVER = {
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'DestinationRule',
  namespace: 'boutique',
  name: 'payments-api-plaintext',
}
const POLICY = '/api/v1/config/security.istio.io/v1/peerauthentications/payments/default'

async function apply(request: APIRequestContext, changes: object[]) {
  const answer = await request.post('/api/v1/config/apply', { data: { changes } })
  expect(answer.status(), await answer.text()).toBe(200)
}

async function modeOf(request: APIRequestContext): Promise<string | undefined> {
  // minutes after the last: the server may close the idle connection at the very moment it is used again
  const answer = await request.get(POLICY, { maxRetries: 1 })
  const { object } = (await answer.json()) as { object: { spec: { mtls?: { mode: string } } } }
  return object.spec.mtls?.mode
}

interface Edge {
  source: string
  target: string
  mtlsRatio: number | null
  health: { status: string }
}

/** Edges into payments-api as the graph has them, by caller. */
async function callersInGraph(page: Page): Promise<Record<string, string>> {
  const answer = await page.request.get('/api/v1/graph?namespaces=payments,boutique&window=1m&latency=later')
  const { edges } = (await answer.json()) as { edges: Edge[] }
  return Object.fromEntries(
    edges
      .filter(({ target }) => target === 'east/payments/workload/payments-api')
      .map(({ source, mtlsRatio, health }) => [
        source.split('/').at(-1) ?? source,
        mtlsRatio === 0 ? `plain ${health.status}` : health.status,
      ]),
  )
}

test('STRICT on payments warns with the exact callers, breaks them when applied, and revert heals them', async ({
  page,
  request,
}) => {
  test.setTimeout(300_000)
  await apply(request, [
    {
      op: 'create',
      ref: LEFT_OVER,
      object: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: LEFT_OVER.name, namespace: LEFT_OVER.namespace },
        spec: {
          host: 'payments-api.payments.svc.cluster.local',
          exportTo: ['.'],
          trafficPolicy: { tls: { mode: 'DISABLE' } },
        },
      },
    },
  ])
  // its plain text has reached telemetry
  await expect
    .poll(async () => (await callersInGraph(page)).paymentservice, { timeout: 90_000 })
    .toBe('plain healthy')

  await page.goto('/mutual-tls')
  await page.getByRole('button', { name: 'payments', exact: true }).click()
  const panel = page.getByRole('complementary', { name: 'What is selected' })
  await expect(panel.getByRole('group', { name: 'Way back' })).toContainText('inherit')
  // what stands far above its answer brings it into view
  await page.setViewportSize({ width: 1440, height: 720 })
  await panel.getByRole('button', { name: 'Check STRICT' }).click()
  await expect(panel.getByText('Breaks 3 callers')).toBeInViewport()
  await expect(panel.getByRole('radio', { name: /^STRICT/ })).toBeFocused()
  const refused = panel.getByRole('list', { name: 'Callers that would be refused' }).getByRole('listitem')
  await expect(refused).toHaveCount(3)
  for (const [caller, rate] of [
    ['caller without a proxy → payments/payments-api:8080', /\d\/s/],
    ['caller without a proxy → payments/ledger:8080', /\d\/s/],
    ['boutique/paymentservice → payments/payments-api:8080', /\/s/],
  ] as const) {
    const item = refused.filter({ hasText: caller })
    await expect(item).toHaveCount(1)
    await expect(item).toContainText(rate)
    await expect(item).toContainText(/last seen (just now|\d+ (s|min) ago)/)
    await expect(item).toContainText('identity none proved')
  }

  await panel.getByRole('button', { name: 'Review: Set STRICT on payments' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Dry run accepted')).toBeVisible()
  await expect(dialog.getByRole('region', { name: /^Differences of/ })).toContainText('mode: STRICT')
  const confirm = dialog.getByRole('button', { name: 'Set STRICT on payments' })
  await expect(confirm).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'Type payments to confirm' }).fill('payments')
  await confirm.click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  expect(await modeOf(request)).toBe('STRICT')

  // a proxy tells of its refusals; callers without one fall silent, and nobody reports them
  await expect
    .poll(() => callersInGraph(page), { timeout: 120_000, intervals: [3_000] })
    .toMatchObject({ paymentservice: 'failing' })
  await expect
    .poll(async () => Object.keys(await callersInGraph(page)), { timeout: 120_000 })
    .not.toContain('unknown')

  await dialog.getByRole('button', { name: 'Revert' }).click()
  const revert = page.getByRole('dialog', { name: /^Revert the change of PeerAuthentication/ })
  await expect(revert.getByText('Dry run accepted')).toBeVisible()
  await revert.getByRole('button', { name: 'Revert' }).click()
  await expect(revert.getByText('Applied', { exact: true }).first()).toBeVisible()
  expect(await modeOf(request)).toBe('PERMISSIVE')
  await expect
    .poll(() => callersInGraph(page), { timeout: 150_000, intervals: [3_000] })
    .toMatchObject({ paymentservice: 'plain healthy', unknown: 'plain healthy' })
})

test('the page unfolds to ports, keeps its view in the address, and explains each answer', async ({
  page,
}) => {
  await page.goto('/mutual-tls?filter=vault-proxy')
  await page.getByRole('button', { name: 'Unfold vault-proxy' }).click()
  await page.getByRole('button', { name: 'port 8201' }).click()
  await expect(page).toHaveURL(/selected=east\/payments\/vault-proxy:8201/)
  const panel = page.getByRole('complementary', { name: 'What is selected' })
  await expect(panel).toContainText(
    "DISABLE on port 8201 by the workload's PeerAuthentication payments/vault-proxy",
  )
  await page.reload()
  await expect(panel.getByRole('heading', { name: 'vault-proxy port 8201' })).toBeVisible()
  await page.goBack()
  await expect(panel).toBeHidden()
})
