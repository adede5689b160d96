import { describe, expect, it } from 'vitest'
import { instantOf, sharedAddress } from './share-address'

const AT = 1_700_000_000_400
const share = (path: string) =>
  sharedAddress(`https://heddle.example${path}`, AT).slice('https://heddle.example'.length)

describe('sharedAddress', () => {
  it.each([
    ['/graph', '/graph?at=1700000000&window=2m'],
    ['/graph?window=5m&refresh=paused', '/graph?window=5m&at=1700000000'],
    [
      '/workloads/east/shop/cart?tab=logs&pod=cart-1',
      '/workloads/east/shop/cart?tab=logs&pod=cart-1&at=1700000000&window=2m',
    ],
    [
      '/graph?selected=east/a/workload/b>east/a/workload/c%23http',
      '/graph?selected=east/a/workload/b%3Eeast/a/workload/c%23http&at=1700000000&window=2m',
    ],
  ])('pins %s', (path, shared) => expect(share(path)).toBe(shared))

  it('keeps an instant that was chosen, and its length', () => {
    expect(share('/graph?at=1690000000.5&window=47m')).toBe('/graph?at=1690000000.5&window=47m')
    expect(share('/graph?at=2023-11-14T22:13:20Z')).toBe('/graph?at=1700000000&window=2m')
  })

  it('pins what is no instant', () => {
    expect(share('/graph?at=soon')).toBe('/graph?at=1700000000&window=2m')
  })

  it('says the instant it opens', () => {
    expect(instantOf('https://heddle.example/graph?at=1700000000')).toBe(1_700_000_000_000)
  })
})
