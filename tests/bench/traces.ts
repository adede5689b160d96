/** A trace of 10,000 spans: at the server, until it can be read, and while it is scrolled. */
import { LARGE_TRACE_ID, serveLargeTrace } from './grounds/large-trace'
import { measureManyRows } from './instruments/many-rows'
import { median, type Row } from './report'
import { answeredTimes, serveOn } from './instruments/serve'
import { launch } from './instruments/watched-page'

const SPANS = 10_000
const OPENED = 5

export async function measureTraces(): Promise<Row[]> {
  const store = await serveLargeTrace(SPANS)
  // nothing listens there: what is measured needs the tracing store only
  const heddle = await serveOn({ PROMETHEUS_URL: 'http://127.0.0.1:9', JAEGER_URL: store.url })
  const browser = await launch()
  try {
    const ms = await answeredTimes(`${heddle.url}/api/v1/traces/${LARGE_TRACE_ID}?tags=none`, OPENED)
    const what = `trace of ${SPANS.toLocaleString('en')} spans`
    return [
      {
        what: `${what}, at the server`,
        measured: median(ms),
        budget: 1_000,
        unit: 'ms',
        note: `median of ${OPENED}, until a client has read it all, compressed; the first took ${Math.round(ms[0] ?? 0)} ms`,
      },
      ...(await measureManyRows(browser, {
        what,
        url: `${heddle.url}/traces/${LARGE_TRACE_ID}`,
        region: '[role=treegrid][aria-label=Spans]',
        times: OPENED,
        budgetMs: 2_000,
      })),
    ]
  } finally {
    await browser.close()
    await heddle.stop()
    await store.stop()
  }
}
