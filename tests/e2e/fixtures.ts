import { test as base, type Page } from '@playwright/test'
import { startHeddle, type HeddleProcess } from '../support/heddle-process'

/** The embedded mesh as a person starts it, shared by the tests of a worker; incidents are ended after each. */
export const test = base.extend<{ graph: GraphPage; quiet: void }, { heddle: HeddleProcess }>({
  heddle: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants the pattern
    async ({}, use) => {
      const heddle = await startHeddle({ HEDDLE_DEMO_SEED: '7' })
      await use(heddle)
      await heddle.stop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ heddle }, use) => use(heddle.url),
  quiet: [
    async ({ request }, use) => {
      await use()
      const list = await request.get('/api/v1/demo/scenarios')
      const { items } = (await list.json()) as { items: { name: string; active: boolean }[] }
      for (const { name } of items.filter((item) => item.active && item.name !== 'healthy')) {
        await request.post(`/api/v1/demo/scenarios/${name}/stop`)
      }
    },
    { auto: true },
  ],
  graph: async ({ page }, use) => use(new GraphPage(page)),
})

export { expect } from '@playwright/test'

/** The graph page in the words of those who use it. */
class GraphPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`/graph${query}`)
    await this.page.locator('[data-testid="graph-canvas"]:not([data-drawn="0"])').waitFor()
  }

  /** A node as screen readers hear it. */
  node(id: string) {
    return this.page.locator(`[data-node-id="${id}"]`)
  }

  get panel() {
    return this.page.getByRole('complementary', { name: 'What is selected' })
  }

  async startScenario(title: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Embedded mesh/ }).click()
    await this.page.getByRole('menuitem', { name: `Start ${title}` }).click()
    await this.page.getByRole('menuitem', { name: `Stop ${title}` }).waitFor()
    await this.page.keyboard.press('Escape')
  }

  async stopScenario(title: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Embedded mesh/ }).click()
    await this.page.getByRole('menuitem', { name: `Stop ${title}` }).click()
    await this.page.getByRole('menuitem', { name: `Start ${title}` }).waitFor()
    await this.page.keyboard.press('Escape')
  }
}
