import { expect, it } from 'vitest'
import { emptyWords } from './empty-words'

it('does not blame the scraping while newer figures cannot be had', () => {
  const view = { window: '2m', at: null, idle: true }
  expect(emptyWords(view, false)).toBe(
    'Nothing was measured over the last 2 min. Either nothing was sent, or Prometheus does not scrape the proxies.',
  )
  expect(emptyWords(view, true)).toBe(
    'There was none when the mesh was last measured, over 2 min. Whether there is now is not known.',
  )
})

it('tells where idle workloads are, where they are left out', () => {
  expect(emptyWords({ window: '5m', at: 1_700_000_000_000, idle: false }, false)).toBe(
    'Nothing was measured over 5 min before the chosen instant. Either nothing was sent, or Prometheus does not scrape the proxies. Workloads without traffic appear with “Idle nodes and edges” under Show.',
  )
})
