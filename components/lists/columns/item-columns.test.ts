import { expect, it } from 'vitest'
import { isChosen } from '../chosen-columns'
import type { ItemKind } from '@/lib/api/paths'
import type { ListItem } from '@/lib/api/schemas/mesh/lists'
import { graphNode } from '@/tests/support/graph/drawn-graph'
import { itemColumns } from './item-columns'

const row = (cluster: string): ListItem => ({
  ...graphNode('reviews', { id: `${cluster}/shop/workload/reviews`, cluster, version: 'v1' }),
  replicas: { available: 2, current: 2, desired: 2 },
  mtls: { mode: 'STRICT', reason: 'set by the mesh' },
  badges: ['retries'],
  inbound: {
    http: null,
    grpc: null,
    tcp: { sentBytesPerSecond: 1, receivedBytesPerSecond: 1, connectionsPerSecond: 1 },
  },
  labels: {},
  members: ['reviews-v1'],
  versions: ['v1'],
})

function columnsOf(kind: ItemKind, isTight: boolean) {
  const none = () => null
  const said = { alerts: none, alertsIn: none, findings: none, keeps: { alerts: true, findings: true } }
  const opening = { isOpen: () => false, toggle: () => undefined }
  return itemColumns(kind, [row('east'), row('west')], opening, { isNarrow: false, isTight, said })
}

const MAIN_PX = 1_440 - 204 // the window of most laptops without the navigation
const SCROLLBAR_PX = 16
const ROW_PADDING_PX = 32

it.each<ItemKind>(['workloads', 'services', 'apps'])('%s fit a tight page with all they say', (kind) => {
  const usual = columnsOf(kind, true).filter((column) => isChosen('', column))
  const least = usual.map(({ width }) => Number(/(\d+)px/.exec(width)?.[1]))
  expect(usual.slice(-2).map(({ id }) => id)).toEqual(['alerts', 'findings'])
  expect(least.reduce((sum, px) => sum + px, ROW_PADDING_PX)).toBeLessThanOrEqual(MAIN_PX - SCROLLBAR_PX)
})

it('what a tight page leaves out can be chosen, and a wide one has it by itself', () => {
  for (const id of ['versions', 'members']) {
    const find = (isTight: boolean) => columnsOf('apps', isTight).find((column) => column.id === id)
    expect(find(true) && isChosen(`+${id}`, find(true) ?? { id })).toBe(true)
    expect(find(false) && isChosen('', find(false) ?? { id })).toBe(true)
  }
})
