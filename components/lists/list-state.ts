/** What of a list is shown, as the address says it. Pure. */
import type { Health, HealthStatus } from '@/lib/api/schemas/common'
import type { Sort } from '@/components/ui/table/table-sort'

// worst first, as lists are read; repeated here: the schema file would bring its validator into the first load
export const STATUSES = [
  'failing',
  'degraded',
  'healthy',
  'idle',
  'unknown',
] as const satisfies readonly HealthStatus[]

export interface ListState {
  /** words that each must be part of a name */
  filter: string
  /** empty: all */
  statuses: HealthStatus[]
  sort: Sort
}

export const WORST_FIRST: Sort = { column: 'health', isDescending: true }

/** `?filter=rev&health=failing,degraded&sort=-p99`; what is unknown or absent reads as the default. */
export function parseListState(params: URLSearchParams, columns: readonly string[]): ListState {
  const asked = params.get('health')?.split(',') ?? []
  const sort = params.get('sort') ?? ''
  const column = sort.replace(/^-/, '')
  return {
    filter: params.get('filter') ?? '',
    statuses: STATUSES.filter((status) => asked.includes(status)),
    sort: columns.includes(column) ? { column, isDescending: sort.startsWith('-') } : WORST_FIRST,
  }
}

/** The query string after a change: defaults are left out, keys of others stay. */
export function withListState(params: URLSearchParams, patch: Partial<ListState>): URLSearchParams {
  const next = new URLSearchParams(params)
  const put = (key: string, text: string) => (text === '' ? next.delete(key) : next.set(key, text))
  if (patch.filter !== undefined) put('filter', patch.filter)
  if (patch.statuses) put('health', patch.statuses.join(','))
  if (patch.sort) {
    const { column, isDescending } = patch.sort
    const isPreset = column === WORST_FIRST.column && isDescending === WORST_FIRST.isDescending
    put('sort', isPreset ? '' : `${isDescending ? '-' : ''}${column}`)
  }
  return next
}

interface Filterable {
  id: string
  health: Health
  /** null: not known */
  labels?: Readonly<Record<string, string>> | null
}

/**
 * Rows whose id holds every word of the filter, before their health is asked for. A word with `=` is looked for
 * among the labels: `team=` is any team, `app=rev` every app that begins so.
 */
export function namedRows<T extends Filterable>(rows: readonly T[], filter: string): T[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...rows]
  return rows.filter((row) => {
    const id = row.id.toLowerCase()
    return words.every((word) => (word.includes('=') ? hasLabel(row, word) : id.includes(word)))
  })
}

function hasLabel({ labels }: Filterable, word: string): boolean {
  return Object.entries(labels ?? {}).some(([name, value]) =>
    `${name}=${value}`.toLowerCase().startsWith(word),
  )
}

export function rowsOfStatus<T extends Filterable>(
  rows: readonly T[],
  statuses: readonly HealthStatus[],
): T[] {
  return statuses.length === 0 ? [...rows] : rows.filter((row) => statuses.includes(row.health.status))
}

export function countByStatus(rows: readonly Filterable[]): Record<HealthStatus, number> {
  const counts: Record<HealthStatus, number> = { failing: 0, degraded: 0, healthy: 0, idle: 0, unknown: 0 }
  for (const row of rows) counts[row.health.status] += 1
  return counts
}
