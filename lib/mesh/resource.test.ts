import { describe, expect, it } from 'vitest'
import { refOfObject, resourceOfKind } from './resource'

describe('resourceOfKind', () => {
  it.each([
    ['VirtualService', 'virtualservices'],
    ['ServiceEntry', 'serviceentries'],
    ['Gateway', 'gateways'],
    ['GatewayClass', 'gatewayclasses'],
    ['AuthorizationPolicy', 'authorizationpolicies'],
    ['BackendTLSPolicy', 'backendtlspolicies'],
    ['PeerAuthentication', 'peerauthentications'],
    ['Telemetry', 'telemetries'],
    ['ProxyConfig', 'proxyconfigs'],
    ['HTTPRoute', 'httproutes'],
    ['Service', 'services'],
  ])('%s is served as %s', (kind, resource) => expect(resourceOfKind(kind)).toBe(resource))
})

describe('refOfObject', () => {
  it('keeps group and version apart, the core group being empty', () => {
    const object = { kind: 'Service', namespace: 'shop', name: 'web' }
    expect(refOfObject('east', { apiVersion: 'v1', ...object })).toMatchObject({ group: '', version: 'v1' })
    expect(refOfObject('east', { apiVersion: 'networking.istio.io/v1beta1', ...object })).toMatchObject({
      group: 'networking.istio.io',
      version: 'v1beta1',
    })
  })
})
