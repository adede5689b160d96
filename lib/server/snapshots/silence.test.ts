import { describe, expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import type { PrometheusClient } from '@/lib/prometheus/client'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { scrapedMetric as scraped, SCRAPED_UNTIL as NOW } from '@/tests/support/prometheus/scraped-metric'
import { createFacts } from './facts'
import { findLateness, findSilence, findYouth } from './silence'

async function saidOf(metric: string, minutesAgo: number) {
  const prometheus = scraped(metric, { agoSeconds: minutesAgo * 60, stepSeconds: 60 })
  return (await findSilence(prometheus, { windowSeconds: 120, at: NOW }))?.code ?? null
}

describe('a mesh of which there is no rate', () => {
  it.each([
    ['was scraped and is not now', 'istio_requests_total', 10, 'prometheus-not-measured'],
    [
      'was scraped and is not now, and speaks TCP alone',
      'istio_tcp_connections_opened_total',
      10,
      'prometheus-not-measured',
    ],
    ['was never scraped within the hour', 'istio_requests_total', 70, null],
    ['is none of Istio', 'http_requests_total', 10, null],
  ])('%s', async (_what, metric, minutesAgo, code) => {
    expect(await saidOf(metric, minutesAgo)).toBe(code)
  })
})

describe('rates whose window reaches beyond the newest sample', () => {
  const lateness = (
    lagSeconds: number,
    {
      windowSeconds = 300,
      stepSeconds = 15,
      metric = 'istio_requests_total',
      product = 'Prometheus' as 'Prometheus' | 'VictoriaMetrics',
    } = {},
  ) => {
    const facts = createFacts(scraped(metric, { agoSeconds: lagSeconds, stepSeconds }), {
      scrapeIntervalSeconds: 15,
      scope: [],
      usesRecordingRules: false,
      clock: manualClock(NOW),
    })
    const known = { ...facts.current(), build: { product, version: null } }
    return findLateness({ ...facts, current: () => known }, { windowSeconds, at: NOW })
  }

  it('says how old the newest sample is, and what may be wrong', async () => {
    expect(await lateness(120)).toEqual({
      code: 'prometheus-late',
      message:
        'The newest sample of the mesh in Prometheus is 2 min older than this moment, so rates over 5 min read too low. Scraping has stopped, samples arrive late (refresh.lagSeconds), or the clocks of Heddle and Prometheus differ.',
      upstream: 'prometheus',
    })
    expect((await lateness(400, { windowSeconds: 3_600 }))?.message).toContain('has no current sample')
    expect(await lateness(120, { metric: 'istio_tcp_connections_opened_total' })).not.toBeNull()
    expect(await lateness(45, { windowSeconds: 60 })).not.toBeNull()
  })

  it('is silent where the newest scrape is not due, or the share is small', async () => {
    expect(await lateness(14)).toBeNull()
    expect(await lateness(30, { windowSeconds: 60 })).toBeNull()
    expect(await lateness(120, { windowSeconds: 3_600 })).toBeNull()
    // the mesh's own jobs are scraped every minute
    expect(await lateness(55, { stepSeconds: 60 })).toBeNull()
    // answers for what lies half a minute before
    expect(await lateness(45, { product: 'VictoriaMetrics' })).toBeNull()
    expect(await lateness(120, { product: 'VictoriaMetrics' })).not.toBeNull()
  })

  it('is silent when Prometheus does not answer', async () => {
    const facts = createFacts(
      {
        instant: () => Promise.reject(new UpstreamError('prometheus', 'network', 'away')),
      } as unknown as PrometheusClient,
      { scrapeIntervalSeconds: 15, scope: [], usesRecordingRules: false, clock: manualClock(NOW) },
    )
    const known = { ...facts, current: () => ({ build: null, scrapeIntervalSeconds: 15 }) }
    expect(await findLateness(known as typeof facts, { windowSeconds: 300, at: NOW })).toBeNull()
  })
})

describe('rates whose window begins before the samples', () => {
  const youth = (forSeconds: number, windowSeconds: number, metric = 'istio_requests_total') => {
    const prometheus = scraped(metric, { agoSeconds: 0, stepSeconds: 15, forSeconds })
    const facts = createFacts(prometheus, {
      scrapeIntervalSeconds: 15,
      scope: [],
      usesRecordingRules: false,
      clock: manualClock(NOW),
    })
    return findYouth(facts, { windowSeconds, at: NOW })
  }

  it('says since when there are any', async () => {
    expect(await youth(600, 3_600)).toEqual({
      code: 'prometheus-young',
      message:
        'Of these 1 h Prometheus has samples of the mesh only since about 1970-01-01 01:50:00 UTC, so rates over them read too low.',
      upstream: 'prometheus',
    })
    expect(await youth(30, 120, 'istio_tcp_connections_opened_total')).not.toBeNull()
  })

  it('is silent where they cover the window, or nearly', async () => {
    expect(await youth(600, 300)).toBeNull()
    expect(await youth(3_300, 3_600)).toBeNull()
    expect(await youth(Infinity, 3_600)).toBeNull()
    expect(await youth(600, 3_600, 'http_requests_total')).toBeNull()
  })

  it('is silent when Prometheus does not answer', async () => {
    const facts = createFacts(
      {
        instant: () => Promise.reject(new UpstreamError('prometheus', 'network', 'away')),
      } as unknown as PrometheusClient,
      { scrapeIntervalSeconds: 15, scope: [], usesRecordingRules: false, clock: manualClock(NOW) },
    )
    expect(await findYouth(facts, { windowSeconds: 300, at: NOW })).toBeNull()
  })
})
