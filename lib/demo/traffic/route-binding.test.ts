import { describe, expect, it } from 'vitest'
import { object, run, smallWorld, virtualService, workload } from './testing/small-world'

/** A loader asks `shop/front`; versions v1 and v2 stand behind it. */
function shop(objects: ReturnType<typeof object>[] = []) {
  return smallWorld({
    workloads: [workload('shop/loader'), workload('shop/front-v1'), workload('shop/front-v2')],
    services: { 'shop/front': 'http' },
    entries: [{ from: 'shop/loader', to: 'shop/front' }],
    objects,
  })
}

const subsets = object('DestinationRule shop/front', {
  host: 'front',
  subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
})

const to = (subset: string) => ({ destination: { host: 'front', subset } })

describe('rules that count only where they are bound', () => {
  it('leaves out a rule whose delegate has hosts of its own or is not exported to it', () => {
    const root = virtualService('shop/front', {
      hosts: ['front'],
      http: [{ delegate: { name: 'inner', namespace: 'lib' } }, { route: [to('v1')] }],
    })
    const host = 'front.shop.svc.cluster.local'
    const inner = (spec: object) =>
      virtualService('lib/inner', {
        http: [{ route: [{ destination: { host, subset: 'v2' } }] }],
        ...spec,
      })
    const reached = (spec: object) =>
      run(shop([subsets, root, inner(spec)])).measured.values('istio_requests_total', 'destination_workload')
    expect(reached({})).toEqual(['front-v2'])
    expect(reached({ exportTo: ['.'] })).toEqual(['front-v1'])
    expect(reached({ hosts: [host], gateways: ['edge'] })).toEqual(['front-v1'])
  })

  it('gives the rules of a delegate what the rule that delegates says beside it', () => {
    const root = virtualService('shop/front', {
      hosts: ['front'],
      http: [
        { delegate: { name: 'inner' }, fault: { abort: { percentage: { value: 100 }, httpStatus: 418 } } },
      ],
    })
    const inner = virtualService('shop/inner', { http: [{ route: [to('v2')] }] })
    expect(
      run(shop([subsets, root, inner])).measured.values('istio_requests_total', 'response_code'),
    ).toEqual(['418'])
  })

  it('takes a route of the Gateway API on the port of its gateway that the route names, and on no other', () => {
    const labels = { app: 'gw', 'gateway.networking.k8s.io/gateway-name': 'gw' }
    const flags = (port: number) =>
      run(
        smallWorld({
          workloads: [
            workload('shop/gw', { role: 'ingressGateway', endpoints: [], labels }),
            workload('shop/front-v1'),
          ],
          services: { 'shop/gw': 'http', 'shop/front': 'http' },
          entries: [{ to: 'shop/gw', host: 'shop.example.com' }],
          objects: [
            object(
              'Gateway shop/gw',
              { listeners: [{ name: 'web', port: 80, protocol: 'HTTP' }] },
              { apiVersion: 'gateway.networking.k8s.io/v1' },
            ),
            object('HTTPRoute shop/front', {
              parentRefs: [{ name: 'gw', port }],
              rules: [{ backendRefs: [{ name: 'front', port: 80 }] }],
            }),
          ],
        }),
      ).measured.values('istio_requests_total', 'response_flags')
    expect(flags(80)).toEqual(['-'])
    expect(flags(81)).toEqual(['NR'])
  })
})
