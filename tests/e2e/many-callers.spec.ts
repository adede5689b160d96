/** Things that more call than their page holds: the others are read when they are asked for. */
import { expect, test, type Locator, type Page } from '@playwright/test'
import { MOST_PEER_EDGES } from '@/lib/graph/peers'
import { startHeddle, type HeddleProcess } from '@/tests/support/heddle/heddle-process'
import { startHoldingProxy, type HoldingProxy } from '@/tests/support/holding-proxy'
import { callsOfHub, HUB } from '@/tests/support/prometheus/hub'
import type { Loopback } from '@/tests/support/loopback'
import { lastScrape, serveScraped } from '@/tests/support/prometheus/scraped-prometheus'

const CALLERS = 400
const SOME = `${MOST_PEER_EDGES} of ${CALLERS}`

test.describe('what hundreds call', () => {
  // an instant that stays: nothing is asked for again but what a reader asks for
  const atMs = lastScrape(Date.now())
  let prometheus: Loopback
  let heddle: HeddleProcess
  /** between browser and Heddle */
  let proxy: HoldingProxy

  test.beforeAll(async () => {
    test.setTimeout(180_000)
    prometheus = await serveScraped(callsOfHub(CALLERS), { lastMs: atMs, now: () => Date.now() })
    heddle = await startHeddle({
      PROMETHEUS_URL: prometheus.url,
      HEDDLE_CLUSTER_NAME: 'east',
      KUBECONFIG: '',
      JAEGER_URL: '',
    })
    proxy = await startHoldingProxy(heddle.url)
  })

  test.afterAll(async () => {
    await proxy?.close()
    await heddle?.stop()
    await prometheus?.close()
  })

  for (const kind of ['workloads', 'services', 'apps']) {
    test(`${kind}: those that matter most come with the page, all of them when asked for`, async ({
      page,
    }) => {
      const part = await calledBy(page, kind)
      await expect(part).toContainText(`${SOME} are here`)
      await showRows(part, MOST_PEER_EDGES)
      // busy, and failing at some requests; the other one is neither
      await expect(rowOf(part, 'c398')).toHaveCount(1)
      await expect(rowOf(part, 'c001')).toHaveCount(0)
      await part.getByRole('button', { name: `Read all ${CALLERS}` }).click()
      await expect(page.getByRole('status').filter({ hasText: 'have been read' })).toHaveCount(1)
      await expect(part).toContainText(`Called by${CALLERS}`)
      await showRows(part, CALLERS)
      await expect(rowOf(part, 'c001')).toHaveCount(1)
      await expect(part.getByRole('button', { name: /^Read/ })).toHaveCount(0)
      await expect(part).not.toContainText('are here')
    })
  }

  test('a reading that fails is said, leaves what is there, and can be tried again', async ({ page }) => {
    await page.clock.install()
    const part = await calledBy(page, 'services')
    await showRows(part, MOST_PEER_EDGES)
    const read = part.getByRole('button', { name: `Read all ${CALLERS}` })
    proxy.refuse(true)
    await read.focus()
    await page.keyboard.press('Enter')
    await expect(async () => {
      // it is tried again, after a pause each time, before it is said
      await page.clock.fastForward(5_000)
      const said = part.getByRole('alert')
      await expect(said).toContainText('server does not answer', { timeout: 100 })
    }).toPass()
    await expect(part).toContainText(`${SOME} are here`)
    await showRows(part, MOST_PEER_EDGES)
    await expect(read).toBeFocused()
    proxy.refuse(false)
    await page.keyboard.press('Enter')
    await showRows(part, CALLERS)
    await expect(part.getByRole('alert')).toHaveCount(0)
    await expect(read).toHaveCount(0)
  })

  /** The callers on the page of the hub. */
  async function calledBy(page: Page, kind: string): Promise<Locator> {
    const { cluster, namespace, name } = HUB
    const scope = `window=2m&at=${atMs / 1000}`
    await page.goto(`${proxy.url}/${kind}/${cluster}/${namespace}/${name}?tab=traffic&${scope}`)
    return page.getByRole('region', { name: 'Called by' })
  }
})

const rowOf = (part: Locator, caller: string) =>
  part.getByRole('row').filter({ has: part.page().getByRole('link', { name: caller, exact: true }) })

/** Unfolds the table until it has these rows, beside its headings, and no more. */
async function showRows(part: Locator, count: number): Promise<void> {
  const more = part.getByRole('button', { name: /^Show / })
  await expect(async () => {
    while ((await more.count()) > 0) await more.click()
    expect(await part.getByRole('row').count()).toBe(count + 1)
  }).toPass()
}
