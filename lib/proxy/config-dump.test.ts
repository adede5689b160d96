import { describe, expect, it } from 'vitest'
import { partsOf, readConfigDump, withoutSecrets } from './config-dump'

const admin = (type: string, rest: object) => ({
  '@type': `type.googleapis.com/envoy.admin.v3.${type}`,
  ...rest,
})
const typed = (type: string, rest: object) => ({ '@type': `type.googleapis.com/envoy.x.v3.${type}`, ...rest })
const socket = (address: string, port_value: number) => ({ socket_address: { address, port_value } })

describe('readConfigDump', () => {
  it('reads clusters with whom they stand for and how they connect', () => {
    const { clusters } = readConfigDump({
      configs: [
        admin('ClustersConfigDump', {
          static_clusters: [{ cluster: { name: 'agent', type: 'STATIC', connect_timeout: '0.250s' } }],
          dynamic_active_clusters: [
            {
              last_updated: '2026-08-20T12:00:00.000Z',
              cluster: {
                name: 'outbound|9080|v1|reviews.bookinfo.svc.cluster.local',
                type: 'EDS',
                lb_policy: 'LEAST_REQUEST',
                connect_timeout: '10s',
                transport_socket_matches: [{ name: 'tlsMode-istio', match: { tlsMode: 'istio' } }],
              },
            },
          ],
          dynamic_warming_clusters: [{ cluster: { name: 'outbound|80||x.y' } }],
        }),
      ],
    })
    expect(clusters).toMatchObject([
      { name: 'agent', origin: 'static', direction: null, connectTimeoutMs: 250, tls: null },
      { name: 'outbound|80||x.y', origin: 'warming', subset: null },
      {
        host: 'reviews.bookinfo.svc.cluster.local',
        port: 9080,
        subset: 'v1',
        tls: 'auto',
        loadBalancing: 'LEAST_REQUEST',
        updatedAt: Date.UTC(2026, 7, 20, 12),
      },
    ])
  })

  it('says what listeners do, and why a new version was not taken', () => {
    const { listeners } = readConfigDump({
      configs: [
        admin('ListenersConfigDump', {
          dynamic_listeners: [
            {
              name: '0.0.0.0_9080',
              active_state: {
                listener: {
                  name: '0.0.0.0_9080',
                  address: socket('0.0.0.0', 9080),
                  traffic_direction: 'OUTBOUND',
                  filter_chains: [
                    {
                      filters: [
                        {
                          typed_config: typed('HttpConnectionManager', {
                            rds: { route_config_name: '9080' },
                          }),
                        },
                      ],
                    },
                    {
                      filter_chain_match: {
                        destination_port: 443,
                        server_names: ['a.example'],
                        transport_protocol: 'tls',
                      },
                      filters: [{ typed_config: typed('TcpProxy', { cluster: 'outbound|443||a.example' }) }],
                    },
                  ],
                },
              },
              error_state: { details: 'duplicate address' },
            },
          ],
        }),
      ],
    })
    expect(listeners[0]).toMatchObject({
      address: '0.0.0.0:9080',
      direction: 'outbound',
      error: 'duplicate address',
      chains: [
        { match: 'everything', action: 'HTTP by route 9080' },
        { match: 'port 443 · for a.example · TLS', action: 'TCP to outbound|443||a.example' },
      ],
    })
  })

  it('puts routes in words', () => {
    const route = (match: object, rest: object) => ({ match, ...rest })
    const { routes } = readConfigDump({
      configs: [
        admin('RoutesConfigDump', {
          dynamic_route_configs: [
            {
              route_config: {
                name: '9080',
                virtual_hosts: [
                  {
                    name: 'reviews.bookinfo.svc.cluster.local:9080',
                    domains: ['reviews', 'reviews.bookinfo'],
                    routes: [
                      route(
                        { prefix: '/', headers: [{ name: 'end-user', string_match: { exact: 'jason' } }] },
                        { route: { cluster: 'outbound|9080|v2|r', timeout: '3s' } },
                      ),
                      route(
                        { path_separated_prefix: '/a' },
                        {
                          route: {
                            weighted_clusters: {
                              clusters: [
                                { name: 'x', weight: 90 },
                                { name: 'y', weight: 10 },
                              ],
                            },
                          },
                        },
                      ),
                      route({ safe_regex: { regex: '/b.*' } }, { direct_response: { status: 404 } }),
                      route({ path: '/c' }, { redirect: { https_redirect: true } }),
                    ],
                  },
                ],
              },
            },
          ],
        }),
      ],
    })
    expect(routes.map(({ match, action, timeoutMs }) => [match, action, timeoutMs])).toEqual([
      ['every path and end-user = jason', 'to outbound|9080|v2|r', 3_000],
      ['paths under /a', '90 to x, 10 to y', null],
      ['paths like /b.*', 'answers 404 itself', null],
      ['path /c', 'redirects to https', null],
    ])
  })

  it.each([
    // what a VirtualService says with withoutHeaders
    [
      { headers: [{ name: 'end-user', string_match: { exact: 'jason' }, invert_match: true }] },
      'end-user ≠ jason',
    ],
    [{ headers: [{ name: 'end-user', present_match: true, invert_match: true }] }, 'no header end-user'],
    [{ headers: [{ name: 'end-user', present_match: false }] }, 'no header end-user'],
    [{ headers: [{ name: 'end-user', present_match: true }] }, 'header end-user'],
    [
      { headers: [{ name: 'x', string_match: { safe_regex: { regex: 'a|b' } }, invert_match: true }] },
      'header x not like a|b',
    ],
    [{ headers: [{ name: 'x', string_match: { prefix: 'can' } }] }, 'header x beginning with can'],
    [{ query_parameters: [{ name: 'v', string_match: { exact: '2' } }] }, 'v = 2'],
    [{ query_parameters: [{ name: 'v' }] }, 'parameter v'],
  ])('says of a request who is taken and who is not: %o', (match, words) => {
    const virtual_hosts = [{ routes: [{ match: { prefix: '/', ...match } }] }]
    const dump = {
      configs: [admin('RoutesConfigDump', { dynamic_route_configs: [{ route_config: { virtual_hosts } }] })],
    }
    expect(readConfigDump(dump).routes[0]?.match).toBe(`every path and ${words}`)
  })

  it('reads certificates of secrets, and nothing where a key stands', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
    const dump = {
      configs: [
        admin('SecretsConfigDump', {
          dynamic_active_secrets: [
            {
              name: 'default',
              secret: {
                '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
                tls_certificate: {
                  certificate_chain: { inline_bytes: btoa(pem) },
                  private_key: { inline_bytes: 'S0VZ' },
                },
              },
            },
            { name: 'ROOTCA', secret: { validation_context: { trusted_ca: { inline_string: pem } } } },
            {
              name: 'odd',
              secret: {
                tls_certificate: { certificate_chain: { inline_string: '-----BEGIN PRIVATE KEY-----' } },
              },
            },
          ],
        }),
      ],
    }
    expect(readConfigDump(dump).secrets.map(({ name, kind, pem: read }) => [name, kind, read])).toEqual([
      ['ROOTCA', 'authorities', pem],
      ['default', 'certificate', pem],
      ['odd', 'certificate', null],
    ])
    const shown = JSON.stringify(withoutSecrets(dump))
    expect(shown).not.toContain('S0VZ')
    expect(shown).not.toContain(btoa(pem))
    expect(shown).toContain('default')
  })

  it('reads nothing from what is no dump', () => {
    for (const body of [null, [], 'x', { configs: [7, { '@type': 'y' }] }]) {
      expect(readConfigDump(body)).toEqual({ clusters: [], listeners: [], routes: [], secrets: [] })
    }
  })
})

it('reads names of clusters', () => {
  expect(partsOf('inbound|9080||')).toEqual({ direction: 'inbound', host: null, port: 9080, subset: null })
  expect(partsOf('BlackHoleCluster')).toEqual({ direction: null, host: null, port: null, subset: null })
})
