import type { APIRequestContext, Locator } from '@playwright/test'
import { expect, test } from './fixtures'

test.use({ mesh: 'config' })

const PAGE = '/config/east/networking.istio.io/v1/virtualservices/bookinfo/details'
const OBJECT = '/api/v1/config/networking.istio.io/v1/virtualservices/bookinfo/details'
const RULE = '/api/v1/config/networking.istio.io/v1/destinationrules/bookinfo/ratings-spec'
const TEXT = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: details
  namespace: bookinfo
spec:
  hosts:
    - details
  http:
    - route:
        - destination:
            host: details
`

/** The object as the API server holds it; null: there is none. */
async function inCluster(request: APIRequestContext, path: string) {
  const answer = await request.get(path)
  if (answer.status() === 404) return null
  expect(answer.ok(), await answer.text()).toBe(true)
  const { object } = (await answer.json()) as { object: { spec: unknown } }
  return object.spec
}

test('a mistake in the editor is found at its line, survives a reload, is put right, applied and compared', async ({
  page,
  request,
}) => {
  const made = await request.post('/api/v1/config/apply', {
    data: {
      reason: 'made for a test',
      changes: [
        {
          op: 'create',
          ref: {
            group: 'networking.istio.io',
            version: 'v1',
            kind: 'VirtualService',
            namespace: 'bookinfo',
            name: 'details',
          },
          object: {
            apiVersion: 'networking.istio.io/v1',
            kind: 'VirtualService',
            metadata: { name: 'details', namespace: 'bookinfo' },
            spec: { hosts: ['details'], http: [{ route: [{ destination: { host: 'details' } }] }] },
          },
        },
      ],
    },
  })
  expect(made.status()).toBe(200)
  await page.goto(PAGE)
  const editor = page.getByRole('textbox', { name: /^YAML of VirtualService/ })
  const write = async (text: string) => {
    await editor.focus()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText(text)
  }
  await write(TEXT.replace('host: details\n', 'host: nowhere\n'))
  const findings = page.getByRole('list', { name: 'Findings of the text' })
  await expect(findings.getByRole('link', { name: 'IST0101' })).toHaveAttribute('href', '/checks/IST0101')
  await expect(async () => {
    await page.mouse.move(0, 0)
    await page.locator('.cm-lint-marker-error').first().hover()
    const code = page.locator('.cm-tooltip-lint a')
    await expect(code).toHaveAttribute('href', '/checks/IST0101', { timeout: 2_000 })
  }).toPass({ timeout: 20_000 })
  await expect(page.getByText('kept in this browser')).toBeVisible()

  await page.reload()
  await page.getByRole('button', { name: 'Restore draft' }).click()
  await expect(findings.getByRole('link', { name: 'IST0101' })).toBeVisible()

  await write(TEXT.replace('    - route:', '    - timeout: 7s\n      route:'))
  await expect(findings).toBeHidden()
  await page.getByRole('button', { name: 'Review change' }).click()
  const dialog = page.getByRole('dialog', { name: /^Change VirtualService/ })
  await expect(dialog.getByText('Dry run accepted')).toBeVisible()
  await expect(dialog.getByRole('region', { name: /^Differences of/ })).toContainText('timeout: 7s')
  await dialog.getByLabel(/^Reason/).fill('seven seconds')
  await dialog.getByRole('button', { name: 'Apply change' }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  expect(await inCluster(request, OBJECT)).toMatchObject({ http: [{ timeout: '7s' }] })
  await page.keyboard.press('Escape')

  await expect(page.getByRole('row', { name: /seven seconds/ })).toBeVisible()
  await page.getByText('Compare', { exact: true }).click()
  await page.getByRole('combobox', { name: 'Compare with' }).click()
  await page.getByRole('option', { name: /seven seconds/ }).click()
  await expect(page.locator('.cm-mergeView')).toContainText('timeout: 7s')
  await expect(page).toHaveURL(/compare=/)
})

test('what is typed a moment before one leaves by a link is kept, at every visit', async ({ page }) => {
  const leaveAtOnce = async (editor: Locator, text: string) => {
    await editor.focus()
    await page.keyboard.press('ControlOrMeta+End')
    await page.keyboard.insertText(text)
    await page.evaluate(() => document.querySelector<HTMLElement>('nav a[href^="/services"]')?.click())
    await expect(page).toHaveURL(/\/services/)
    await page.goBack()
  }
  await page.goto('/config/east/networking.istio.io/v1/virtualservices/bookinfo/reviews')
  const editor = page.getByRole('textbox', { name: /^YAML of VirtualService/ })
  await expect(editor).toContainText('name: everyone')
  await leaveAtOnce(editor, 'oops: 1')
  await page.getByRole('button', { name: 'Restore draft' }).click()
  await expect(editor).toContainText('oops: 1')
  await page.getByRole('button', { name: 'Undo all' }).click()

  for (const [address, name] of [
    ['/config/new', 'YAML of new objects'],
    ['/checks/analyze', 'YAML to analyze'],
  ] as const) {
    await page.goto(address)
    const text = page.getByRole('textbox', { name })
    await leaveAtOnce(text, '# first\n')
    await expect(text).toContainText('first')
    await leaveAtOnce(text, '# second\n')
    await page.reload()
    await expect(text).toContainText('second')
    await page.getByRole('button', { name: 'Clear' }).click()
  }
})

test('the editor completes and explains fields from the cluster’s schema, folds and searches', async ({
  page,
}) => {
  await page.goto('/config/east/networking.istio.io/v1/virtualservices/bookinfo/reviews')
  const editor = page.getByRole('textbox', { name: /^YAML of VirtualService/ })
  await expect(editor).toContainText('name: everyone')
  // a pointer that came before the schema, or that the text moved away from, has to move again
  await expect(async () => {
    await page.mouse.move(0, 0)
    await editor.getByText('hosts', { exact: true }).hover()
    await expect(page.locator('.cm-tooltip-hover')).toContainText(/destination hosts/i, { timeout: 2_000 })
  }).toPass({ timeout: 20_000 })
  await editor.getByText('everyone').click()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('cors')
  await page.keyboard.press('Control+Space')
  const options = page.locator('.cm-tooltip-autocomplete')
  await options.getByText('corsPolicy').click()
  await expect(editor).toContainText('corsPolicy:')
  await page.getByRole('button', { name: 'Undo all' }).click()

  const lines = page.locator('.cm-line')
  const before = await lines.count()
  await page.locator('.cm-foldGutter').getByTitle('Fold line', { exact: true }).first().click()
  await expect.poll(() => lines.count()).toBeLessThan(before)
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+f')
  const search = page.locator('.cm-search input[name="search"]')
  await search.pressSequentially('jason')
  await search.press('Enter')
  await expect(page.locator('.cm-searchMatch-selected')).toHaveText('jason')
})

test('what the checks say of a service stands on its pages, beside the objects that steer it', async ({
  page,
}) => {
  await page.goto('/config/east/-/v1/services/payments/payments-api')
  const findings = page.getByRole('list', { name: 'Findings about payments-api' })
  await expect(findings.getByRole('link', { name: 'HED0007' })).toBeVisible()
  await page.goto('/services/east/payments/payments-api')
  const row = page.getByRole('listitem').filter({ hasText: 'payments/payments-api' }).first()
  await expect(row.getByRole('img', { name: /warning/i })).toBeVisible()
})

test('an object is made from a template, and deleted through its review', async ({ page, request }) => {
  await page.goto('/config')
  await page.getByRole('link', { name: 'New' }).click()
  const form = page.locator('main form')
  await form.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Destination rule' }).click()
  await form.getByLabel('Namespace').fill('bookinfo')
  await form.getByLabel('Name', { exact: true }).fill('ratings-spec')
  await form.getByLabel('Service').fill('ratings')
  await page.keyboard.press('Escape')
  await form.getByRole('button', { name: 'Add to the text' }).click()
  await page.getByRole('button', { name: 'Review new object' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Dry run accepted')).toBeVisible()
  await dialog.getByRole('button', { name: 'Apply change' }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  expect(await inCluster(request, RULE)).toMatchObject({ host: 'ratings.bookinfo.svc.cluster.local' })
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'DestinationRule bookinfo/ratings-spec' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(dialog.getByText('Dry run accepted')).toBeVisible()
  const typed = dialog.getByLabel('Type ratings-spec to confirm')
  if (await typed.isVisible()) await typed.fill('ratings-spec')
  await dialog.getByRole('button', { name: /^Delete this/ }).click()
  await expect(dialog.getByText('Applied', { exact: true }).first()).toBeVisible()
  expect(await inCluster(request, RULE)).toBeNull()
})

test('YAML that is not in the cluster is analyzed: a broken line first, then what is wrong with the objects', async ({
  page,
}) => {
  await page.goto('/checks')
  await page.getByRole('link', { name: 'Analyze YAML' }).click()
  const editor = page.getByRole('textbox', { name: 'YAML to analyze' })
  await editor.focus()
  await page.keyboard.insertText(`${TEXT}---\nkind: [\n`)
  await expect(page.getByRole('alert').filter({ hasText: 'no set of objects' })).toContainText('Line 1')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(TEXT.replace('host: details\n', 'host: nowhere\n'))
  const findings = page.getByRole('list', { name: 'Findings of the text' })
  await expect(findings.getByRole('link', { name: 'IST0101' })).toBeVisible()
  await expect(page.locator('.cm-lint-marker-error')).toBeVisible()
  // by itself the service is missing too; in the cluster it is there
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(TEXT)
  await expect(page.getByText('The checks find nothing wrong with it.')).toBeVisible()
  await page.getByText('By itself', { exact: true }).click()
  await expect(findings.getByRole('link', { name: 'IST0101' })).toBeVisible()
})
