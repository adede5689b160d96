import type { Scenario } from './scenario'

export const scrapeGap: Scenario = {
  name: 'scrape-gap',
  title: 'Scrape gap',
  description:
    'Prometheus answers, and scrapes nothing: what it knows grows old, and once it scrapes again every chart has a ' +
    'gap. The mesh itself goes on as before.',
  start({ holdScrapes }) {
    holdScrapes(true)
    return () => holdScrapes(false)
  },
}
