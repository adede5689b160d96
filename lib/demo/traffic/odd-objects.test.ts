import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '@/lib/demo/model'
import { createWorld } from '@/lib/demo/world/create-world'
import { object, run, smallWorld, virtualService, workload } from './testing/small-world'

const subsets = object('DestinationRule shop/front', {
  host: 'front',
  subsets: [
    {
      name: 'v1',
      labels: { version: 'v1' },
      trafficPolicy: { portLevelSettings: [{ port: { number: 80 } }] },
    },
  ],
  trafficPolicy: {
    tls: { mode: 'ISTIO_MUTUAL' },
    connectionPool: { http: { http2MaxRequests: 3 } },
    outlierDetection: { consecutive5xxErrors: 2, interval: '1s' },
  },
})
const rules = virtualService('shop/front', {
  hosts: ['front'],
  http: [
    {
      match: [{ uri: { regex: '/.*' }, headers: { a: { exact: 'b' } }, queryParams: { q: { prefix: 'x' } } }],
      route: [{ destination: { host: 'front', subset: 'v1', port: { number: 80 } }, weight: 10 }],
      fault: { delay: { percentage: { value: 10 }, fixedDelay: '1s' }, abort: { percentage: { value: 5 } } },
      retries: { attempts: 2, perTryTimeout: '1s', retryOn: '5xx' },
      mirror: { host: 'front' },
      timeout: '2s',
    },
    { route: [{ destination: { host: 'front' } }] },
  ],
})
const route = object('HTTPRoute shop/front', {
  parentRefs: [{ kind: 'Service', name: 'front', port: 80 }],
  rules: [
    {
      matches: [{ path: { type: 'RegularExpression', value: '/(' }, headers: [{ name: 'a', value: 'b' }] }],
      backendRefs: [{ name: 'front', port: 80, weight: 1 }],
      filters: [{ type: 'URLRewrite', urlRewrite: { path: { replacePrefixMatch: '/x' } } }],
    },
  ],
})
const others = [
  object('AuthorizationPolicy shop/a', {
    action: 'DENY',
    rules: [
      {
        from: [{ source: { principals: ['*'], ipBlocks: ['10.0.0.0/8'] } }],
        to: [{ operation: { paths: ['/a/{*}'], ports: ['80'] } }],
        when: [{ key: 'request.headers[x]', values: ['1'] }],
      },
    ],
  }),
  object('PeerAuthentication shop/p', {
    mtls: { mode: 'PERMISSIVE' },
    portLevelMtls: { 8080: { mode: 'STRICT' } },
  }),
  object('Sidecar shop/s', {
    egress: [{ hosts: ['./*'] }],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  }),
  object('ServiceEntry shop/e', { hosts: ['x.example'], ports: [{ number: 80, protocol: 'HTTP' }] }),
  object('Service shop/front', {
    selector: { app: 'front' },
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  }),
]

const junk = fc.oneof(
  fc.constantFrom(null, undefined, true, '', '*', '(', '10x', -1, 1e9, Number.NaN, [], {}, [[]], [null], {
    '': null,
  }),
  fc.string(),
  fc.integer(),
)

/** Puts something odd at some place of a value. */
function spoiled(value: unknown, path: readonly number[], odd: unknown): unknown {
  const [step = 0, ...rest] = path
  if (path.length === 0 || typeof value !== 'object' || value === null) return odd
  const keys = Object.keys(value)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return odd
  const copy: unknown = structuredClone(value)
  const part = (value as Record<string, unknown>)[key]
  ;(copy as Record<string, unknown>)[key] = spoiled(part, rest, odd)
  return copy
}

const world = (objects: KubernetesObject[]) =>
  smallWorld({
    workloads: [workload('shop/loader'), workload('shop/front-v1')],
    services: { 'shop/front': 'http' },
    entries: [{ from: 'shop/loader', to: 'shop/front', path: '/?q=xy', headers: { a: 'b' } }],
    objects,
  })

// many worlds: generous where the machine is busy
describe('odd objects', { timeout: 60_000 }, () => {
  const objects = [rules, subsets, route, ...others]

  it('never stop the traffic engine, and every request ends somewhere', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: objects.length - 1 }),
        fc.array(fc.nat(8), { minLength: 1, maxLength: 8 }),
        junk,
        (index, path, odd) => {
          const spoiledOnes = objects.map((one, at) =>
            at === index ? { ...one, spec: spoiled(one.spec, path, odd) } : one,
          )
          const { measured } = run(world(spoiledOnes), 15)
          expect(measured.requests()).toBeGreaterThan(1_000)
          for (const { value } of measured.counters) expect(Number.isFinite(value) && value >= 0).toBe(true)
        },
      ),
      { numRuns: 100, seed: 42 },
    )
  })

  it('never stop the hand-made world either', () => {
    const whole = createWorld({ seed: 1 })
    const kinds = /Service$|Route$|Rule$|Policy$|Authentication$|Gateway$|Sidecar$|Entry$/
    const candidates = whole.objects.flatMap((one, at) => (kinds.test(one.kind) ? [at] : []))
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(8), { maxLength: 8 }), junk, (pick, path, odd) => {
        const at = candidates[pick % candidates.length] ?? 0
        const objects = whole.objects.map((one, index) =>
          index === at ? { ...one, spec: spoiled(one.spec, path, odd) } : one,
        )
        expect(run({ ...whole, objects }, 5).measured.requests()).toBeGreaterThan(500)
      }),
      { numRuns: 15, seed: 7 },
    )
  })
})
