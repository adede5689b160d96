import { describe, expect, it } from 'vitest'
import { GET as getIncidents } from '@/app/api/v1/incidents/route'
import { apiPaths } from '@/lib/api/paths'
import { IncidentList } from '@/lib/api/schemas/mesh/incidents'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'

const NOON = Date.UTC(2026, 7, 20, 12)
const MINUTE = 60_000

/** Name of the true origin, how it fails, and how the cause is told; a leaf that is slow has no cause in the mesh. */
const SCENARIOS = {
  'bad-canary': {
    origin: 'east/bookinfo/workload/reviews-v3',
    symptom: 'errors',
    cause: /VirtualService bookinfo\/reviews/,
  },
  'slow-leaf': { origin: 'east/bookinfo/service/ratings', symptom: 'latency', cause: null },
  'hub-outage': {
    origin: 'east/boutique/workload/productcatalogservice',
    symptom: 'no-endpoint',
    cause: /Readiness probe failed/,
  },
  'mtls-break': {
    origin: 'east/payments/workload/payments-api',
    symptom: 'refused',
    cause: /payments-api-plaintext|PeerAuthentication payments\/default/,
  },
  'retry-storm': {
    origin: 'east/boutique/workload/cartservice',
    symptom: 'errors',
    cause: /VirtualService boutique\/cartservice was created/,
  },
  'egress-block': {
    origin: 'east/unknown/external/BlackHoleCluster',
    symptom: 'blocked',
    cause: /REGISTRY_ONLY/,
  },
} as const

async function on<T>(
  options: { at?: number; seed?: number },
  look: (server: DemoServer) => Promise<T>,
): Promise<T> {
  const server = await startDemoServer(options.at ?? NOON, { seed: options.seed ?? 1 })
  try {
    return await look(server)
  } finally {
    await server.close()
  }
}

async function incidents(scope = {}): Promise<IncidentList> {
  const response = await getIncidents(new Request(`http://heddle.test${apiPaths.incidents(scope)}`))
  expect(response.status).toBe(200)
  return IncidentList.parse(await response.json())
}

describe.each(Object.entries(SCENARIOS))('%s', (name, expected) => {
  it.each([1, 2])('puts the true origin first (seed %i)', async (seed) => {
    await on({ seed }, async (server) => {
      await server.demo.startScenario(name)
      await server.pass(150)
      const { items, notices } = await incidents()
      expect(notices).toEqual([])
      expect(items.map((item) => item.suspects[0]?.id)).toEqual([expected.origin])
      const [item] = items
      expect(item?.symptom).toBe(expected.symptom)
      expect(item?.headline).toMatch(/\d/)
      for (const { message } of item?.suspects.flatMap((suspect) => suspect.evidence) ?? []) {
        expect(message).toMatch(/\d|asks nobody/)
      }
      expect(item?.callers.length).toBeGreaterThan(0)
      // it began at noon, and the series has a point every half minute
      expect(Math.abs((item?.since?.at ?? 0) - NOON)).toBeLessThanOrEqual(MINUTE)
      if (expected.cause) {
        expect(item?.causes.some((cause) => expected.cause.test(cause.message) && cause.isBefore)).toBe(true)
      }
    })
  })
})

it('sees an incident within a minute, and its end', async () => {
  await on({}, async (server) => {
    await server.demo.startScenario('hub-outage')
    await server.pass(45)
    expect((await incidents()).items[0]?.suspects[0]?.name).toBe('productcatalogservice')
    await server.demo.stopScenario('hub-outage')
    await server.pass(240)
    expect((await incidents()).items).toEqual([])
  })
})

it('tells apart what happens at once', async () => {
  await on({}, async (server) => {
    for (const name of ['bad-canary', 'hub-outage', 'egress-block']) await server.demo.startScenario(name)
    await server.pass(150)
    const { items } = await incidents()
    expect(items.map((item) => item.suspects[0]?.name)).toEqual([
      'productcatalogservice',
      'reviews-v3',
      'BlackHoleCluster',
    ])
    // each entry point suffers its share of each
    for (const item of items) expect(item.hurtRatio).toBeLessThan(1)
    const { items: inBookinfo } = await incidents({ namespaces: ['bookinfo'] })
    expect(inBookinfo.map((item) => item.suspects[0]?.name)).toEqual(['reviews-v3'])
  })
})

it('counts how retries multiply the load below', async () => {
  await on({}, async (server) => {
    await server.demo.startScenario('retry-storm')
    await server.pass(150)
    const evidence = (await incidents()).items[0]?.suspects[0]?.evidence ?? []
    expect(evidence.find(({ code }) => code === 'retries-multiply')?.value).toBeGreaterThan(1.5)
  })
})

describe('no false alarm', () => {
  it.each([
    [1, 3],
    [2, 12],
    [42, 18],
  ])('in a healthy mesh (seed %i, %i o’clock)', async (seed, hour) => {
    await on({ seed, at: Date.UTC(2026, 7, 20, hour) }, async (server) => {
      await server.pass(60)
      expect((await incidents()).items).toEqual([])
    })
  })

  it('in one whose proxies refuse new configuration and go on with the old', async () => {
    await on({}, async (server) => {
      await server.demo.startScenario('stale-proxy')
      await server.pass(150)
      expect((await incidents()).items).toEqual([])
    })
  })

  it('in one where a workload has begun a run after a pause', async () => {
    await on({ at: Date.UTC(2026, 7, 20, 12, 8) }, async (server) => {
      await server.pass(120)
      expect((await incidents()).items).toEqual([])
    })
  })

  it('in one that nobody asks for anything', async () => {
    await on({}, async (server) => {
      await server.demo.startScenario('empty')
      await server.pass(240)
      expect((await incidents()).items).toEqual([])
    })
  })
})
