import { expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { createIncremental } from '@/lib/validation/incremental/incremental'
import { readMeshSettings } from '@/lib/validation/world'
import { authorizationPolicy, checks, pod, service } from '@/tests/support/checkers/checks'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import { refusedCallers } from './refused'

const cart = [
  service('shop/cart', { selector: { app: 'cart' }, ports: [{ port: 80 }] }),
  pod(
    'shop/cart-1',
    { app: 'cart', version: 'v1' },
    { containers: [{ name: 'istio-proxy', image: 'istio/proxyv2' }] },
  ),
]
const asked = (requests = 12) => ({
  observed: {
    ...NOTHING_OBSERVED,
    latencies: [{ namespace: 'shop', service: 'cart', p99Ms: 5, requests }],
  },
})
const policy = (name: string, spec: object, metadata?: object) => authorizationPolicy(name, spec, metadata)
const nothing = policy('shop/nothing', {})
const someone = [{ from: [{ source: { namespaces: ['web'] } }] }]
const of = (app: string) => ({ selector: { matchLabels: { app } } })

checks(refusedCallers, {
  HED0014: {
    fires: {
      'nothing that is allowed, of a namespace and of the mesh': {
        objects: [...cart, nothing, policy('istio-system/nothing', {})],
        options: asked(),
        at: ['AuthorizationPolicy shop/nothing spec', 'AuthorizationPolicy istio-system/nothing spec'],
      },
      'rules of others that are for other pods, or only tried': {
        objects: [
          ...cart,
          nothing,
          policy('shop/pay', { ...of('pay'), rules: someone }),
          policy('shop/dry', { rules: someone }, { annotations: { 'istio.io/dry-run': 'true' } }),
          policy('shop/waypoint', { targetRefs: [{ kind: 'Service', name: 'cart' }], rules: someone }),
        ],
        options: asked(),
        at: ['AuthorizationPolicy shop/nothing spec'],
      },
      'pods in ambient mode': {
        objects: [
          ...cart.slice(0, 1),
          pod(
            'shop/cart-1',
            { app: 'cart' },
            {},
            { annotations: { 'ambient.istio.io/redirection': 'enabled' } },
          ),
          nothing,
        ],
        options: asked(),
        at: ['AuthorizationPolicy shop/nothing spec'],
      },
      'a rule of another that is a waypoint’s, by a single reference': {
        objects: [
          ...cart,
          nothing,
          policy('shop/waypoint', { targetRef: { kind: 'Gateway', name: 'waypoint' }, rules: someone }),
        ],
        options: asked(),
        at: ['AuthorizationPolicy shop/nothing spec'],
      },
      'a denial of everything, whatever is allowed': {
        objects: [
          ...cart,
          policy('shop/deny', { ...of('cart'), action: 'DENY', rules: [...someone, {}] }),
          policy('shop/allow', { rules: [{}] }),
        ],
        options: asked(),
        at: ['AuthorizationPolicy shop/deny spec.rules[1]'],
      },
    },
    silent: {
      'nothing that is allowed beside what allows somebody': {
        objects: [...cart, nothing, policy('shop/callers', { ...of('cart'), rules: someone })],
        options: asked(),
      },
      'a denial of some, or of nobody': {
        objects: [
          ...cart,
          policy('shop/some', { action: 'DENY', rules: someone }),
          policy('shop/none', { action: 'DENY' }),
        ],
        options: asked(),
      },
      'a try, and policies of other pods': {
        objects: [
          ...cart,
          policy('shop/dry', {}, { annotations: { 'istio.io/dry-run': 'true' } }),
          policy('shop/dry-too', {}, { annotations: { 'istio.io/dry-run': 'True' } }),
          policy('shop/pay', of('pay')),
        ],
        options: asked(),
      },
      'policies of a gateway or waypoint, by one reference or several': {
        objects: [
          ...cart,
          policy('shop/one', { targetRef: { kind: 'Gateway', name: 'waypoint' } }),
          policy('shop/several', { targetRefs: [{ kind: 'Gateway', name: 'waypoint' }] }),
        ],
        options: asked(),
      },
      'pods that enforce nothing': {
        objects: [...cart.slice(0, 1), pod('shop/cart-1', { app: 'cart' }), nothing],
        options: asked(),
      },
      'no calls, and none measured': { objects: [...cart, nothing], options: asked(0) },
      'no telemetry': { objects: [...cart, nothing] },
    },
  },
})

it('is not judged anew while services are only asked more often, or a pod is what it was', () => {
  const incremental = createIncremental([refusedCallers])
  const judge = (objects: ConfigObject[], requests: number) =>
    incremental.update(objects, readMeshSettings(null), asked(requests))
  const first = judge([...cart, nothing], 12)
  expect(first).toHaveLength(1)
  expect(judge([...cart, nothing], 600)[0]).toBe(first[0])
  const renewed = cart.map((object) => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: '2' },
  }))
  expect(judge([...renewed, nothing], 600)[0]).toBe(first[0])
  expect(judge([...renewed, nothing], 0)).toEqual([])
})
