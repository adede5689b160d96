import { expect, it } from 'vitest'
import { graphNode } from '@/tests/support/graph/drawn-graph'
import { nodeColumns } from './columns'

const nodes = [graphNode('a'), graphNode('b')]
const column = (...args: Parameters<typeof nodeColumns>) =>
  nodeColumns(...args).find(({ id }) => id === 'alerts')
const nothing = () => undefined

it('says how many alerts are about each node, the firing ones first', () => {
  const alerts = new Map([
    ['east/shop/workload/a', { firing: 0, pending: 3 }],
    ['east/shop/workload/b', { firing: 1, pending: 0 }],
  ])
  const of = column(nodes, alerts, nothing)
  const [a, b] = nodes.map((each) => Number(of?.sortBy?.(each)))
  expect(b).toBeGreaterThan(a ?? Infinity)
  expect(nodes.map((each) => of?.copy?.value(each))).toEqual([0, 1])
})

it('has no column of alerts while they are not known, or none is about these nodes', () => {
  expect(column(nodes, undefined, nothing)).toBeUndefined()
  expect(
    column(nodes, new Map([['east/other/workload/x', { firing: 1, pending: 0 }]]), nothing),
  ).toBeUndefined()
})

it('says the cluster where nodes are of several', () => {
  const named = (...all: Parameters<typeof nodeColumns>[0]) =>
    nodeColumns(all, undefined, nothing).map(({ id }) => id)
  const [a, b] = [graphNode('a'), graphNode('a', { id: 'west/shop/workload/a', cluster: 'west' })]
  const caller = graphNode('unknown', { id: 'unknown/unknown/unknown/unknown', cluster: 'unknown' })
  expect(named(a, b)).toContain('cluster')
  expect(named(a, caller)).not.toContain('cluster')
})
