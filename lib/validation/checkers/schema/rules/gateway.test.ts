import { describe } from 'vitest'
import { gateway } from '@/tests/support/checkers/checks'
import { says } from '@/tests/support/checkers/rules'

const http = { number: 80, name: 'http', protocol: 'HTTP' }
const https = { number: 443, name: 'https', protocol: 'HTTPS' }
const of = (...servers: object[]) => gateway('shop/a', { servers })
const server = (one: object) => of({ hosts: ['a.b'], port: http, ...one })
const tls = (settings: object) => server({ port: https, tls: settings })
const files = { serverCertificate: '/c', privateKey: '/k' }

describe('servers', () => {
  says([
    ['a plain one', server({ hosts: ['*', './a.b', '*/a.b', 'ns/*.b'] })],
    [
      'a name with dots',
      gateway('shop/a.b', { servers: [{ hosts: ['a'], port: http }] }),
      'error metadata.name',
    ],
    ['no servers', of(), 'error spec'],
    ['no hosts', server({ hosts: [] }), 'error servers[0].hosts'],
    [
      'hosts that are none',
      server({ hosts: ['a_b', '/a', 'n_s/a'] }),
      'error servers[0].hosts[0]',
      'error servers[0].hosts[1]',
      'error servers[0].hosts[2]',
    ],
    ['no port', server({ port: undefined }), 'error servers[0]'],
    [
      'odd ports',
      server({ port: { number: 70000, protocol: 'FTP', targetPort: 1 } }),
      'error servers[0].port.number',
      'error servers[0].port.protocol',
      'error servers[0].port.targetPort',
      'error servers[0].port.name',
    ],
    [
      'one port name twice',
      of({ hosts: ['a'], port: http }, { hosts: ['b'], port: { ...http, number: 81 } }),
      'error servers[1].port.name',
    ],
    ['addresses', server({ bind: '10.0.0.1' })],
    ['odd addresses', server({ bind: 'localhost' }), 'error servers[0].bind'],
    ['a socket', server({ bind: 'unix:///a', port: { ...http, number: 0 } })],
    ['a socket with a port', server({ bind: 'unix://a' }), 'error servers[0].bind', 'error servers[0].bind'],
  ])
})

describe('TLS of servers', () => {
  says([
    ['a redirect', server({ tls: { httpsRedirect: true } })],
    [
      'a redirect of HTTPS',
      tls({ mode: 'SIMPLE', credentialName: 'x', httpsRedirect: true }),
      'warning servers[0].tls.httpsRedirect',
    ],
    ['HTTPS without settings', server({ port: https }), 'error servers[0]'],
    [
      'HTTP with certificates',
      server({ tls: { mode: 'SIMPLE', credentialName: 'x' } }),
      'error servers[0].tls',
    ],
    [
      'TCP with settings',
      server({ port: { ...http, protocol: 'TCP' }, tls: { mode: 'PASSTHROUGH' } }),
      'error servers[0].tls',
    ],
    ['SIMPLE', tls({ mode: 'SIMPLE', ...files })],
    ['SIMPLE without certificate', tls({ mode: 'SIMPLE' }), 'error servers[0].tls', 'error servers[0].tls'],
    ['MUTUAL without CA', tls({ mode: 'MUTUAL', ...files }), 'error servers[0].tls'],
    ['MUTUAL by secret', tls({ mode: 'MUTUAL', credentialName: 'x' })],
    ['two places', tls({ mode: 'SIMPLE', credentialName: 'x', ...files }), 'error servers[0].tls'],
    [
      'ISTIO_MUTUAL with certificates',
      tls({ mode: 'ISTIO_MUTUAL', credentialName: 'x', privateKey: '/k' }),
      'error servers[0].tls.credentialName',
      'error servers[0].tls.privateKey',
    ],
    [
      'PASSTHROUGH with certificates',
      tls({ mode: 'PASSTHROUGH', credentialName: 'x' }),
      'warning servers[0].tls.mode',
    ],
    [
      'old versions',
      tls({ mode: 'SIMPLE', credentialName: 'x', minProtocolVersion: 'TLSV1_0' }),
      'warning servers[0].tls.minProtocolVersion',
    ],
    [
      'ciphers',
      tls({ mode: 'SIMPLE', credentialName: 'x', cipherSuites: ['AES128-SHA', 'AES128-SHA', 'ROT13'] }),
      'warning servers[0].tls.cipherSuites[1]',
      'warning servers[0].tls.cipherSuites[2]',
    ],
    [
      'several certificates',
      tls({ mode: 'SIMPLE', tlsCertificates: [files, files, { privateKey: '/k' }] }),
      'warning servers[0].tls.tlsCertificates',
      'error servers[0].tls.tlsCertificates[2]',
    ],
    [
      'a revocation list without clients',
      tls({ mode: 'SIMPLE', ...files, caCrl: '/crl' }),
      'error servers[0].tls.caCrl',
    ],
  ])
})
