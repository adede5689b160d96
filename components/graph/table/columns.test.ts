import { expect, it } from 'vitest'
import type { GraphNode } from '@/lib/api/schemas/graph'
import { nodeColumns } from './columns'

const node = (name: string) =>
  ({
    id: `east/shop/workload/${name}`,
    kind: 'workload',
    cluster: 'east',
    namespace: 'shop',
    name,
    workload: name,
    app: name,
    version: null,
    service: null,
    inbound: { http: null, grpc: null, tcp: null },
    outbound: { http: null, grpc: null, tcp: null },
    health: { status: 'healthy', reasons: [] },
  }) as unknown as GraphNode
const nodes = [node('a'), node('b')]
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
