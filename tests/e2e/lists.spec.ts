import { expect, test } from './fixtures'

test('columns are chosen and stay; rows are copied as they are shown', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/workloads?filter=app=reviews')
  const table = page.getByRole('table', { name: 'Workloads' })
  await expect(table.getByRole('link', { name: 'reviews-v1' })).toBeVisible()
  await expect(table.getByRole('link', { name: 'ratings-v1' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'Labels' }).check()
  await page.getByRole('checkbox', { name: 'P99' }).uncheck()
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(table.getByRole('columnheader', { name: /Labels/ })).toBeVisible()
  await expect(table.getByRole('columnheader', { name: /P99/ })).toHaveCount(0)

  await page.getByRole('button', { name: 'Copy CSV' }).click()
  await expect(page.getByText('3 rows copied')).toBeVisible()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  const [header, ...rows] = text.trim().split(/\r?\n/)
  expect(header).toMatch(/^Health,Name,Namespace,/)
  expect(header).toContain('Requests (1/s)')
  expect(header).not.toContain('P99')
  expect(rows).toHaveLength(3)
  expect(rows[0]).toContain('reviews-v')
})

test('on paper a list has all its rows, and nothing to go elsewhere', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 500 })
  await page.goto('/workloads')
  const table = page.getByRole('table', { name: 'Workloads' })
  const rows = table.getByRole('row')
  await expect(table.getByRole('link').first()).toBeVisible()
  const all = Number(await table.getAttribute('aria-rowcount'))
  expect(await rows.count()).toBeLessThan(all)

  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
  await expect(rows).toHaveCount(all)
  await expect(page.getByRole('navigation')).toHaveCount(0)
  // the page is as long as its list
  const last = await rows.last().boundingBox()
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  expect(height).toBeGreaterThanOrEqual((last?.y ?? 0) + (last?.height ?? Infinity))

  await page.emulateMedia({ media: 'screen' })
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await expect.poll(() => rows.count()).toBeLessThan(all)
})
