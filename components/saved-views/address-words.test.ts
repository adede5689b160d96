import { expect, it } from 'vitest'
import { addressWords } from './address-words'

it.each([
  ['/overview', 'Overview'],
  ['/graph?namespaces=east/bookinfo&window=5m', 'Graph · bookinfo · last 5 min'],
  ['/graph?selected=east/bookinfo/workload/reviews-v1', 'Graph · reviews-v1'],
  [
    '/workloads/east/bookinfo/reviews-v1?tab=logs&at=1700000000&window=47m',
    'Workloads · reviews-v1 · logs · 47 min until 2023-11-14 22:13:20',
  ],
  ['/services?namespaces=a,b,c,d,e', 'Services · a, b, c and 2 more'],
  ['/mutual-tls?clusters=east', 'Mutual TLS · east'],
  ['/routing/east/bookinfo/reviews', 'Routing · reviews'],
  ['/workloads/east/x/50%', 'Workloads · 50%'],
])('%s is %s', (path, words) => expect(addressWords(path, 'UTC')).toBe(words))
