/** A page of very many rows, in the browser: until they are on screen, and while they are scrolled. */
import type { Browser } from '@playwright/test'
import { median, type Row } from '../report'
import { scrolled, untilShown, watchedPage } from './watched-page'

const FPS = 30

export interface ManyRows {
  /** what the page is, as the table names it */
  what: string
  url: string
  /** selector of what scrolls; its first row has the index 0 */
  region: string
  /** times it is opened, each in a fresh page */
  times: number
  /** from the address to rows on screen, in milliseconds */
  budgetMs: number
}

export async function measureManyRows(browser: Browser, of: ManyRows): Promise<Row[]> {
  const opened: number[] = []
  let page = await watchedPage(browser)
  for (let round = 0; round < of.times; round += 1) {
    if (round > 0) {
      await page.close()
      page = await watchedPage(browser)
    }
    opened.push(await untilShown(page, of.url, `${of.region} [data-index="0"]`))
  }
  const scroll = await scrolled(page, of.region)
  return [
    {
      what: `${of.what}, from the address to rows on screen`,
      measured: median(opened),
      budget: of.budgetMs,
      unit: 'ms',
      note: `median of ${of.times}, worst ${Math.round(Math.max(...opened))} ms`,
    },
    {
      what: `scrolling a ${of.what}`,
      measured: scroll.fps,
      budget: FPS,
      unit: 'fps',
      isFloor: true,
      note: `longest block of the main thread ${Math.round(scroll.longestMs)} ms`,
    },
  ]
}
