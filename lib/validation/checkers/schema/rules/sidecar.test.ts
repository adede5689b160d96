import { describe } from 'vitest'
import { sidecar } from '@/tests/support/checkers/checks'
import { says } from '@/tests/support/checkers/rules'

const of = (spec: object) => sidecar('shop/a', spec)
const hosts = ['./*']
const ingress = (listener: object) =>
  of({ ingress: [{ port: { number: 80, protocol: 'HTTP' }, ...listener }] })
const egress = (...listeners: object[]) => of({ egress: listeners.map((one) => ({ hosts, ...one })) })

describe('sidecars', () => {
  says([
    ['a plain one', egress({})],
    ['nothing', of({}), 'error spec'],
    ['an empty selector', of({ workloadSelector: {}, egress: [{ hosts }] }), 'warning workloadSelector'],
    ['a good listener', ingress({ defaultEndpoint: '127.0.0.1:8080', bind: '0.0.0.0' })],
    ['no port', ingress({ port: undefined }), 'error ingress[0]'],
    [
      'odd ports',
      ingress({ port: { number: 0, name: 'a_b', protocol: 'FTP', targetPort: 1 }, bind: 'x' }),
      'error ingress[0].port.number',
      'error ingress[0].port.name',
      'error ingress[0].port.protocol',
      'error ingress[0].port.targetPort',
      'error ingress[0].bind',
    ],
    [
      'one port twice',
      of({ ingress: [{ port: { number: 80 } }, { port: { number: 80 } }] }),
      'error ingress[1].port.number',
    ],
    ['endpoints', ingress({ defaultEndpoint: 'unix:///a' })],
    ['endpoints elsewhere', ingress({ defaultEndpoint: '10.0.0.1:80' }), 'error ingress[0].defaultEndpoint'],
    ['endpoints without port', ingress({ defaultEndpoint: '127.0.0.1' }), 'error ingress[0].defaultEndpoint'],
    [
      'TLS',
      of({
        ingress: [
          {
            port: { number: 443, protocol: 'HTTPS' },
            tls: { mode: 'SIMPLE', serverCertificate: '/c', privateKey: '/k' },
          },
        ],
      }),
    ],
    [
      'odd TLS',
      ingress({ tls: { mode: 'ISTIO_MUTUAL', httpsRedirect: true, subjectAltNames: ['a'] } }),
      'error ingress[0].tls',
      'error ingress[0].tls.mode',
      'error ingress[0].tls.httpsRedirect',
      'error ingress[0].tls.subjectAltNames',
    ],
    [
      'HTTP settings of TCP',
      of({ ingress: [{ port: { number: 1, protocol: 'TCP' }, connectionPool: { http: {} } }] }),
      'warning ingress[0].connectionPool.http',
    ],
    ['the rest last', egress({ port: { number: 80 } }, {})],
    ['the rest first', egress({}, { port: { number: 80 } }), 'error egress[0]'],
    ['two for the rest', egress({}, {}), 'error egress[0]'],
    [
      'one port twice outwards',
      egress({ port: { number: 80 } }, { port: { number: 80 } }),
      'error egress[1].port',
    ],
    [
      'sockets',
      egress(
        { port: { number: 0, protocol: 'HTTP' }, bind: 'unix:///a', captureMode: 'IPTABLES' },
        { port: { number: 0 } },
      ),
      'error egress[0].captureMode',
      'error egress[1].port.number',
    ],
    ['no hosts', egress({ hosts: [] }), 'error egress[0].hosts'],
    [
      'hosts without namespace',
      egress({ hosts: ['a.b', 'n_s/a', '~/*'] }),
      'error egress[0].hosts[0]',
      'error egress[0].hosts[1]',
    ],
    [
      'hosts twice',
      egress({ hosts: ['./a', 'shop/a', 'b/c', 'b/*'] }),
      'warning egress[0].hosts[1]',
      'warning egress[0].hosts[3]',
    ],
    ['all and others', egress({ hosts: ['*/*', './a'] }), 'warning egress[0].hosts'],
    [
      'an egress proxy',
      of({ outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'a_b' } } }),
      'error outboundTrafficPolicy.egressProxy',
      'error outboundTrafficPolicy.egressProxy.host',
    ],
    [
      'an egress proxy of a closed mesh',
      of({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY', egressProxy: { host: 'a' } } }),
      'error outboundTrafficPolicy.egressProxy',
    ],
  ])
})
