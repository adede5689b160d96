/** Edited objects as items of a change. Pure. */
import type { ChangeItem } from '@/lib/api/schemas/config/changes'
import type { Split } from '@/lib/api/schemas/config/splits'
import { contentOf } from '@/lib/changes/content'
import { diffJson } from '@/lib/changes/difference/json-patch'
import { withWeights } from '@/lib/istio/edit/split/backends'
import { findSplitRule, testsOf, type Edited } from '@/lib/istio/edit/split/rule'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { ConfigRef } from '@/lib/mesh/resource'

/** Where the object of a split is. */
export function refOfSplit({ cluster, ref }: Pick<Split, 'cluster' | 'ref'>): ConfigRef {
  return { cluster, ...ref }
}

/** The service a split is about: the one it speaks for, else that of its first destination. */
export function serviceOfSplit(split: Split): { cluster: string; namespace: string; name: string } {
  const hosts = [...split.host.split(', '), ...split.backends.map(({ host }) => host)]
  const full = hosts.find((host) => host.split('.')[2] === 'svc')
  const [name = '', namespace = ''] = (full ?? '').split('.')
  return split.host.includes('.') || split.host === '*'
    ? { cluster: split.cluster, namespace: namespace || split.ref.namespace, name: name || split.host }
    : { cluster: split.cluster, namespace: split.ref.namespace, name: split.host }
}

/**
 * What leads from the object as it was read to the edited one, held to that state and to the destinations of the
 * rule at `path`; null: nothing changes.
 */
export function patchItem(
  ref: ConfigRef,
  base: ConfigObject,
  after: ConfigObject,
  path: string | null = null,
): ChangeItem | null {
  const patch = diffJson(contentOf(base), contentOf(after))
  if (patch.length === 0) return null
  const rule = path === null ? undefined : findSplitRule(base, path)
  const { resourceVersion } = base.metadata
  return {
    op: 'patch',
    ref,
    patch: [...(rule ? testsOf(rule) : []), ...patch],
    base: { ...base },
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  }
}

/** The weights that send everything to one destination, in the sum the rule has. */
export function allTo(split: Split, place: number): number[] {
  const sum = split.backends.reduce((total, { weight }) => total + Math.max(0, weight ?? 0), 0)
  return split.backends.map((_, at) => (at === place ? (sum > 0 ? sum : 100) : 0))
}

/** Several splits, also of one object, sent to their baselines: one item an object. */
export function baselineItems(
  splits: readonly Split[],
  objects: ReadonlyMap<string, ConfigObject>,
): { items: ChangeItem[] } | { problem: string } {
  const edited = new Map<string, { ref: ConfigRef; base: ConfigObject; after: ConfigObject }>()
  for (const split of splits) {
    const ref = refOfSplit(split)
    const key = objectKey(ref)
    const base = objects.get(key)
    if (!base || !split.baseline) continue
    const from = edited.get(key)?.after ?? base
    const result: Edited = withWeights(from, split.path, allTo(split, split.baseline.place))
    if ('problem' in result) return result
    edited.set(key, { ref, base, after: result.object })
  }
  return { items: [...edited.values()].flatMap(({ ref, base, after }) => patchItem(ref, base, after) ?? []) }
}

export function objectKey({ cluster, group, kind, namespace, name }: ConfigRef): string {
  return [cluster, group, kind, namespace, name].join('/')
}

/** A split where something can still be sent back: not all is at the baseline already. */
export function canGoBack(split: Split): boolean {
  const { baseline, backends } = split
  return (
    baseline !== null &&
    backends.some((backend, place) => place !== baseline.place && backend.configuredShare > 0)
  )
}
