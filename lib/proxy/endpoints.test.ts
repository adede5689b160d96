import { describe, expect, it } from 'vitest'
import { endpointCounts, readEndpoints } from './endpoints'

const socket = (address: string, port_value: number) => ({ socket_address: { address, port_value } })

describe('readEndpoints', () => {
  it('tells how endpoints fare', () => {
    const host = (health_status: object, rest: object = {}) => ({
      address: socket('10.0.0.1', 80),
      health_status,
      ...rest,
    })
    const endpoints = readEndpoints({
      cluster_statuses: [
        {
          name: 'c',
          host_statuses: [
            host(
              { eds_health_status: 'HEALTHY' },
              {
                weight: 1,
                locality: { region: 'r', zone: 'z' },
                stats: [{ name: 'rq_total', value: '12' }, { name: 'rq_error' }],
              },
            ),
            host({ eds_health_status: 'HEALTHY', failed_outlier_check: true }),
            host({ eds_health_status: 'UNHEALTHY' }),
            host({}),
          ],
        },
      ],
    })
    expect(endpoints.map((one) => one.health)).toEqual(['healthy', 'unhealthy', 'unhealthy', 'healthy'])
    expect(endpoints[0]).toMatchObject({ address: '10.0.0.1:80', locality: 'r/z', requests: 12, errors: 0 })
    expect(endpoints[1]?.reason).toMatch(/outlier/)
    expect(endpoints[3]?.requests).toBeNull()
  })
})

it('counts the endpoints of a cluster, and makes nothing of what could not be read', () => {
  const host = (eds_health_status: string) => ({ health_status: { eds_health_status } })
  const read = readEndpoints({
    cluster_statuses: [{ name: 'c', host_statuses: [host('HEALTHY'), host('UNHEALTHY')] }, { name: 'd' }],
  })
  expect(endpointCounts(read)('c')).toEqual({ endpoints: 2, healthyEndpoints: 1 })
  expect(endpointCounts(read)('d')).toEqual({ endpoints: 0, healthyEndpoints: 0 })
  expect(endpointCounts(null)('c')).toEqual({ endpoints: null, healthyEndpoints: null })
})
