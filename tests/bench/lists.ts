/** Lists with 10,000 rows: at the server, until rows are on screen, and while they are scrolled. */
import { measureManyRows } from './instruments/many-rows'
import { median, type Row } from './report'
import { answered, answeredTimes, serveOn } from './instruments/serve'
import { launch } from './instruments/watched-page'
import { serveWide } from './grounds/wide-prometheus'

const WORKLOADS = 10_000
const ASKED = 10
const OPENED = 3

export async function measureLists(): Promise<Row[]> {
  const wide = await serveWide(WORKLOADS)
  const heddle = await serveOn({ PROMETHEUS_URL: wide.url, HEDDLE_CLUSTER_NAME: 'east' })
  const browser = await launch()
  try {
    const scope = `at=${wide.at}&window=2m`
    const list = `${heddle.url}/api/v1/workloads?${scope}`
    const first = await answered(list)
    const { items } = JSON.parse(first.body) as { items: unknown[] }
    if (items.length < WORKLOADS) throw new Error(`the list has ${items.length} rows`)
    const what = `list of ${WORKLOADS.toLocaleString('en')} workloads`
    return [
      {
        what: `${what}, warm, at the server`,
        measured: median(await answeredTimes(list, ASKED)),
        budget: 300,
        unit: 'ms',
        note: `median of ${ASKED}, until a client has read it all, compressed; cold ${Math.round(first.ms)} ms with Prometheus's part`,
      },
      ...(await measureManyRows(browser, {
        what,
        url: `${heddle.url}/workloads?${scope}`,
        region: '[role=region][aria-label=Workloads]',
        times: OPENED,
        budgetMs: 2_500,
      })),
    ]
  } finally {
    await browser.close()
    await heddle.stop()
    await wide.stop()
  }
}
