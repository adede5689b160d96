/** What the browser needs for 1,000 nodes: first layout, a refresh in place, panning. */
import type { ServerResponse } from 'node:http'
import type { Page } from '@playwright/test'
import type { Graph, GraphPatch } from '@/lib/api/schemas/mesh/graph'
import type { BenchMesh } from './grounds/mesh'
import { median, type Row } from './report'
import { firstLoadKb } from '../support/heddle/first-load'
import { forward } from '../support/forward'
import { until } from '../support/until'
import { readMetrics, serve } from './server'
import { launch, longestTask, movedPage, nextFrame, watchedPage } from './instruments/watched-page'
import { serveLoopback } from '../support/loopback'

/** of the elements, how many a refresh changes */
const CHANGED = 0.1
const REFRESHES = 6
/** of the document's scripts: what a reader waits for; a browser test keeps it */
const FIRST_LOAD_BUDGET_KB = 335
/** of everything until the graph is drawn: canvas, layout and panels come lazily */
const PAGE_BUDGET_KB = 520

export async function measureBrowser(mesh: BenchMesh): Promise<Row[]> {
  const heddle = await serve(mesh, {})
  const graph = (await (await fetch(`${heddle.url}/api/v1/graph?at=${mesh.at}&window=2m`)).json()) as Graph
  const feed = await serveFeed(heddle.url)
  const browser = await launch()
  try {
    const page = await watchedPage(browser)
    const transferred = countJavaScript(page)
    await page.goto(`${feed.url}/graph`)
    await feed.opened
    await untilQuiet(heddle.url)
    const [readable, javascriptKb] = [await untilDrawn(page, feed, graph), await transferred()]
    const blocked: number[] = []
    for (let round = 0; round < REFRESHES; round += 1)
      blocked.push(await blockedByRefresh(page, feed, graph, round))
    const fps = await panningFps(page)
    return [
      {
        what: 'graph of 1,000 services, from the answer to laid out and drawn',
        measured: readable,
        budget: 5000,
        unit: 'ms',
        note: `${graph.nodes.length} nodes, ${graph.edges.length} edges`,
      },
      {
        what: 'refresh in place with 10 % of elements changed: longest block of the main thread',
        measured: median(blocked),
        budget: 250,
        unit: 'ms',
        note: `median of ${REFRESHES}, worst ${Math.round(Math.max(...blocked))} ms`,
      },
      { what: 'panning', measured: fps, budget: 20, unit: 'fps', isFloor: true },
      {
        what: 'first-load JavaScript of the graph page, compressed',
        measured: await firstLoadKb(`${heddle.url}/graph`),
        budget: FIRST_LOAD_BUDGET_KB,
        unit: 'kB',
      },
      {
        what: 'all JavaScript until the graph is drawn, compressed',
        measured: javascriptKb,
        budget: PAGE_BUDGET_KB,
        unit: 'kB',
      },
    ]
  } finally {
    await browser.close()
    await feed.stop()
    await heddle.stop()
  }
}

interface Feed {
  url: string
  /** the page has opened the live feed */
  opened: Promise<void>
  /** sends an event of the live feed */
  send(event: 'graph' | 'patch', data: unknown): void
  stop(): Promise<void>
}

/** Heddle's own pages, with a live feed that says what the benchmark wants it to say. */
async function serveFeed(target: string): Promise<Feed> {
  let viewer: ServerResponse | undefined
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  const server = await serveLoopback((incoming, outgoing) => {
    if (incoming.url?.startsWith('/api/v1/graph/stream')) {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      outgoing.flushHeaders()
      viewer = outgoing
      open()
      return
    }
    forward(incoming, outgoing, new URL(target))
  })
  return {
    url: server.url,
    opened,
    send: (event, data) => viewer?.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    stop: server.close,
  }
}

/** What the page asked besides is answered: Prometheus shares the machine's cores with the browser. */
async function untilQuiet(url: string): Promise<void> {
  let before = -1
  await until(
    'Heddle to ask nothing for two seconds',
    async () => {
      const now = (await readMetrics(url))('heddle_upstream_request_duration_seconds_count')
      const isQuiet = now === before
      before = now
      return isQuiet || undefined
    },
    { withinMs: 60_000, everyMs: 2_000 },
  )
}

/** Milliseconds from the answer's arrival to the first frame after the layout was drawn. */
async function untilDrawn(page: Page, feed: Feed, graph: Graph): Promise<number> {
  feed.send('graph', graph)
  const begun = performance.now()
  await page.waitForSelector('[data-testid="graph-canvas"]:not([data-drawn="0"])', { timeout: 120_000 })
  await nextFrame(page)
  return performance.now() - begun
}

/** The longest task of the main thread between a patch and the idle moment after it, in milliseconds. */
async function blockedByRefresh(page: Page, feed: Feed, graph: Graph, round: number): Promise<number> {
  const since = await page.evaluate(() => performance.now())
  feed.send('patch', changedPart(graph, round))
  // two frames after the figures on screen are those of the patch, nothing of it is left to do
  await page.waitForFunction(
    (start) => new Promise((resolve) => requestIdleCallback(() => resolve(performance.now() - start > 1500))),
    since,
    { timeout: 30_000 },
  )
  return longestTask(page, since)
}

/** A patch in which every tenth element has other figures, other ones each round. */
function changedPart(graph: Graph, round: number): GraphPatch {
  const every = Math.round(1 / CHANGED)
  const factor = 1 + 0.17 * (round + 1)
  const chosen = <T>(items: readonly T[]) => items.filter((_, index) => index % every === round % every)
  return {
    at: graph.at + (round + 1) * 15_000,
    notices: [],
    nodes: chosen(graph.nodes).map((node) => ({
      ...node,
      inbound: {
        ...node.inbound,
        http: node.inbound.http && {
          ...node.inbound.http,
          requestsPerSecond: node.inbound.http.requestsPerSecond * factor,
        },
      },
    })),
    edges: chosen(graph.edges).map((edge) => ({
      ...edge,
      requestsPerSecond: edge.requestsPerSecond === null ? null : edge.requestsPerSecond * factor,
    })),
    removedNodes: [],
    removedEdges: [],
  }
}

/** Frames per second while the graph is dragged across for two seconds at a zoom where names are read. */
async function panningFps(page: Page): Promise<number> {
  const box = await page.getByTestId('graph-canvas').boundingBox()
  if (!box) throw new Error('the graph has no size')
  const [x, y] = [box.x + box.width / 2, box.y + box.height - 12]
  await page.mouse.move(x, y)
  await page.mouse.down()
  const { fps } = await movedPage(page, (step) =>
    page.mouse.move(x + 200 * Math.sin(step / 8), y - 100 - 100 * Math.cos(step / 8)),
  )
  await page.mouse.up()
  return fps
}

/** Kilobytes of script as they came over the wire; ask once the page has drawn. */
function countJavaScript(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (done) => {
    if (done.resourceType() === 'script') sizes.push(done.sizes().then((size) => size.responseBodySize))
  })
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000
}
