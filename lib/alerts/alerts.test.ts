import { describe, expect, it } from 'vitest'
import { alertId, compareAlerts, placeOf, summaryOf, targetsOf } from './alerts'

const ids = (labels: Record<string, string>) =>
  targetsOf(labels, 'east').map(({ cluster, namespace, kind, name }) =>
    [cluster, namespace, kind, name].join('/'),
  )

describe('targetsOf', () => {
  it.each([
    [
      'a service that is called',
      { destination_service_name: 'cart', destination_service_namespace: 'shop', reporter: 'source' },
      ['east/shop/service/cart'],
    ],
    [
      'a workload before its service',
      {
        destination_service_name: 'cart',
        destination_service_namespace: 'shop',
        destination_workload: 'cart-v1',
        destination_workload_namespace: 'shop',
      },
      ['east/shop/workload/cart-v1', 'east/shop/service/cart'],
    ],
    [
      'a caller',
      { source_workload: 'web', source_workload_namespace: 'shop', source_cluster: 'west' },
      ['west/shop/workload/web'],
    ],
    ['an object of Kubernetes', { namespace: 'shop', deployment: 'cart' }, ['east/shop/workload/cart']],
    [
      'the object, not the pod that tells of it',
      {
        namespace: 'monitoring',
        exported_namespace: 'shop',
        deployment: 'cart',
        service: 'kube-state-metrics',
      },
      ['east/shop/workload/cart'],
    ],
    [
      'a service that another tells of',
      {
        namespace: 'monitoring',
        service: 'kube-state-metrics',
        exported_namespace: 'shop',
        exported_service: 'cart',
      },
      ['east/shop/service/cart'],
    ],
    ['a scraped service', { namespace: 'shop', service: 'cart' }, ['east/shop/service/cart']],
    ['nobody, for unknown is no name', { destination_workload: 'unknown', namespace: 'shop' }, []],
    ['nobody without a namespace', { deployment: 'cart' }, []],
  ])('finds %s', (_, labels, expected) => {
    expect(ids(labels)).toEqual(expected)
  })
})

describe('placeOf', () => {
  it('prefers whom an alert is about to where it was scraped', () => {
    const labels = { namespace: 'istio-system', destination_service_namespace: 'shop' }
    expect(placeOf(labels, 'east')).toEqual({ cluster: 'east', namespace: 'shop' })
    // Prometheus renames a scraped label that it sets itself (honor_labels: false)
    expect(placeOf({ namespace: 'monitoring', exported_namespace: 'shop' }, 'east')?.namespace).toBe('shop')
    expect(placeOf({ namespace: 'a', cluster: 'west' }, 'east')).toEqual({ cluster: 'west', namespace: 'a' })
    expect(placeOf({ severity: 'page' }, 'east')).toBeNull()
  })
})

it('puts firing, critical and long-lasting alerts first, silenced ones last of their state', () => {
  const alert = (id: string, more: object) => ({
    id,
    state: 'firing' as const,
    severity: 'warning' as string | null,
    since: 10,
    silenced: null,
    ...more,
  })
  const sorted = [
    alert('pending', { state: 'pending', severity: 'critical' }),
    alert('young', { since: 20 }),
    alert('own words', { severity: 'sev-9' }),
    alert('critical', { severity: 'Critical' }),
    alert('silenced', { severity: 'critical', silenced: true }),
    alert('old', { since: 5 }),
  ].sort(compareAlerts)
  expect(sorted.map(({ id }) => id)).toEqual(['critical', 'old', 'young', 'own words', 'silenced', 'pending'])
})

it('knows one alert again whatever the order of its labels', () => {
  expect(alertId('r', { b: '2', a: '1', alertname: 'X' })).toBe(alertId('r', { a: '1', b: '2' }))
  expect(summaryOf({ description: 'long', summary: 'short' })).toBe('short')
  expect(summaryOf({})).toBeNull()
})
