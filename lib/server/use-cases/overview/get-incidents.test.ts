import { expect, it } from 'vitest'
import { buildTopology } from '@/lib/graph/build'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import type { Upstreams } from '@/lib/server/upstreams'
import { graphOf } from '@/tests/support/graph/graphs'
import { callee, input, request } from '@/tests/support/graph/samples'
import { getIncidents } from './get-incidents'

it('answers the worst hundred of a storm, and how many there are', async () => {
  const requests = Array.from({ length: 150 }, (_, n) =>
    request('gateway', callee(`w${n}`, `w${n}`), 10 + n, { responseCode: '500' }),
  )
  const snapshot = { at: 0, windowSeconds: 120, topology: buildTopology(input({ requests })), notices: [] }
  const facts = { scrapeIntervalSeconds: 15, isScrapeIntervalKnown: true, retentionSeconds: null }
  const away = () => Promise.reject(new UpstreamError('prometheus', 'network', 'no answer'))
  // all that is read of it: the past is not answered
  const up = {
    snapshots: { live: () => ({ read: () => snapshot, settled: Promise.resolve(), state: { snapshot } }) },
    projector: { project: () => graphOf({ requests }) },
    baselines: { of: () => new Map(), ready: () => Promise.resolve() },
    facts: { get: () => Promise.resolve(facts), current: () => facts },
    prometheus: { range: away, instant: away },
    memory: { get: away },
    inventories: [],
    config: { prometheus: { latencyBudgetMs: 0, scope: [] }, auth: { mode: 'anonymous' } },
    clock: { now: () => 0, after: () => () => undefined },
  } as unknown as Upstreams
  const list = await getIncidents(up, { namespaces: [], clusters: [], window: '2m' })
  expect([list.items.length, list.total]).toEqual([100, 150])
  expect(list.items[0]?.headline).toContain('w149')
  expect(list.notices).toContainEqual({
    code: 'incidents-cut',
    message: '100 of 150 incidents are listed, worst first. Choose namespaces to see the others.',
  })
})
