import AxeBuilder from '@axe-core/playwright'
import type { APIRequestContext } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ mesh: 'changes' })

const REF = {
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'bookinfo',
  name: 'reviews',
}
const OBJECT = '/api/v1/config/networking.istio.io/v1/virtualservices/bookinfo/reviews'

async function labelled(request: APIRequestContext, text: string, reason: string) {
  const detail = (await (await request.get(OBJECT)).json()) as { object: { metadata: { labels?: object } } }
  const labels = { ...detail.object.metadata.labels, note: text }
  const answer = await request.post('/api/v1/config/apply', {
    data: {
      reason,
      changes: [{ op: 'patch', ref: REF, patch: [{ op: 'add', path: '/metadata/labels', value: labels }] }],
    },
  })
  expect(answer.status()).toBe(200)
  return ((await answer.json()) as { id: string }).id
}

async function noteOf(request: APIRequestContext) {
  const detail = (await (await request.get(OBJECT)).json()) as {
    object: { metadata: { labels?: { note?: string } } }
  }
  return detail.object.metadata.labels?.note
}

test('a change is found in the history and taken back through the review', async ({ page, request }) => {
  await labelled(request, 'one', 'try a label')
  await page.goto('/changes?filter=try+a+label')
  await page
    .getByRole('row', { name: /try a label/ })
    .getByRole('link')
    .click()
  await expect(page.getByRole('region', { name: /^Differences of/ })).toContainText('note: one')
  await page.getByRole('button', { name: 'Revert' }).click()

  const dialog = page.getByRole('dialog', { name: /^Revert the change of VirtualService/ })
  await expect(dialog.getByText('Dry run accepted')).toBeVisible()
  await expect(dialog.getByRole('region', { name: /^Differences of/ })).toContainText('removed: ')
  await expect(dialog.getByRole('region', { name: 'Live traffic' })).toContainText('requests from')
  await expect(dialog.getByRole('region', { name: 'Rights' })).toContainText('demo-admin')
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze()
  expect(violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([])
  await dialog.getByRole('button', { name: 'Revert' }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  expect(await noteOf(request)).toBeUndefined()
  await dialog.getByRole('link', { name: 'Show the change in the history' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Revert: / })).toBeVisible()
})

test('two people change one object: three versions side by side, joined through a new preview', async ({
  page,
  request,
}) => {
  const id = await labelled(request, 'mine', 'first of two')
  await page.goto(`/changes/${id}`)
  await page.getByRole('button', { name: 'Revert' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Dry run accepted')).toBeVisible()
  // somebody else is faster, in another field
  const theirs = await request.post('/api/v1/config/apply', {
    data: {
      changes: [
        {
          op: 'patch',
          ref: REF,
          patch: [{ op: 'add', path: '/metadata/annotations', value: { seen: 'elsewhere' } }],
        },
      ],
    },
  })
  expect(theirs.status()).toBe(200)
  await dialog.getByRole('button', { name: 'Revert' }).click()
  await expect(dialog.getByRole('region', { name: 'Theirs: as it is now', exact: true })).toContainText(
    'elsewhere',
  )
  await dialog.getByRole('button', { name: 'Preview mine on theirs' }).click()
  await dialog.getByRole('button', { name: 'Revert' }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  const { object } = (await (await request.get(OBJECT)).json()) as {
    object: { metadata: { labels?: object; annotations?: object } }
  }
  expect(object.metadata.annotations).toMatchObject({ seen: 'elsewhere' })
  expect(object.metadata.labels ?? {}).not.toHaveProperty('note')
})
