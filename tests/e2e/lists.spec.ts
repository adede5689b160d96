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
