import { describe, expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import type { PrometheusClient } from '@/lib/prometheus/client'
import { readRates } from './rates'

/** Questions as they come, each answered when the test says so. */
function heldPrometheus() {
  const open = new Map<string, { answer: (value?: number) => void; fail: () => void }>()
  const prometheus = {
    instant: (query: string) =>
      new Promise((resolve, reject) => {
        const metric = /istio_\w+/.exec(query)?.[0] ?? query
        const end = (settle: (value?: number) => void) => (value?: number) => {
          open.delete(metric)
          settle(value)
        }
        open.set(metric, {
          answer: end((value) =>
            resolve({ samples: value === undefined ? [] : [{ labels: {}, value }], warnings: [] }),
          ),
          fail: end(() => reject(new UpstreamError('prometheus', 'timeout', 'it did not answer'))),
        })
      }),
  } as unknown as PrometheusClient
  const asked = (metrics: string[]) => expect.poll(() => [...open.keys()].sort()).toEqual(metrics.sort())
  return { prometheus, open, asked }
}

const REQUESTS = 'istio_requests_total'
const RECEIVED = 'istio_tcp_received_bytes_total'
const SENT = 'istio_tcp_sent_bytes_total'
const OPENED = 'istio_tcp_connections_opened_total'
const AT = { windowSeconds: 120, at: 1_800_000_000_000 }

describe('rates of the mesh', () => {
  it.each([
    ['go before the charts of a single viewer when they are live', true],
    ['wait like everybody else when they are of the past', false],
  ])('%s', async (_what, isLive) => {
    const before: unknown[] = []
    const instant: PrometheusClient['instant'] = (_query, { goesBefore }) => {
      before.push(goesBefore)
      return Promise.resolve({ samples: [], warnings: [] })
    }
    await readRates({ instant } as PrometheusClient, { ...AT, isLive })
    expect(before.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => isLive))
  })

  it('ask for TCP one by one while requests are being answered', async () => {
    const { prometheus, open, asked } = heldPrometheus()
    const rates = readRates(prometheus, AT)
    await asked([REQUESTS, RECEIVED])
    open.get(RECEIVED)?.answer()
    await asked([REQUESTS, SENT])
    open.get(SENT)?.answer()
    await asked([REQUESTS, OPENED])
    open.get(OPENED)?.answer()
    open.get(REQUESTS)?.answer()
    // whether that is silence or peace is asked then
    await asked([REQUESTS])
    open.get(REQUESTS)?.answer()
    expect(await rates).toMatchObject({ requests: [], tcp: [], isMeasured: true, notices: [] })
  })

  it('ask for the rest at once when requests are there', async () => {
    const { prometheus, open, asked } = heldPrometheus()
    const rates = readRates(prometheus, AT)
    await asked([REQUESTS, RECEIVED])
    open.get(REQUESTS)?.answer()
    await asked([RECEIVED, SENT, OPENED])
    for (const metric of [SENT, RECEIVED, OPENED]) open.get(metric)?.answer()
    await asked([REQUESTS])
    // so many series had points within the hour
    open.get(REQUESTS)?.answer(40)
    const { isMeasured, notices } = await rates
    expect([isMeasured, notices.map(({ code }) => code)]).toEqual([false, ['prometheus-not-measured']])
  })

  it('go on without TCP, with one notice', async () => {
    const { prometheus, open, asked } = heldPrometheus()
    const rates = readRates(prometheus, AT)
    await asked([REQUESTS, RECEIVED])
    open.get(RECEIVED)?.fail()
    open.get(REQUESTS)?.answer()
    expect((await rates).notices.map(({ message }) => message)).toEqual([
      'Prometheus: it did not answer. TCP traffic is missing from this view.',
    ])
  })
})
