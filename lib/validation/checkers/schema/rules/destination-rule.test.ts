import { describe } from 'vitest'
import { destinationRule } from '@/tests/support/checkers/checks'
import { says } from '@/tests/support/checkers/rules'

const of = (spec: object) => destinationRule('shop/a', { host: 'a', ...spec })
const policy = (trafficPolicy: object) => of({ trafficPolicy })

describe('destination rules', () => {
  says([
    ['a plain one', of({ subsets: [{ name: 'v1', labels: { version: 'v1' } }] })],
    ['a host that is none', of({ host: 'a_b' }), 'error host'],
    [
      'subsets',
      of({ subsets: [{ name: 'v1' }, { name: 'v1' }, { name: '' }, { name: 'a.b' }] }),
      'error subsets[1].name',
      'error subsets[2].name',
      'error subsets[3].name',
    ],
    ['an empty policy', policy({}), 'error trafficPolicy'],
    [
      'an empty policy of a subset',
      of({ subsets: [{ name: 'v1', trafficPolicy: {} }] }),
      'error subsets[0].trafficPolicy',
    ],
    ['ports', policy({ portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }] })],
    [
      'empty settings of no port',
      policy({ portLevelSettings: [{}] }),
      'error trafficPolicy.portLevelSettings[0]',
      'error trafficPolicy.portLevelSettings[0]',
    ],
    ['a selected workload', of({ workloadSelector: { matchLabels: { app: 'a' } }, exportTo: ['.'] })],
    [
      'a selected workload, exported',
      of({ workloadSelector: { matchLabels: { app: '*' } }, exportTo: ['*'] }),
      'error exportTo',
      'error workloadSelector.matchLabels.app',
    ],
    ['an empty selector', of({ workloadSelector: {} }), 'warning workloadSelector'],
  ])
})

describe('policies', () => {
  says([
    [
      'outliers',
      policy({
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: '10s',
          baseEjectionTime: '1m',
          maxEjectionPercent: 100,
        },
      }),
    ],
    [
      'odd outliers',
      policy({
        outlierDetection: {
          interval: '0',
          maxEjectionPercent: 101,
          minHealthPercent: -1,
          consecutiveErrors: 1,
          consecutiveLocalOriginFailures: 2,
        },
      }),
      'error trafficPolicy.outlierDetection.interval',
      'error trafficPolicy.outlierDetection.maxEjectionPercent',
      'error trafficPolicy.outlierDetection.minHealthPercent',
      'warning trafficPolicy.outlierDetection.consecutiveErrors',
      'error trafficPolicy.outlierDetection.consecutiveLocalOriginFailures',
    ],
    [
      'pools',
      policy({
        connectionPool: {
          tcp: { maxConnections: 1, connectTimeout: '30ms', idleTimeout: '0s' },
          http: { maxRetries: 0 },
        },
      }),
    ],
    ['an empty pool', policy({ connectionPool: {} }), 'error trafficPolicy.connectionPool'],
    [
      'odd pools',
      policy({
        connectionPool: {
          tcp: { maxConnections: -1, connectTimeout: 'x', tcpKeepalive: { time: '0.5ms' } },
          http: { http2MaxRequests: -1, h2UpgradePolicy: 'UPGRADE', useClientProtocol: true },
        },
      }),
      'error trafficPolicy.connectionPool.tcp.maxConnections',
      'error trafficPolicy.connectionPool.tcp.connectTimeout',
      'error trafficPolicy.connectionPool.tcp.tcpKeepalive.time',
      'error trafficPolicy.connectionPool.http.http2MaxRequests',
      'error trafficPolicy.connectionPool.http.useClientProtocol',
    ],
    [
      'hashes',
      policy({
        loadBalancer: { consistentHash: { httpCookie: { name: 'c' }, maglev: { tableSize: 65537 } } },
      }),
    ],
    [
      'odd hashes',
      policy({
        loadBalancer: { consistentHash: { httpCookie: {}, minimumRingSize: 1, maglev: { tableSize: 8 } } },
      }),
      'error trafficPolicy.loadBalancer.consistentHash.httpCookie',
      'warning trafficPolicy.loadBalancer.consistentHash.minimumRingSize',
      'error trafficPolicy.loadBalancer.consistentHash',
      'error trafficPolicy.loadBalancer.consistentHash.maglev.tableSize',
    ],
    [
      'localities',
      policy({
        loadBalancer: { localityLbSetting: { distribute: [{ from: 'a/*', to: { 'a/*': 80, 'b/*': 20 } }] } },
      }),
    ],
    [
      'odd localities',
      policy({
        loadBalancer: {
          localityLbSetting: {
            distribute: [{ to: { a: 80 } }, { to: { a: 0 } }],
            failover: [
              { from: 'a', to: 'a' },
              { from: 'a/b', to: 'c' },
            ],
          },
        },
      }),
      'error trafficPolicy.loadBalancer.localityLbSetting',
      'error trafficPolicy.loadBalancer.localityLbSetting.distribute[0].to',
      'error trafficPolicy.loadBalancer.localityLbSetting.distribute[1].to',
      'error trafficPolicy.loadBalancer.localityLbSetting.failover[0]',
      'error trafficPolicy.loadBalancer.localityLbSetting.failover[1].from',
    ],
    [
      'a warm-up',
      policy({ loadBalancer: { warmup: { minimumPercent: 200, aggression: 0.5 } } }),
      'error trafficPolicy.loadBalancer.warmup',
      'error trafficPolicy.loadBalancer.warmup.minimumPercent',
      'error trafficPolicy.loadBalancer.warmup.aggression',
    ],
    ['TLS', policy({ tls: { mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k' } })],
    [
      'MUTUAL without certificates',
      policy({ tls: { mode: 'MUTUAL' } }),
      'error trafficPolicy.tls',
      'error trafficPolicy.tls',
    ],
    [
      'certificates twice',
      policy({ tls: { mode: 'SIMPLE', credentialName: 'x', caCertificates: '/ca' } }),
      'error trafficPolicy.tls.credentialName',
    ],
    [
      'verified and not',
      policy({ tls: { mode: 'SIMPLE', insecureSkipVerify: true, caCertificates: '/ca' } }),
      'error trafficPolicy.tls.insecureSkipVerify',
    ],
    ['a tunnel', policy({ tunnel: { protocol: 'CONNECT', targetHost: 'a.b', targetPort: 443 } })],
    [
      'an odd tunnel',
      policy({ tunnel: { protocol: 'GET', targetHost: '', targetPort: 0 }, proxyProtocol: {} }),
      'error trafficPolicy',
      'error trafficPolicy.tunnel.protocol',
      'error trafficPolicy.tunnel.targetHost',
      'error trafficPolicy.tunnel.targetPort',
    ],
  ])
})
