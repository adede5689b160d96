/** From summaries and the rows of unfolded namespaces to one list of rows, in the order in which they are drawn. Pure. */
import type { MtlsNamespace, MtlsRow, MtlsState } from '@/lib/api/schemas/config/mtls'
import { MTLS_STATES, worstState } from '@/lib/istio/mutual-tls/state'
import type { MtlsView } from './mtls-view'

export type TreeRow =
  | { kind: 'mesh'; id: string; depth: 0; summary: MtlsNamespace; isOpen: false; canOpen: false }
  | { kind: 'namespace'; id: string; depth: 0; summary: MtlsNamespace; isOpen: boolean; canOpen: boolean }
  | {
      kind: 'workload'
      id: string
      depth: 1
      item: MtlsRow
      /** null: not known */
      state: MtlsState | null
      isOpen: boolean
      canOpen: boolean
    }
  | {
      kind: 'port'
      id: string
      depth: 2
      item: MtlsRow
      state: MtlsState | null
      isOpen: false
      canOpen: false
    }
  /** stands where the rows of a namespace are still to come */
  | { kind: 'pending'; id: string; depth: 1; isOpen: false; canOpen: false; error: string | null }

/** What is known of the inside of a namespace: its rows, or why they are not here. */
export type Inside = { items: readonly MtlsRow[] } | { error: string | null }

/** A filter that finds few namespaces by what is in them unfolds them. */
const MOST_UNFOLDED = 5

/** Namespaces a filter leaves; those it finds by the names inside are `byInside`. */
export function filterNamespaces(
  summaries: readonly MtlsNamespace[],
  { filter, states }: Pick<MtlsView, 'filter' | 'states'>,
): { shown: MtlsNamespace[]; byInside: ReadonlySet<string> } {
  const words = wordsOf(filter)
  const byInside = new Set<string>()
  const shown = summaries.filter((summary) => {
    if (summary.namespace === null) return words.length === 0 && states.length === 0
    if (states.length > 0 && !states.some((state) => summary.states[state] > 0)) return false
    if (hasAll(summary.id, words)) return true
    const isInside = summary.workloads.some((name) => hasAll(`${summary.id}/${name}`, words))
    if (isInside) byInside.add(summary.id)
    return isInside
  })
  return { shown, byInside }
}

/** Ids of namespaces whose rows are shown, and so must be asked for. */
export function openNamespaces(summaries: readonly MtlsNamespace[], view: MtlsView): string[] {
  const { shown, byInside } = filterNamespaces(summaries, view)
  const found = byInside.size <= MOST_UNFOLDED ? byInside : new Set<string>()
  return shown.flatMap(({ id, namespace }) =>
    namespace !== null && (view.open.includes(id) || found.has(id)) ? [id] : [],
  )
}

/** All rows to draw: the mesh of each cluster, then namespaces with what is unfolded in them, worst first. */
export function treeRows(
  summaries: readonly MtlsNamespace[],
  inside: ReadonlyMap<string, Inside>,
  view: MtlsView,
): TreeRow[] {
  const { shown, byInside } = filterNamespaces(summaries, view)
  const isOpen = new Set(openNamespaces(summaries, view))
  const meshes = shown.filter(({ namespace }) => namespace === null)
  const namespaces = shown.filter(({ namespace }) => namespace !== null).sort(byOrder(view))
  return [
    ...meshes.map((summary): TreeRow => ({
      kind: 'mesh',
      id: summary.id,
      depth: 0,
      summary,
      isOpen: false,
      canOpen: false,
    })),
    ...namespaces.flatMap((summary): TreeRow[] => {
      const { id } = summary
      const own: TreeRow = {
        kind: 'namespace',
        id,
        depth: 0,
        summary,
        isOpen: isOpen.has(id),
        canOpen: summary.workloads.length > 0,
      }
      if (!own.isOpen) return [own]
      const known = inside.get(id) ?? { error: null }
      if ('error' in known) {
        return [own, { kind: 'pending', id: `${id}/…`, depth: 1, isOpen: false, canOpen: false, ...known }]
      }
      return [own, ...insideRows(known.items, view, byInside.has(id))]
    }),
  ]
}

function insideRows(items: readonly MtlsRow[], view: MtlsView, isNarrowed: boolean): TreeRow[] {
  const words = isNarrowed ? wordsOf(view.filter) : []
  const ports = new Map<string, MtlsRow[]>()
  for (const item of items) {
    if (item.port === null || item.workload === null) continue
    ports.set(item.workload, [...(ports.get(item.workload) ?? []), item])
  }
  return items
    .flatMap((item) => {
      if (item.workload === null || item.port !== null) return []
      const own = [...(ports.get(item.workload) ?? [])].sort((a, b) => (a.port ?? 0) - (b.port ?? 0))
      const state = worstState([item, ...own].flatMap((each) => each.state ?? []))
      return [{ item, own, state }]
    })
    .filter(
      ({ item, state }) =>
        (view.states.length === 0 || (state !== null && view.states.includes(state))) &&
        hasAll(item.id, words),
    )
    .sort((a, b) =>
      view.order === 'name'
        ? compare(a.item.id, b.item.id)
        : rankOf(a.state) - rankOf(b.state) ||
          plainRate(b.item.observed.plaintextCallers) - plainRate(a.item.observed.plaintextCallers) ||
          compare(a.item.id, b.item.id),
    )
    .flatMap(({ item, own, state }): TreeRow[] => {
      const isOpen = view.open.includes(item.id)
      const row: TreeRow = {
        kind: 'workload',
        id: item.id,
        depth: 1,
        item,
        state,
        isOpen,
        canOpen: own.length > 0,
      }
      if (!isOpen) return [row]
      return [
        row,
        ...own.map((port): TreeRow => ({
          kind: 'port',
          id: port.id,
          depth: 2,
          item: port,
          state: port.state,
          isOpen: false,
          canOpen: false,
        })),
      ]
    })
}

function byOrder({ order }: MtlsView): (a: MtlsNamespace, b: MtlsNamespace) => number {
  return (a, b) =>
    order === 'name'
      ? compare(a.id, b.id)
      : rankOf(a.state) - rankOf(b.state) ||
        (b.observed.plaintextRequestsPerSecond ?? 0) - (a.observed.plaintextRequestsPerSecond ?? 0) ||
        compare(a.id, b.id)
}

/** How many workloads are in each state, over the namespaces whose name fits. */
export function countStates(summaries: readonly MtlsNamespace[], filter: string): Record<MtlsState, number> {
  const counts = Object.fromEntries(MTLS_STATES.map((state) => [state, 0])) as Record<MtlsState, number>
  for (const { namespace, states } of filterNamespaces(summaries, { filter, states: [] }).shown) {
    if (namespace === null) continue
    for (const state of MTLS_STATES) counts[state] += states[state]
  }
  return counts
}

function rankOf(state: MtlsState | null): number {
  return state === null ? MTLS_STATES.length : MTLS_STATES.indexOf(state)
}

function plainRate(callers: MtlsRow['observed']['plaintextCallers']): number {
  return (callers ?? []).reduce((sum, { requestsPerSecond }) => sum + (requestsPerSecond ?? 0), 0)
}

function wordsOf(filter: string): string[] {
  return filter.toLowerCase().split(/\s+/).filter(Boolean)
}

function hasAll(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return words.every((word) => lower.includes(word))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
