/**
 * When the pods of workloads were replaced, scaled or restarted: from what Kubernetes said of their controllers, from
 * when the pods that are there began, and from how their containers ended last. Pure.
 */
import type { PodInventory } from '@/lib/mesh/inventory'

/**
 * `template`: pods of another template took over; `scale`: more or fewer of the same; `pods`: pods began, for a reason
 * nobody says (any more); `restart`: containers ended and began again within their pods.
 */
export const ROLLOUT_KINDS = ['template', 'scale', 'pods', 'restart'] as const
export type RolloutKind = (typeof ROLLOUT_KINDS)[number]

export interface Rollout {
  /** stays the same while it is under way */
  id: string
  /** epoch milliseconds of its beginning; of restarts of the last of them */
  at: number
  kind: RolloutKind
  namespace: string
  workload: string
  /** what happened, without the time and the workload: `3 pods replaced by replica set x-1` */
  message: string
}

/** The parts of an event of Kubernetes that tell of rollouts. */
export interface RolloutEvent {
  namespace: string
  reason: string
  message: string
  firstAt: number | null
  lastAt: number | null
  object: { kind: string; name: string }
}

/** What follows within so long belongs to the same rollout: pods are replaced one by one. */
const TOGETHER_MS = 5 * 60_000

/** Newest first. Pods without a workload are nobody's rollout. */
export function rolloutsOf(pods: readonly PodInventory[], events: readonly RolloutEvent[]): Rollout[] {
  const scaled = fromEvents(events)
  const began = fromPods(pods).filter(
    ({ namespace, workload, at }) =>
      // what a controller says tells more than that pods began
      !scaled.some(
        (one) =>
          one.namespace === namespace && one.workload === workload && Math.abs(one.at - at) <= TOGETHER_MS,
      ),
  )
  return [...scaled, ...began, ...fromRestarts(pods)].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
}

interface Scaling {
  at: number
  set: string
  direction: 'up' | 'down'
  from: number | null
  to: number
}

/** `Scaled up replica set shop-5c4 from 0 to 3`; before Kubernetes 1.27 without `from`. */
const SCALED = /^Scaled (up|down) replica set (\S+?)(?: from (\d+))? to (\d+)/

function fromEvents(events: readonly RolloutEvent[]): Rollout[] {
  const byWorkload = new Map<string, Scaling[]>()
  for (const { reason, message, object, namespace, firstAt, lastAt } of events) {
    const at = lastAt ?? firstAt
    const [, direction, set, from, to] = SCALED.exec(message) ?? []
    if (reason !== 'ScalingReplicaSet' || at === null || set === undefined) continue
    const key = `${namespace}/${object.name}`
    const list = byWorkload.get(key) ?? []
    list.push({
      at,
      set,
      direction: direction === 'up' ? 'up' : 'down',
      from: from === undefined ? null : Number(from),
      to: Number(to),
    })
    byWorkload.set(key, list)
  }
  return [...byWorkload].flatMap(([key, list]) =>
    together(list).map((group): Rollout => {
      const [namespace = '', workload = ''] = key.split('/')
      return { ...rolloutOf(group), id: `${key}/scaled/${group[0]?.at}`, namespace, workload }
    }),
  )
}

function rolloutOf(group: readonly Scaling[]): Pick<Rollout, 'at' | 'kind' | 'message'> {
  const at = Math.min(...group.map((one) => one.at))
  const up = group.filter(({ direction }) => direction === 'up')
  const newest = up.at(-1)
  const others = new Set(group.map(({ set }) => set))
  if (newest && (others.size > 1 || up[0]?.from === 0)) {
    others.delete(newest.set)
    const [old] = others
    return {
      at,
      kind: 'template',
      message: `new pods (replica set ${newest.set}${old === undefined ? '' : ` in place of ${old}`})`,
    }
  }
  const [first] = group
  const last = group.at(-1)
  const from = first?.from == null ? '' : `from ${first.from} `
  return { at, kind: 'scale', message: `scaled ${first?.direction} ${from}to ${podsOf(last?.to ?? 0)}` }
}

function fromPods(pods: readonly PodInventory[]): Rollout[] {
  const starts = new Map<string, { at: number; hash: string }[]>()
  const hashes = new Map<string, Set<string>>()
  for (const { namespace, workload, startedAt, labels } of pods) {
    if (workload === null || startedAt === null) continue
    const key = `${namespace}/${workload}`
    const hash = labels['pod-template-hash'] ?? labels['controller-revision-hash'] ?? ''
    starts.set(key, [...(starts.get(key) ?? []), { at: startedAt, hash }])
    hashes.set(key, (hashes.get(key) ?? new Set()).add(hash))
  }
  return [...starts].flatMap(([key, list]) =>
    together(list).map((group): Rollout => {
      const [namespace = '', workload = ''] = key.split('/')
      const at = group[0]?.at ?? 0
      const count = podsOf(group.length)
      const isNew = (hashes.get(key)?.size ?? 0) > 1
      const hash = group[0]?.hash
      return {
        id: `${key}/pods/${at}`,
        at,
        kind: isNew ? 'template' : 'pods',
        namespace,
        workload,
        message: isNew && hash ? `${count} of template ${hash} started` : `${count} started`,
      }
    }),
  )
}

function fromRestarts(pods: readonly PodInventory[]): Rollout[] {
  const ends = new Map<string, { at: number; pod: string; container: string; reason: string }[]>()
  for (const pod of pods) {
    if (pod.workload === null) continue
    for (const { name, lastEnd } of pod.containers) {
      if (!lastEnd) continue
      const key = `${pod.namespace}/${pod.workload}`
      const words = lastEnd.reason ?? 'reason unknown'
      ends.set(key, [
        ...(ends.get(key) ?? []),
        { at: lastEnd.at, pod: pod.name, container: name, reason: words },
      ])
    }
  }
  return [...ends].flatMap(([key, list]) =>
    together(list).map((group): Rollout => {
      const [namespace = '', workload = ''] = key.split('/')
      const last = group.at(-1)
      const podCount = new Set(group.map(({ pod }) => pod)).size
      const reasons = [...new Set(group.map(({ reason }) => reason))].join(', ')
      const message =
        group.length === 1
          ? `container ${last?.container} of ${last?.pod} restarted (${reasons})`
          : `${group.length} containers of ${podCount} pods restarted (${reasons})`
      return {
        id: `${key}/restart/${group[0]?.at}`,
        at: last?.at ?? 0,
        kind: 'restart',
        namespace,
        workload,
        message,
      }
    }),
  )
}

function podsOf(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`
}

/** Groups of what began soon after one another, oldest first. */
function together<T extends { at: number }>(list: readonly T[]): T[][] {
  const groups: T[][] = []
  for (const one of list.toSorted((a, b) => a.at - b.at)) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group && last && one.at - last.at <= TOGETHER_MS) group.push(one)
    else groups.push([one])
  }
  return groups
}
