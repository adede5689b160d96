import { describe } from 'vitest'
import { object, serviceEntry } from '@/tests/support/checkers/checks'
import { says } from '@/tests/support/checkers/rules'

const https = { number: 443, name: 'https', protocol: 'TLS' }
const tcp = { number: 1, name: 'tcp', protocol: 'TCP' }
const of = (spec: object) =>
  serviceEntry('shop/a', { hosts: ['a.b'], resolution: 'DNS', ports: [https], ...spec })
const group = (spec: object) => object('networking.istio.io/v1', 'WorkloadGroup', 'shop/a', spec)
const workload = (spec: object) => object('networking.istio.io/v1', 'WorkloadEntry', 'shop/a', spec)

describe('service entries', () => {
  says([
    ['a plain one', of({ exportTo: ['~'] })],
    ['no hosts', of({ hosts: [] }), 'error hosts'],
    [
      'hosts',
      of({ hosts: ['*', 'a_b', '*a.b'], resolution: 'NONE' }),
      'error hosts[0]',
      'error hosts[1]',
      'warning hosts[2]',
    ],
    [
      'addresses',
      of({ addresses: ['10.0.0.1', 'x', '10.0.0.0/8'] }),
      'error addresses[1]',
      'error addresses[2]',
    ],
    ['ranges of static ones', of({ addresses: ['10.0.0.0/8'], resolution: 'STATIC' })],
    [
      'ports',
      of({
        ports: [https, { number: 443, name: 'https', protocol: 'FTP', targetPort: -1 }, { name: 'a_b' }],
      }),
      'error ports[1].name',
      'error ports[1].number',
      'error ports[1].protocol',
      'error ports[1].targetPort',
      'error ports[2].name',
      'error ports[2].number',
    ],
    [
      'TCP without address, nobody allocating one',
      of({ resolution: 'NONE', ports: [tcp] }),
      'warning ports[0]',
    ],
    ['TCP without address, istiod allocating one', of({ ports: [tcp] })],
    [
      'endpoints and NONE',
      of({ resolution: 'NONE', endpoints: [{ address: '10.0.0.1' }] }),
      'error endpoints',
    ],
    [
      'endpoints and a selector',
      of({ resolution: 'STATIC', workloadSelector: { labels: { a: 'b' } }, endpoints: [] }),
      'error endpoints',
    ],
    [
      'an empty selector and NONE',
      of({ resolution: 'NONE', workloadSelector: {} }),
      'warning workloadSelector',
      'warning workloadSelector',
    ],
    [
      'static endpoints',
      of({
        resolution: 'STATIC',
        endpoints: [
          { address: '10.0.0.1', ports: { https: 8443 } },
          { address: 'a.b' },
          {},
          { address: 'unix:///a' },
        ],
      }),
      'error endpoints[1].address',
      'error endpoints[2]',
    ],
    [
      'ports of endpoints',
      of({ resolution: 'STATIC', endpoints: [{ address: '10.0.0.1', ports: { other: 0 } }] }),
      'error endpoints[0].ports.other',
      'error endpoints[0].ports.other',
    ],
    [
      'an endpoint of another network',
      of({ resolution: 'STATIC', endpoints: [{ network: 'n' }] }),
      'warning endpoints[0]',
    ],
    ['a wildcard and DNS', of({ hosts: ['*.b'] }), 'error hosts[0]'],
    [
      'a wildcard, DNS and endpoints',
      of({ hosts: ['*.b'], endpoints: [{ address: 'c.d' }, { address: 'x y' }] }),
      'error endpoints[1].address',
    ],
    [
      'round robin',
      of({ resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a.b' }, { address: 'c.d' }] }),
      'error endpoints',
    ],
    ['several hosts and TCP', of({ hosts: ['a.b', 'c.d'], ports: [tcp] }), 'error ports[0].protocol'],
    [
      'several hosts, an address and TLS',
      of({ hosts: ['a.b', 'c.d'], addresses: ['10.0.0.1'] }),
      'warning hosts',
    ],
  ])
})

describe('workloads outside', () => {
  says([
    ['an entry', workload({ address: 'vm.example.com', ports: { http: 80 }, labels: { app: 'a' } })],
    [
      'an odd entry',
      workload({ address: 'a b', ports: { 'a b': 1 }, labels: { a: 'b c' } }),
      'error address',
      'error ports["a b"]',
      'error labels.a',
    ],
    ['a socket', workload({ address: 'unix://a/', ports: { http: 80 } }), 'error address', 'error ports'],
    ['a group', group({ template: {}, probe: { httpGet: { port: 80 } } })],
    ['a group of nothing', group({}), 'error spec'],
    [
      'odd probes',
      group({
        template: {},
        probe: { periodSeconds: -1, httpGet: { scheme: 'FTP' } },
        metadata: { labels: { 'a b': '' } },
      }),
      'error probe.periodSeconds',
      'error probe.httpGet.port',
      'error probe.httpGet.scheme',
      'error metadata.labels["a b"]',
    ],
    ['a probe of nothing', group({ template: {}, probe: {} }), 'error probe'],
    ['other probes', group({ template: {}, probe: { exec: {} } }), 'error probe.exec.command'],
    [
      'a TCP probe',
      group({ template: {}, probe: { tcpSocket: { port: 99999 } } }),
      'error probe.tcpSocket.port',
    ],
  ])
})
