/** Which objects are shown, as the address says it. Pure. */
import type { Sort } from '@/components/ui/table/table-sort'
import { worstOf } from '@/components/checks/count-findings'
import type { FindingCounts } from '@/lib/api/schemas/common'
import type { ConfigListItem } from '@/lib/api/schemas/config/changes'

export interface ConfigSearch {
  /** words that each must be part of a name, kind or label */
  filter: string
  /** `Kind.group`, empty: all */
  kinds: string[]
  /** tools that own objects, `none` for those nobody owns; empty: all */
  owners: string[]
  /** worst findings of objects, `none` for those without any; empty: all */
  severities: string[]
  sort: Sort
}

export const BY_NAME: Sort = { column: 'name', isDescending: false }
export const NONE = 'none'

/** `?filter=reviews&kinds=VirtualService.networking.istio.io&owners=Helm&sort=-age` */
export function parseConfigSearch(params: URLSearchParams, columns: readonly string[]): ConfigSearch {
  const sort = params.get('sort') ?? ''
  const column = sort.replace(/^-/, '')
  return {
    filter: params.get('filter') ?? '',
    kinds: listIn(params, 'kinds'),
    owners: listIn(params, 'owners'),
    severities: listIn(params, 'severities'),
    sort: columns.includes(column) ? { column, isDescending: sort.startsWith('-') } : BY_NAME,
  }
}

/** The query string after a change: what is preset is left out, keys of others stay. */
export function withConfigSearch(params: URLSearchParams, patch: Partial<ConfigSearch>): URLSearchParams {
  const next = new URLSearchParams(params)
  const put = (key: string, text: string) => (text === '' ? next.delete(key) : next.set(key, text))
  if (patch.filter !== undefined) put('filter', patch.filter)
  if (patch.kinds) put('kinds', patch.kinds.join(','))
  if (patch.owners) put('owners', patch.owners.join(','))
  if (patch.severities) put('severities', patch.severities.join(','))
  if (patch.sort) {
    const { column, isDescending } = patch.sort
    const isPreset = column === BY_NAME.column && isDescending === BY_NAME.isDescending
    put('sort', isPreset ? '' : `${isDescending ? '-' : ''}${column}`)
  }
  return next
}

/** Tells the two kinds named Gateway apart, in addresses. */
export function kindKeyOf({ ref }: ConfigListItem): string {
  return ref.group === '' ? ref.kind : `${ref.kind}.${ref.group}`
}

export function ownerKeyOf({ owner }: ConfigListItem): string {
  return owner?.tool ?? NONE
}

/** The rows that the search leaves, in their order. */
export function foundObjects<T extends ConfigListItem>(
  rows: readonly T[],
  search: ConfigSearch,
  counts: ReadonlyMap<string, FindingCounts> = new Map(),
): T[] {
  const severities = new Set(search.severities)
  const words = search.filter.toLowerCase().split(/\s+/).filter(Boolean)
  const kinds = new Set(search.kinds)
  const owners = new Set(search.owners)
  return rows.filter(
    (row) =>
      (kinds.size === 0 || kinds.has(kindKeyOf(row))) &&
      (owners.size === 0 || owners.has(ownerKeyOf(row))) &&
      (severities.size === 0 || severities.has(worstOf(counts.get(row.id)) ?? NONE)) &&
      (words.length === 0 || hasWords(row, words)),
  )
}

function hasWords({ id, labels }: ConfigListItem, words: readonly string[]): boolean {
  const said = `${id} ${Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')}`.toLowerCase()
  return words.every((word) => said.includes(word))
}

function listIn(params: URLSearchParams, key: string): string[] {
  return (params.get(key) ?? '').split(',').filter(Boolean)
}
