import { test as base, type Page } from '@playwright/test'
import type { Core } from 'cytoscape'
import type { Graph, GraphPatch } from '@/lib/api/schemas/mesh/graph'
import { startHeddle, type HeddleProcess } from '../support/heddle/heddle-process'

interface OfWorker {
  /**
   * Which embedded mesh a file's tests run on: the one that those share which leave it as it was, or, named after the
   * file, one of its own. Whoever changes configuration or makes an incident part of the last hour takes their own,
   * so that neither the order of files nor how many run at once decides what a test finds.
   */
  mesh: string
  heddle: HeddleProcess
}

/** The embedded mesh as a person starts it, shared by the tests of a worker; incidents are ended after each. */
export const test = base.extend<{ graph: GraphPage; quiet: undefined }, OfWorker>({
  // Playwright gives another value another worker, and so another Heddle
  mesh: ['shared', { option: true, scope: 'worker' }],
  heddle: [
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
      await use(undefined)
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

interface Point {
  x: number
  y: number
}

/** The graph page in the words of those who use it. */
export class GraphPage {
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

  /** Where each node lies: in the graph's own pixels, and on the page. */
  async places(): Promise<Map<string, { inGraph: Point; onPage: Point }>> {
    const places = await this.page.getByTestId('graph-canvas').evaluate((canvas) => {
      type Held = Element & { _cyreg?: { cy: Core } }
      const holder = [...canvas.querySelectorAll<Held>('*')].find((element) => element._cyreg)
      const frame = canvas.getBoundingClientRect()
      return (holder?._cyreg?.cy.nodes().toArray() ?? []).map((node) => {
        const { x, y } = node.renderedPosition()
        return [
          node.id(),
          { inGraph: { ...node.position() }, onPage: { x: frame.x + x, y: frame.y + y } },
        ] as const
      })
    })
    return new Map(places)
  }

  /** Where the services of each namespace lie on the canvas, in the graph's own pixels. */
  async namespaceBoxes(): Promise<
    { id: string; left: number; right: number; top: number; bottom: number }[]
  > {
    const places = new Map<string, Point[]>()
    for (const [id, { inGraph }] of await this.places()) {
      const namespace = /^[^/]+\/[^/]+(?=\/service\/)/.exec(id)?.[0]
      if (namespace) places.set(namespace, [...(places.get(namespace) ?? []), inGraph])
    }
    return [...places].map(([id, at]) => {
      const [xs, ys] = [at.map(({ x }) => x), at.map(({ y }) => y)]
      return {
        id,
        left: Math.min(...xs),
        right: Math.max(...xs),
        top: Math.min(...ys),
        bottom: Math.max(...ys),
      }
    })
  }

  /** How many refreshes of the live feed pass, from now on, until this node is failing. */
  async refreshesUntilFailing(id: string): Promise<number> {
    return this.page.evaluate(
      (node) =>
        new Promise<number>((resolve) => {
          const feed = new EventSource('/api/v1/graph/stream')
          // a refresh comes in two parts, traffic and then latency, of the same instant
          const instants = new Set<number>()
          const look = ({ nodes }: Graph | GraphPatch) => {
            if (!nodes.some((each) => each.id === node && each.health.status === 'failing')) return
            feed.close()
            resolve(instants.size)
          }
          const read = (event: Event) =>
            JSON.parse((event as MessageEvent<string>).data) as Graph | GraphPatch
          // it may have failed before the feed was there: no patch says again what did not change
          feed.addEventListener('graph', (event) => look(read(event)))
          feed.addEventListener('patch', (event) => {
            const patch = read(event)
            instants.add(patch.at)
            look(patch)
          })
        }),
      id,
    )
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
