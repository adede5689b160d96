/** A trace of 10,000 spans: at the server, until it can be read, and while it is scrolled. */
import { startHeddle } from '../support/heddle-process'
import { LARGE_TRACE_ID, serveLargeTrace } from './large-trace'
import { median, type Row } from './report'
import { launch, scrolled, untilShown, watchedPage } from './watched-page'

const SPANS = 10_000
const OPENED = 5
const ROW = '[role=treegrid][aria-label=Spans] [data-index="0"]'

export async function measureTraces(): Promise<Row[]> {
  const store = await serveLargeTrace(SPANS)
  // nothing listens there: what is measured needs the tracing store only
  const heddle = await startHeddle({
    PROMETHEUS_URL: 'http://127.0.0.1:9',
    JAEGER_URL: store.url,
    TEMPO_URL: '',
    KUBECONFIG: '',
    HEDDLE_CONFIG: '',
  })
  const browser = await launch()
  try {
    const answered: number[] = []
    for (let round = 0; round < OPENED; round += 1) {
      const begun = performance.now()
      const answer = await fetch(`${heddle.url}/api/v1/traces/${LARGE_TRACE_ID}?tags=none`)
      await answer.arrayBuffer()
      answered.push(performance.now() - begun)
    }
    const opened: number[] = []
    let page = await watchedPage(browser)
    for (let round = 0; round < OPENED; round += 1) {
      if (round > 0) {
        await page.close()
        page = await watchedPage(browser)
      }
      opened.push(await untilShown(page, `${heddle.url}/traces/${LARGE_TRACE_ID}`, ROW))
    }
    const scroll = await scrolled(page, '[role=treegrid][aria-label=Spans]')
    const spans = SPANS.toLocaleString('en')
    return [
      {
        what: `trace of ${spans} spans, at the server`,
        measured: median(answered),
        budget: 1_000,
        unit: 'ms',
        note: `median of ${OPENED}, until a client has read it all, compressed; the first took ${Math.round(answered[0] ?? 0)} ms`,
      },
      {
        what: `trace of ${spans} spans, from the address to rows on screen`,
        measured: median(opened),
        budget: 2_000,
        unit: 'ms',
        note: `median of ${OPENED}, worst ${Math.round(Math.max(...opened))} ms`,
      },
      {
        what: `scrolling a trace of ${spans} spans`,
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
    await store.stop()
  }
}
