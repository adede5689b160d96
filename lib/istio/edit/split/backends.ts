/** Edits of one weighted rule: its weights, a destination more or less. What they do not know stays byte for byte. */
import type { JsonPatchOperation } from '@/lib/changes/difference/json-patch'
import type { ConfigObject } from '@/lib/mesh/inventory'
import {
  backendOf,
  edited,
  findSplitRule,
  GONE,
  testsOf,
  writtenBackend,
  type BackendRef,
  type Edited,
  type Fields,
} from './rule'

/**
 * The rule at `path` with these weights, one for each destination in order. Only weights that differ are written;
 * no operation at all: they say what is there already.
 */
export function withWeights(object: ConfigObject, path: string, weights: readonly number[]): Edited {
  const rule = findSplitRule(object, path)
  if (!rule || rule.entries.length !== weights.length) return { problem: GONE }
  const writes = rule.entries.flatMap((entry, at): JsonPatchOperation[] => {
    const weight = weights[at] ?? 0
    const isLone = rule.entries.length === 1 && rule.api === 'istio' && entry.weight === undefined
    return entry.weight === weight || isLone ? [] : [weightOp(rule.list, at, entry, weight)]
  })
  return edited(object, writes.length === 0 ? [] : [...testsOf(rule), ...writes])
}

function weightOp(list: string, at: number, entry: Fields, weight: number): JsonPatchOperation {
  return { op: entry.weight === undefined ? 'add' : 'replace', path: `${list}/${at}/weight`, value: weight }
}

/**
 * The rule with one destination more, which gets nothing yet. A lone one without weight becomes 100 of 100, which is
 * what it was.
 */
export function withBackend(object: ConfigObject, path: string, backend: BackendRef): Edited {
  const rule = findSplitRule(object, path)
  if (!rule) return { problem: GONE }
  const isThere = rule.entries.some((entry) => isSameBackend(backendOf(rule, entry), backend))
  if (isThere) return { problem: `The rule sends to ${backendName(backend)} already; give it a weight.` }
  const [first] = rule.entries
  const whole: JsonPatchOperation[] =
    first && rule.entries.length === 1 && first.weight === undefined
      ? [weightOp(rule.list, 0, first, 100)]
      : []
  return edited(object, [
    ...testsOf(rule),
    ...whole,
    { op: 'add', path: `${rule.list}/-`, value: { ...writtenBackend(rule.api, backend), weight: 0 } },
  ])
}

/** The rule without one destination. One that still gets requests, or is the last, stays. */
export function withoutBackend(object: ConfigObject, path: string, place: number): Edited {
  const rule = findSplitRule(object, path)
  const entry = rule?.entries[place]
  if (!rule || !entry) return { problem: GONE }
  if (rule.entries.length === 1) return { problem: 'The last destination of a rule cannot be taken out.' }
  const weight = entry.weight ?? (rule.api === 'gateway' ? 1 : 0)
  const name = backendName(backendOf(rule, entry))
  if (weight !== 0) return { problem: `${name} still has the weight ${String(weight)}; set it to 0 first.` }
  return edited(object, [...testsOf(rule), { op: 'remove', path: `${rule.list}/${place}` }])
}

/** `v2` for a subset, else the host. */
export function backendName({ host, subset }: BackendRef): string {
  return subset ?? host
}

function isSameBackend(a: BackendRef, b: BackendRef): boolean {
  return (
    a.host === b.host &&
    a.namespace === b.namespace &&
    a.subset === b.subset &&
    (a.port ?? b.port) === (b.port ?? a.port)
  )
}
