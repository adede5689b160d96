/** What of the splits the address asks for. Pure. */
import type { Split } from '@/lib/api/schemas/config/splits'

export interface SplitsState {
  /** words that each must be part of a split's names */
  filter: string
  /** id of the one that is open */
  split: string | null
  /** when its weights were changed here, epoch milliseconds; null: not lately */
  since: number | null
}

export function parseSplitsState(params: URLSearchParams): SplitsState {
  const since = Number(params.get('since') ?? Number.NaN)
  return {
    filter: params.get('filter') ?? '',
    split: params.get('split') || null,
    since: Number.isFinite(since) && since > 0 ? since * 1000 : null,
  }
}

/** The query string after a change: defaults are left out, keys of others stay. */
export function withSplitsState(params: URLSearchParams, patch: Partial<SplitsState>): URLSearchParams {
  const next = new URLSearchParams(params)
  const put = (key: string, text: string) => (text === '' ? next.delete(key) : next.set(key, text))
  if (patch.filter !== undefined) put('filter', patch.filter)
  if (patch.split !== undefined) put('split', patch.split ?? '')
  if (patch.since !== undefined)
    put('since', patch.since === null ? '' : String(Math.round(patch.since / 1000)))
  return next
}

/** Splits that hold every word of the filter somewhere in their names, hosts, matches and versions. */
export function namedSplits(splits: readonly Split[], filter: string): Split[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...splits]
  return splits.filter((split) => {
    const text = [
      split.id,
      split.host,
      split.match,
      split.route.name ?? '',
      ...split.backends.flatMap(({ name, version, workloads }) => [
        name,
        version ?? '',
        ...(workloads ?? []),
      ]),
    ]
      .join('\n')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The id of a split whose rule is at another place of its object now. */
export function movedSplit(id: string, path: string): string {
  return `${id.slice(0, id.lastIndexOf('#'))}#${path}`
}
