/** Lists with 10,000 rows: at the server, until rows are on screen, and while they are scrolled. */
import { startHeddle } from '../support/heddle-process'
import { median, type Row } from './report'
import { launch, scrolled, untilShown, watchedPage } from './watched-page'
import { serveWide } from './wide-prometheus'

const WORKLOADS = 10_000
const ASKED = 10
const OPENED = 3
const TABLE = '[role=region][aria-label=Workloads]'

export async function measureLists(): Promise<Row[]> {
  const wide = await serveWide(WORKLOADS)
  const heddle = await startHeddle({
    PROMETHEUS_URL: wide.url,
    JAEGER_URL: '',
    TEMPO_URL: '',
    KUBECONFIG: '',
    HEDDLE_CONFIG: '',
    HEDDLE_CLUSTER_NAME: 'east',
  })
  const browser = await launch()
  try {
    const scope = `at=${wide.at}&window=2m`
    const ask = async (): Promise<{ ms: number; rows: number }> => {
      const begun = performance.now()
      const answer = await fetch(`${heddle.url}/api/v1/workloads?${scope}`)
      const bytes = await answer.arrayBuffer()
      const ms = performance.now() - begun
      const { items } = JSON.parse(Buffer.from(bytes).toString()) as { items: unknown[] }
      return { ms, rows: items.length }
    }
    const first = await ask()
    if (first.rows < WORKLOADS) throw new Error(`the list has ${first.rows} rows`)
    const warm: number[] = []
    for (let round = 0; round < ASKED; round += 1) warm.push((await ask()).ms)
    const opened: number[] = []
    let page = await watchedPage(browser)
    for (let round = 0; round < OPENED; round += 1) {
      if (round > 0) {
        await page.close()
        page = await watchedPage(browser)
      }
      opened.push(await untilShown(page, `${heddle.url}/workloads?${scope}`, `${TABLE} [data-index="0"]`))
    }
    const scroll = await scrolled(page, TABLE)
    const rows = WORKLOADS.toLocaleString('en')
    return [
      {
        what: `list of ${rows} workloads, warm, at the server`,
        measured: median(warm),
        budget: 300,
        unit: 'ms',
        note: `median of ${ASKED}, until a client has read it all, compressed; cold ${Math.round(first.ms)} ms with Prometheus's part`,
      },
      {
        what: `list of ${rows} workloads, from the address to rows on screen`,
        measured: median(opened),
        budget: 2_500,
        unit: 'ms',
        note: `median of ${OPENED}, worst ${Math.round(Math.max(...opened))} ms`,
      },
      {
        what: `scrolling a list of ${rows} workloads`,
        measured: scroll.fps,
        budget: 30,
        unit: 'fps',
        isFloor: true,
        note: `longest block of the main thread ${Math.round(scroll.longestMs)} ms`,
      },
    ]
  } finally {
    await browser.close()
    await heddle.stop()
    await wide.stop()
  }
}
