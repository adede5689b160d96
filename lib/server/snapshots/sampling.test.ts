import { expect, it } from 'vitest'
import { scrapedMetric, SCRAPED_UNTIL } from '@/tests/support/prometheus/scraped-metric'
import { countScrapeInterval } from './sampling'

it.each([
  ['every 15 s', { stepSeconds: 15 }, 15],
  ['every minute, the newest not there yet', { stepSeconds: 60, agoSeconds: 50 }, 60],
  ['every two minutes', { stepSeconds: 120 }, 120],
  // too young to tell: a minute of samples is no interval of two
  ['for a minute', { stepSeconds: 15, forSeconds: 60 }, null],
  ['for five minutes', { stepSeconds: 15, forSeconds: 300 }, null],
  ['until an hour ago', { stepSeconds: 15, agoSeconds: 3_600 }, null],
] as const)('samples %s tell the interval they are taken in', async (_what, scraping, seconds) => {
  const prometheus = scrapedMetric('istio_requests_total', { agoSeconds: 0, ...scraping })
  expect(await countScrapeInterval(prometheus, [], SCRAPED_UNTIL)).toBe(seconds)
})
