import { describe, expect, it } from 'vitest'
import { appOf, isControlPlane, isGateway, isSelected, isWaypoint, knownVersion, versionOf } from './labels'

describe('app and version', () => {
  it('take the canonical labels before the usual ones', () => {
    const labels = {
      app: 'c',
      'app.kubernetes.io/name': 'b',
      'service.istio.io/canonical-name': 'a',
      version: 'v3',
      'app.kubernetes.io/version': 'v2',
      'service.istio.io/canonical-revision': 'v1',
    }
    expect([appOf(labels), versionOf(labels)]).toEqual(['a', 'v1'])
    expect([appOf({ app: 'c' }), versionOf({ version: 'v3' })]).toEqual(['c', 'v3'])
    expect([appOf({}), versionOf({})]).toEqual([null, null])
  })

  it('count latest, unknown and nothing as no version', () => {
    expect(['latest', 'unknown', '', null, 'v1'].map(knownVersion)).toEqual([null, null, null, null, 'v1'])
  })
})

describe('proxies of the mesh', () => {
  it.each([
    ['istio-ingressgateway', null, true],
    ['istio-egressgateway', null, true],
    ['my-ingressgateway-blue', null, true],
    ['bookinfo-gateway-istio', null, true],
    ['api-gateway', null, false],
    ['waypoint', null, false],
    ['edge', { istio: 'ingressgateway' }, true],
    ['edge', { 'operator.istio.io/component': 'EgressGateways' }, true],
    ['edge', { 'gateway.networking.k8s.io/gateway-name': 'edge' }, true],
    // labels are there and deny what the name suggests
    ['istio-ingressgateway', { app: 'other' }, false],
  ])('%s with %o is a gateway: %s', (name, labels, is) => {
    expect(isGateway(name, labels as Record<string, string> | null)).toBe(is)
  })

  it.each([
    ['waypoint', null, true],
    ['shop-waypoint', null, true],
    ['waypoints', null, false],
    ['x', { 'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint' }, true],
    ['x', { 'gateway.istio.io/managed': 'istio.io-mesh-controller' }, true],
    ['waypoint', { app: 'game' }, false],
  ])('%s with %o is a waypoint: %s', (name, labels, is) => {
    expect(isWaypoint(name, labels as Record<string, string> | null)).toBe(is)
  })

  it('a waypoint is no gateway though it has a gateway name', () => {
    const labels = {
      'gateway.networking.k8s.io/gateway-name': 'waypoint',
      'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint',
    }
    expect([isWaypoint('w', labels), isGateway('w', labels)]).toEqual([true, false])
  })

  it('knows the control plane by name, revision and app', () => {
    expect(isControlPlane('istiod', {})).toBe(true)
    expect(isControlPlane('istiod-canary', {})).toBe(true)
    expect(isControlPlane('x', { app: 'ztunnel' })).toBe(true)
    expect(isControlPlane('reviews', { app: 'reviews' })).toBe(false)
  })
})

it('selects when all labels agree, and nothing by an empty selector', () => {
  const labels = { app: 'a', version: 'v1' }
  expect(isSelected({ app: 'a' }, labels)).toBe(true)
  expect(isSelected({ app: 'a', version: 'v2' }, labels)).toBe(false)
  expect(isSelected({}, labels)).toBe(false)
  expect(isSelected(undefined, labels)).toBe(false)
})
