/** Graphs so large that their lines are painted by ourselves: they are seen and caught as those of small ones. */
import type { Page } from '@playwright/test'
import { drawnGraph, graphEdge, graphNode } from '@/tests/support/graph/drawn-graph'
import { expect, test, type GraphPage } from './fixtures'

const COUNT = 420
const nodes = Array.from({ length: COUNT }, (_, index) => graphNode(`n${String(index).padStart(3, '0')}`))
const named = (index: number) => {
  const node = nodes[index]
  if (!node) throw new Error(`there is no node ${index}`)
  return node
}
const failing = graphEdge(named(100), named(101), {
  health: { status: 'failing', reasons: [] },
  errorRatio: 0.4,
})
const well = graphEdge(named(200), named(201))

test.beforeEach(async ({ page }) => {
  const graph = { ...drawnGraph(nodes, [failing, well]), at: Date.now() }
  await page.route(/\/api\/v1\/graph(\?|$)/, (route) => route.fulfill({ json: graph }))
})

test('a failing line is caught far out, any line near by', async ({ graph, page }) => {
  await graph.open('?layout=grid&refresh=paused')
  const outside = await middleOf(graph, well)
  await page.mouse.move(outside.x, outside.y)
  await page.mouse.click(outside.x, outside.y)
  // far out the lines are one cloth, of which only what is not well stands out: the box they lie in is caught
  await expect.poll(() => selectedOf(page)).toBe('box:east/shop')
  const at = await middleOf(graph, failing)
  await page.mouse.move(at.x, at.y)
  await expect(page.getByText('n100 to n101')).toBeVisible()
  await page.mouse.click(at.x, at.y)
  await expect.poll(() => selectedOf(page)).toBe(failing.id)
  await page.keyboard.press('Escape')
  await zoomTo(graph, 200)
  const near = await middleOf(graph, well)
  await page.mouse.move(near.x, near.y)
  await expect(page.getByText('n200 to n201')).toBeVisible()
  await page.mouse.click(near.x, near.y)
  await expect.poll(() => selectedOf(page)).toBe(well.id)
})

test('lines are painted, and painted anew where a node is dragged', async ({ graph, page }) => {
  await graph.open('?layout=grid&refresh=paused')
  await zoomTo(graph, 200)
  const before = await middleOf(graph, well)
  await expect.poll(() => inkAt(page, before)).toBeGreaterThan(0)
  const from = await placeOf(graph, named(201).id)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x, from.y + 60, { steps: 4 })
  await page.mouse.up()
  const after = await middleOf(graph, well)
  expect(after.y).toBeGreaterThan(before.y + 20)
  await expect.poll(() => inkAt(page, after)).toBeGreaterThan(0)
  await expect.poll(() => inkAt(page, before)).toBe(0)
})

test('a graph at rest asks for no frames', async ({ graph, page }) => {
  await graph.open('?layout=grid&refresh=paused')
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const { requestAnimationFrame } = window
            let asked = 0
            window.requestAnimationFrame = (callback) => {
              asked += 1
              return requestAnimationFrame.call(window, callback)
            }
            setTimeout(() => {
              window.requestAnimationFrame = requestAnimationFrame
              resolve(asked)
            }, 500)
          }),
      ),
    )
    .toBe(0)
  // and is there again when it is needed
  const before = await placeOf(graph, named(0).id)
  await page.getByTestId('graph-canvas').focus()
  await page.keyboard.press('+')
  await expect.poll(async () => (await placeOf(graph, named(0).id)).x).not.toBe(before.x)
})

const selectedOf = (page: Page) => new URL(page.url()).searchParams.get('selected')

/** Where a node is on the page. */
async function placeOf(graph: GraphPage, id: string): Promise<{ x: number; y: number }> {
  const place = (await graph.places()).get(id)
  if (!place) throw new Error(`${id} is not drawn`)
  return place.onPage
}

async function middleOf(graph: GraphPage, { source, target }: { source: string; target: string }) {
  const [from, to] = [await placeOf(graph, source), await placeOf(graph, target)]
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
}

/** Wheels in until this node is far enough from the next one to read both. */
async function zoomTo(graph: GraphPage, index: number): Promise<void> {
  const apart = async () => {
    const [one, next] = [await placeOf(graph, named(index).id), await placeOf(graph, named(index + 1).id)]
    return Math.hypot(next.x - one.x, next.y - one.y)
  }
  for (let before = await apart(); before < 110; before = await apart()) {
    const at = await placeOf(graph, named(index).id)
    await graph.page.mouse.move(at.x, at.y)
    await graph.page.mouse.wheel(0, -300)
    await expect.poll(apart).toBeGreaterThan(before)
  }
}

/** How much is painted on the layer of lines at a spot of the page: the sum of what is not transparent round it. */
function inkAt(page: Page, at: { x: number; y: number }): Promise<number> {
  return page.getByTestId('graph-canvas').evaluate((frame, { x, y }) => {
    const [, lines] = frame.querySelectorAll('canvas')
    const box = frame.getBoundingClientRect()
    if (!lines) throw new Error('there is no layer of lines')
    const scale = lines.width / box.width
    const pixels = lines
      .getContext('2d')
      ?.getImageData(Math.round((x - box.x) * scale) - 2, Math.round((y - box.y) * scale) - 2, 5, 5)
    let ink = 0
    for (const [index, value] of (pixels?.data ?? []).entries()) if (index % 4 === 3) ink += value
    return ink
  }, at)
}
