/** Which changes are shown, as the address says it. Pure. */
import type { Sort } from '@/components/ui/table/table-sort'
import type { ChangeFilter } from '@/lib/api/paths'
import type { ChangeSummary } from '@/lib/api/schemas/config/changes'
import { nameOf, STATUS_WORDS } from './words'

export interface ChangeSearch {
  /** words that each must be part of what is shown of a change */
  text: string
  object: ChangeFilter
}

export const NEWEST_FIRST: Sort = { column: 'at', isDescending: true }

const OBJECT_KEYS = ['cluster', 'namespace', 'kind', 'name', 'author', 'status'] as const

/** `?filter=50&kind=VirtualService&name=reviews&author=kubectl-edit&status=failed` */
export function filterOf(params: URLSearchParams): ChangeSearch {
  const object: ChangeFilter = {}
  for (const key of OBJECT_KEYS) {
    const value = params.get(key)
    if (value) object[key] = value
  }
  return { text: params.get('filter') ?? '', object }
}

/** The query string after a change: what is empty is left out, keys of others stay. */
export function withChangeFilter(params: URLSearchParams, patch: Partial<ChangeSearch>): URLSearchParams {
  const next = new URLSearchParams(params)
  const put = (key: string, value: string | undefined) => (value ? next.set(key, value) : next.delete(key))
  if (patch.text !== undefined) put('filter', patch.text)
  if (patch.object) for (const key of OBJECT_KEYS) put(key, patch.object[key])
  return next
}

/** True when the change is of the author and status, and one object of it is the one asked for. */
export function matchesFilter(change: ChangeSummary, filter: ChangeFilter): boolean {
  return (
    (filter.author === undefined || filter.author === change.author) &&
    (filter.status === undefined || filter.status === change.status) &&
    change.objects.some(({ ref }) =>
      (['cluster', 'namespace', 'kind', 'name'] as const).every(
        (part) => filter[part] === undefined || filter[part] === ref[part],
      ),
    )
  )
}

/** What the changes can be narrowed to, each sorted. */
export function choicesOf(changes: readonly ChangeSummary[]): Record<'kind' | 'author' | 'status', string[]> {
  const sorted = (names: (string | null)[]) => [...new Set(names.filter((name) => name !== null))].sort()
  return {
    kind: sorted(changes.flatMap(({ objects }) => objects.map(({ ref }) => ref.kind))),
    author: sorted(changes.map(({ author }) => author)),
    status: sorted(changes.map(({ status }) => status)),
  }
}

/** True when each word is in the change's words, and one of its objects is in the namespaces looked at. */
export function matchesText(change: ChangeSummary, text: string, namespaces: readonly string[]): boolean {
  const isIn =
    namespaces.length === 0 ||
    change.objects.some(
      ({ ref }) =>
        namespaces.includes(ref.namespace) || namespaces.includes(`${ref.cluster}/${ref.namespace}`),
    )
  if (!isIn) return false
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const said = [
    change.id,
    change.author ?? '',
    change.reason ?? '',
    STATUS_WORDS[change.status],
    ...change.objects.map(({ ref }) => nameOf(ref)),
  ]
    .join(' ')
    .toLowerCase()
  return words.every((word) => said.includes(word))
}
