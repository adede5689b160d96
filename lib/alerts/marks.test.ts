import { expect, it } from 'vitest'
import { alertMarkWords, markAlerts } from './marks'

const alert = (state: 'firing' | 'pending', nodes: string[], silenced: boolean | null = false) => ({
  state,
  nodes,
  silenced,
  place: { cluster: 'east', namespace: 'shop' },
})

it('counts what fires and is pending at each node and its namespace, and nothing that is silenced', () => {
  const marks = markAlerts([
    alert('firing', ['east/shop/service/cart', 'east/shop/workload/cart-v1']),
    alert('pending', ['east/shop/workload/cart-v1', 'east/shop/workload/cart-v1'], null),
    alert('firing', ['east/shop/workload/cart-v1'], true),
    { ...alert('firing', []), place: null },
  ])
  expect(Object.fromEntries(marks)).toEqual({
    'east/shop/service/cart': { firing: 1, pending: 0 },
    'east/shop/workload/cart-v1': { firing: 1, pending: 1 },
    'east/shop': { firing: 1, pending: 1 },
  })
})

it.each([
  [1, 0, '1 alert fires'],
  [2, 1, '2 alerts fire, 1 is pending'],
  [0, 1, '1 alert is pending'],
  [0, 3, '3 alerts are pending'],
  [1, 2, '1 alert fires, 2 are pending'],
])('says %d firing and %d pending in words', (firing, pending, words) => {
  expect(alertMarkWords({ firing, pending })).toBe(words)
})
