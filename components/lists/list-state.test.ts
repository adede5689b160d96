import { describe, expect, it } from 'vitest'
import type { HealthStatus } from '@/lib/api/schemas/common'
import {
  countByStatus,
  namedRows,
  parseListState,
  rowsOfStatus,
  withListState,
  WORST_FIRST,
} from './list-state'

const COLUMNS = ['health', 'name', 'p99']
const state = (query: string) => parseListState(new URLSearchParams(query), COLUMNS)
const row = (id: string, status: HealthStatus = 'healthy') => ({ id, health: { status, reasons: [] } })

describe('parseListState', () => {
  it('shows everything, worst first, when nothing is said', () => {
    expect(state('')).toEqual({ filter: '', statuses: [], sort: WORST_FIRST })
  })

  it('falls back where a value is unknown', () => {
    expect(state('health=broken&sort=-colour')).toEqual(state(''))
  })

  it('round-trips, and leaves other keys alone', () => {
    const wanted = {
      filter: 'rev & 50%',
      statuses: ['failing' as const, 'idle' as const],
      sort: { column: 'p99', isDescending: true },
    }
    const query = withListState(new URLSearchParams('window=5m'), wanted)
    expect(state(query.toString())).toEqual(wanted)
    expect(query.get('window')).toBe('5m')
  })

  it('writes nothing for what is the default', () => {
    const query = withListState(new URLSearchParams('filter=a&health=idle&sort=name'), {
      filter: '',
      statuses: [],
      sort: WORST_FIRST,
    })
    expect(query.toString()).toBe('')
  })
})

describe('filters', () => {
  const rows = [
    row('east/bookinfo/workload/reviews-v1', 'failing'),
    row('east/bookinfo/workload/ratings-v1'),
    row('west/boutique/workload/cart', 'failing'),
  ]

  it('wants every word, wherever it stands in the name or its place', () => {
    expect(namedRows(rows, 'V1 book').map((each) => each.id)).toEqual([rows[0]?.id, rows[1]?.id])
    expect(namedRows(rows, 'west reviews')).toEqual([])
    expect(namedRows(rows, '  ')).toHaveLength(3)
  })

  it('looks for words with = among the labels', () => {
    const labelled = [
      { ...row('east/shop/workload/a'), labels: { team: 'Store', app: 'a' } },
      { ...row('east/shop/workload/b'), labels: null },
    ]
    expect(namedRows(labelled, 'team=store').map(({ id }) => id)).toEqual([labelled[0]?.id])
    expect(namedRows(labelled, 'shop team=')).toHaveLength(1)
    expect(namedRows(labelled, 'am=store')).toEqual([])
  })

  it('keeps the chosen statuses, all when none is chosen', () => {
    expect(rowsOfStatus(rows, ['failing'])).toHaveLength(2)
    expect(rowsOfStatus(rows, [])).toHaveLength(3)
  })

  it('counts by status', () => {
    expect(countByStatus(rows)).toEqual({ failing: 2, degraded: 0, healthy: 1, idle: 0, unknown: 0 })
  })
})
