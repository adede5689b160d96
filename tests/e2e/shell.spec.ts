import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { ItemList } from '@/lib/api/schemas/mesh/lists'
import { loaded } from '@/tests/pictures/settled'
import { expect, test } from './fixtures'

test.use({ mesh: 'shell' })

const REVIEWS_V1 = 'east/bookinfo/workload/reviews-v1'

async function passesAxe(page: Page, what: string) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(
    violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`),
    what,
  ).toEqual([])
}

/** How far something reaches beyond the window, or scrolls where nothing should: the document, and pages sideways. */
const overflowOf = (page: Page) =>
  page.evaluate(() => {
    const theme = document.querySelector('[aria-label="Theme"]')?.getBoundingClientRect().right ?? Infinity
    const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement
    const body = document.querySelector('main h1')?.closest('header')?.parentElement
    const sideways = [...(body?.querySelectorAll('div') ?? [])]
      .filter((each) => getComputedStyle(each).overflowX === 'auto' && each.parentElement === body)
      .map((each) => each.scrollWidth - each.clientWidth)
    return {
      masthead: Math.max(0, Math.round(theme - window.innerWidth)),
      document: [scrollHeight - clientHeight, scrollWidth - clientWidth],
      page: Math.max(0, ...sideways),
    }
  })

const rateOf = (list: ItemList) =>
  list.items.find(({ id }) => id === REVIEWS_V1)?.inbound.http?.requestsPerSecond
const rowOf = (page: Page) => page.getByRole('row', { name: /reviews-v1/ }).first()

test('a shared link opens the same view at the same instant, and time goes along', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const live = new Map<number, number | undefined>()
  page.on('response', async (response) => {
    if (!/\/api\/v1\/workloads\?/.test(response.url())) return
    // an answer that a later question overtook has no body
    const body: unknown = await response.json().catch(() => null)
    if (body === null) return
    const list = ItemList.parse(body)
    live.set(list.at, rateOf(list))
  })
  await page.goto('/workloads?namespaces=east/bookinfo&sort=name&window=5m')
  await expect(rowOf(page)).toBeVisible()
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The link is copied' })).toBeVisible()
  await passesAxe(page, 'share')
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const at = Number(new URL(link).searchParams.get('at')) * 1000
  expect(link).toMatch(/\/workloads\?namespaces=east\/bookinfo&sort=name&window=5m&at=\d+$/)
  await expect(page.getByRole('textbox', { name: 'Link' })).toHaveValue(link)
  await page.keyboard.press('Escape')

  const other = await context.newPage()
  const asked = other.waitForResponse((response) =>
    new RegExp(`/api/v1/workloads\\?.*at=${at / 1000}`).test(response.url()),
  )
  await other.goto(link)
  await expect(other.getByRole('button', { name: /^Not live/ })).toBeVisible()
  await expect(rowOf(other)).toBeVisible()
  const pinned = ItemList.parse(await (await asked).json())
  expect(pinned.at).toBe(at)
  expect(rateOf(pinned)).toBeGreaterThan(0)
  expect(rateOf(pinned)).toBeCloseTo(live.get(at) ?? 0, 6)

  // a clipboard that refuses leaves the link selected
  await other.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
    document.execCommand = () => false
  })
  await other.locator('main').focus()
  await other.keyboard.press('s')
  await expect(other.getByRole('status').filter({ hasText: 'the link is selected' })).toBeVisible()
  expect(await other.evaluate(() => window.getSelection()?.toString())).toBe(link)
  await other.keyboard.press('Escape')

  // from page to page the instant stays, until one goes back to live
  await rowOf(other)
    .getByRole('link', { name: /reviews-v1/ })
    .first()
    .click()
  await expect(other).toHaveURL(new RegExp(`/workloads/east/bookinfo/reviews-v1\\?.*at=${at / 1000}`))
  await other.getByRole('link', { name: 'Changes', exact: true }).click()
  await expect(other).toHaveURL(new RegExp(`/changes\\?.*at=${at / 1000}`))
  await other.keyboard.press('l')
  await expect(other).toHaveURL(/\/changes\?(?!.*at=)/)
  await expect(other.getByRole('button', { name: 'Time: last 5 min' })).toBeVisible()
})

test('time is chosen from … to …, and pages follow it', async ({ page }) => {
  await page.goto(`/workloads/east/bookinfo/reviews-v1?tab=metrics`)
  await expect(page.getByRole('figure').first()).toBeVisible()
  await page.keyboard.press('t')
  const form = page.getByRole('form', { name: 'From one time to another' })
  const to = form.getByRole('textbox', { name: 'To' })
  const from = form.getByRole('textbox', { name: 'From' })
  await to.fill('2126-01-01 00:00')
  await expect(form).toContainText('still to come')
  await to.fill('-4m')
  await from.fill('-40d')
  await expect(form).toContainText(/Prometheus keeps .*: nothing before/)
  await from.fill('-21m')
  await passesAxe(page, 'time')
  const asked = page.waitForResponse((response) => /metrics\/node\?.*window=17m/.test(response.url()))
  await form.getByRole('button', { name: 'Show these 17 min' }).click()
  expect((await asked).status()).toBe(200)
  const at = Number(new URL(page.url()).searchParams.get('at'))
  expect(Math.abs(Date.now() / 1000 - 240 - at)).toBeLessThan(60)
  await expect(page.getByRole('button', { name: /^Not live/ })).toBeVisible()
  // by its own length, and to the graph
  await page.locator('main').focus()
  await page.keyboard.press('[')
  await expect(page).toHaveURL(new RegExp(`at=${at - 17 * 60}`))
  await page.keyboard.press('g')
  await page.keyboard.press('g')
  await expect(page).toHaveURL(new RegExp(`/graph\\?.*window=17m.*at=${at - 17 * 60}`))
  await page.locator('[data-testid="graph-canvas"]:not([data-drawn="0"])').waitFor()
  await page.getByRole('button', { name: 'Back to live' }).click()
  await expect(page).not.toHaveURL(/at=|window=/)
})

test('the palette finds objects, pages, views and actions; views are kept', async ({ page }) => {
  await page.goto(`/graph?selected=${REVIEWS_V1}&graphType=workload`)
  await page.getByRole('heading', { name: 'reviews v1' }).waitFor()
  // saved, and found again
  await page.keyboard.press('v')
  const save = page.getByRole('form', { name: 'Save this view' })
  await save.getByRole('textbox').fill('The first reviews')
  await save.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  await page.getByRole('button', { name: 'Rename The first reviews' }).click()
  await page.getByRole('textbox', { name: /New name/ }).fill('Reviews one')
  await page.keyboard.press('Enter')
  await passesAxe(page, 'saved views')
  await page.keyboard.press('Escape')

  const box = page.getByRole('combobox', { name: 'Search the mesh' })
  const find = async (text: string, option: RegExp) => {
    await page.keyboard.press('Control+k')
    await box.fill(text)
    await expect(page.getByRole('option', { name: option }).first()).toBeVisible()
  }
  await find('virtual service reviews', /reviews.*VirtualService in east/)
  await passesAxe(page, 'palette')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(
    /\/config\/east\/networking\.istio\.io\/\w+\/virtualservices\/bookinfo\/reviews/,
  )
  await find('reviews-v2 logs', /Logs of reviews-v2/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/workloads\/east\/bookinfo\/reviews-v2\?tab=logs/)
  await find('reviews baseline', /baseline of reviews/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/traffic-shifting\?filter=reviews/)
  await find('ratings-v1', /ratings-v1.*workload/)
  await page.keyboard.press('Control+Enter')
  await expect(page).toHaveURL(/\/workloads\/east\/bookinfo\/ratings-v1/)
  await find('dark theme', /Dark theme/)
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await find('reveiws', /reviews/)
  await expect(page.getByRole('status').filter({ hasText: 'these are near' })).toBeVisible()
  await passesAxe(page, 'palette in the dark')
  await page.keyboard.press('Escape')
  await find('reviews one', /Reviews one/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/graph\?selected=.*reviews-v1/)

  // keys rest while something is typed, and the help tells of them
  await page.goto('/workloads')
  const filter = page.getByRole('textbox', { name: /filter/i }).first()
  await filter.fill('')
  await filter.pressSequentially('?pt')
  await expect(filter).toHaveValue('?pt')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.locator('main').focus()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keys' })
  await expect(help).toContainText('Back to live')
  await passesAxe(page, 'keys')
  await help.getByRole('switch').click()
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await page.keyboard.press('p')
  // what is done later stands in the address, and the pause does not
  await filter.fill('reviews')
  await expect(page).toHaveURL(/filter=reviews/)
  await expect(page).not.toHaveURL(/refresh=paused/)

  // broken storage is said and survived
  await page.evaluate(() => window.localStorage.setItem('heddle.views', '{"version":9}'))
  await page.reload()
  await page.getByRole('button', { name: 'Saved views' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be read' })).toBeVisible()
  await page.getByRole('form', { name: 'Save this view' }).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('list', { name: 'Saved views' }).getByRole('link')).toHaveCount(1)
  expect(await page.evaluate(() => window.localStorage.getItem('heddle.views.unreadable'))).toBe(
    '{"version":9}',
  )
})

test('what an incident and a past moment add to the masthead is pushed out of no window, and pages keep to theirs', async ({
  page,
  request,
}) => {
  await request.post('/api/v1/demo/scenarios/bad-canary/start')
  await request.post('/api/v1/demo/scenarios/slow-leaf/start')
  const at = Math.floor(Date.now() / 1000) - 120
  for (const [width, path] of [
    [900, '/mesh'],
    [1024, `/mesh?at=${at}`],
    [1280, `/mesh?at=${at}`],
    [900, '/checks'],
    [390, '/traces'],
    [390, '/alerts'],
    [390, '/workloads/east/boutique/checkoutservice'],
    [900, '/workloads/east/bookinfo/reviews-v3?tab=metrics'],
  ] as const) {
    await page.setViewportSize({ width, height: 700 })
    await page.goto(path)
    await expect(page.getByRole('button', { name: 'Embedded mesh: Bad canary, Slow leaf' })).toBeVisible()
    await loaded(page)
    const { masthead, ...rest } = await overflowOf(page)
    expect(rest, `${path} at ${width}`).toEqual({ document: [0, 0], page: 0 })
    // on a telephone it is scrolled to
    if (width > 860) expect(masthead, `${path} at ${width}`).toBe(0)
  }
})

test('on a telephone figures and sentences keep to their own place, and the panel of the graph stands below it', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 800 })
  await page.goto('/namespaces/east/boutique')
  const tiles = page.getByRole('region', { name: 'Figures' }).locator('b')
  await expect(tiles.first()).toBeVisible()
  const boxes = await tiles.evaluateAll((each) => each.map((one) => one.getBoundingClientRect().toJSON()))
  const apart = (a: DOMRect, b: DOMRect) =>
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
  for (const [index, box] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) expect(apart(box, other)).toBe(true)
  }

  await page.goto('/checks')
  // while a document streams in, what just came stands in it twice: the one that is not shown yet has no roles
  const own = page.getByRole('region', { name: 'Heddle’s own: configuration' })
  const title = own.getByText('STRICT while plain text is still sent')
  await expect(title).toBeVisible()
  expect((await title.boundingBox())?.width).toBeGreaterThan(120)

  await page.goto('/graph?selected=east/boutique/workload/frontend')
  const panel = page.getByRole('complementary', { name: 'What is selected' })
  await expect(panel.getByRole('heading', { name: /frontend/ })).toBeVisible()
  const [below, above] = [await panel.boundingBox(), await page.getByTestId('graph-canvas').boundingBox()]
  expect(below?.width).toBe(above?.width)
  expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? Infinity))
})

test('where the system chooses the colours, a line tells which page, tab and choice is the current one', async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto('/workloads/east/boutique/frontend?tab=metrics')
  await loaded(page)
  const lineOf = (name: string) =>
    page
      .getByRole('navigation', { name: 'Parts of this page' })
      .getByRole('link', { name, exact: true })
      .evaluate((tab) => {
        const { backgroundColor } = getComputedStyle(tab.parentElement ?? tab)
        const { borderBottomColor, outlineStyle } = getComputedStyle(tab)
        return [borderBottomColor !== backgroundColor, outlineStyle]
      })
  expect(await lineOf('Metrics')).toEqual([true, 'solid'])
  expect(await lineOf('Traces')).toEqual([false, 'none'])
  const outlineOf = (text: string) =>
    page
      .getByText(text, { exact: true })
      .first()
      .evaluate((each) => {
        const label = each.closest('label, a')
        return label && getComputedStyle(label).outlineStyle
      })
  expect([await outlineOf('Inbound'), await outlineOf('Outbound')]).toEqual(['solid', 'none'])
  expect([await outlineOf('Workloads'), await outlineOf('Services')]).toEqual(['solid', 'none'])
})

test('an idle connection is kept longer than load balancers keep it', async ({ request }) => {
  const { 'keep-alive': kept } = (await request.get('/healthz')).headers()
  expect(Number(/timeout=(\d+)/.exec(kept ?? '')?.[1])).toBeGreaterThan(60)
})
