import { expect, it } from 'vitest'
import { isChosen } from '../chosen-columns'
import type { ItemKind } from '@/lib/api/paths'
import type { ListItem } from '@/lib/api/schemas/mesh/lists'
import type { NamespaceSummary } from '@/lib/api/schemas/status'
import { graphNode } from '@/tests/support/graph/drawn-graph'
import { itemColumns } from './item-columns'
import { namespaceColumns } from './namespace-columns'

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

const namespace = (cluster: string): NamespaceSummary => ({
  id: `${cluster}/shop`,
  cluster,
  name: 'shop',
  dataPlane: 'sidecar',
  labels: {},
  nodes: 1,
  counts: { healthy: 1, degraded: 0, failing: 0, idle: 0, unknown: 0 },
  health: { status: 'healthy', reasons: [] },
  requestsPerSecond: 1,
  errorRatio: 0,
  p99Ms: 10,
  mtls: { mode: 'STRICT', reason: 'set by the mesh' },
  mtlsRatio: 1,
  replicas: { desired: 1, available: 1 },
  findings: { error: 0, warning: 0, info: 0 },
})

const none = () => null
const said = { alerts: none, alertsIn: none, findings: none, keeps: { alerts: true, findings: true } }
const opening = { isOpen: () => false, toggle: () => undefined }

function columnsOf(kind: ItemKind, isTight: boolean, isTighter = false) {
  return itemColumns(kind, [row('east'), row('west')], opening, { isNarrow: false, isTight, isTighter, said })
}

const NAVIGATION_PX = 204
const SCROLLBAR_PX = 16
const ROW_PADDING_PX = 32

/** What is left in the window when every column is as narrow as it may be. */
function roomLeft(windowPx: number, columns: readonly { width: string }[]): number {
  const least = columns.map(({ width }) => Number(/(\d+)px/.exec(width)?.[1]))
  return windowPx - NAVIGATION_PX - SCROLLBAR_PX - least.reduce((sum, px) => sum + px, ROW_PADDING_PX)
}

// the windows of most laptops
it.each<[ItemKind, number]>([
  ['workloads', 1_440],
  ['services', 1_440],
  ['apps', 1_440],
  ['workloads', 1_280],
  ['services', 1_280],
  ['apps', 1_280],
])('%s fit a window of %i px with all they say', (kind, windowPx) => {
  const usual = columnsOf(kind, true, windowPx === 1_280).filter((column) => isChosen('', column))
  expect(usual.slice(-2).map(({ id }) => id)).toEqual(['alerts', 'findings'])
  expect(roomLeft(windowPx, usual)).toBeGreaterThanOrEqual(0)
})

it('namespaces fit a window of 1280 px with all they say', () => {
  const usual = namespaceColumns([namespace('east'), namespace('west')], opening, {
    isTight: true,
    said,
  }).filter((column) => isChosen('', column))
  expect(usual.slice(-3).map(({ id }) => id)).toEqual(['findings', 'alerts', 'graph'])
  expect(roomLeft(1_280, usual)).toBeGreaterThanOrEqual(0)
})

it('what a tight page leaves out can be chosen, and a wide one has it by itself', () => {
  for (const id of ['versions', 'members']) {
    const find = (isTight: boolean) => columnsOf('apps', isTight).find((column) => column.id === id)
    expect(find(true) && isChosen(`+${id}`, find(true) ?? { id })).toBe(true)
    expect(find(false) && isChosen('', find(false) ?? { id })).toBe(true)
  }
})
