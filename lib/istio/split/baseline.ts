/** Which destination of a split is the version one would go back to, from configuration alone, and what stands behind each. */
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { Split } from '../splits'
import { isUnread } from '../unread'
import type { SplitBackend } from './backends'

/** Pods behind a destination; null: a host outside, of which nothing is known. */
export interface BackendPods {
  ready: number
  total: number
}

export interface Baseline {
  /** place among the split's backends */
  place: number
  /** a clause: "its workload reviews-v1 is the oldest (since 2026-10-24)" */
  why: string
}

/** Names that say it: Flagger calls it primary, Argo Rollouts stable. */
const STEADY = /(^|[-_.])(primary|stable|baseline|prod(uction)?)$/i

/**
 * The destination to send everything to when the others fail: one that is named so, else the one whose workloads are
 * the oldest, else the one with the largest weight. One without a ready pod, or whose subset is not defined, would
 * answer nobody and is never chosen. Null when that leaves none.
 */
export function baselineOf(index: InventoryIndex, split: Split): Baseline | null {
  const usable = split.backends.flatMap((backend, place) => {
    const pods = podsBehind(index, backend)
    const isUndefined = backend.subset !== null && backend.labels === null
    return isUndefined || pods?.ready === 0 ? [] : [{ backend, place }]
  })
  const [only, ...others] = usable
  if (!only) return null
  if (others.length === 0 && split.backends.length > 1) {
    return { place: only.place, why: 'it is the only one with ready pods' }
  }
  const named = usable.filter(({ backend }) => isNamedSteady(backend))
  if (named.length === 1 && named[0]) {
    return { place: named[0].place, why: 'its name says so' }
  }
  return oldestOf(index, usable) ?? largestOf(usable)
}

interface Usable {
  backend: SplitBackend
  place: number
}

function isNamedSteady(backend: SplitBackend): boolean {
  return [backend.name, ...(backend.workloads ?? [])].some((name) => STEADY.test(name))
}

function oldestOf(index: InventoryIndex, usable: readonly Usable[]): Baseline | null {
  const aged = usable.flatMap(({ backend, place }) => {
    const made = workloadsBehind(index, backend).flatMap((workload) => workload.createdAt ?? [])
    return made.length === 0 ? [] : [{ place, backend, at: Math.min(...made) }]
  })
  if (aged.length < usable.length) return null
  const [oldest, next] = aged.sort((a, b) => a.at - b.at)
  if (!oldest || oldest.at === next?.at) return null
  const name = oldest.backend.workloads?.join(', ') ?? oldest.backend.name
  return {
    place: oldest.place,
    why: `its workload ${name} is the oldest (since ${new Date(oldest.at).toISOString().slice(0, 10)})`,
  }
}

function largestOf(usable: readonly Usable[]): Baseline | null {
  const [largest] = usable.toSorted((a, b) => b.backend.configuredShare - a.backend.configuredShare)
  return largest ? { place: largest.place, why: 'it has the largest weight' } : null
}

/** Pods of the workloads behind a destination. */
export function podsBehind(index: InventoryIndex, backend: SplitBackend): BackendPods | null {
  if (backend.service.namespace === null || backend.workloads === null) return null
  if (isUnread(index, 'Pod')) return null
  const pods = backend.workloads.flatMap(
    (name) => index.pods.get(`${backend.service.namespace}/${name}`) ?? [],
  )
  return { ready: pods.filter((pod) => pod.ready).length, total: pods.length }
}

function workloadsBehind(index: InventoryIndex, backend: SplitBackend): WorkloadInventory[] {
  return (backend.workloads ?? []).flatMap(
    (name) => index.workloads.get(`${backend.service.namespace}/${name}`) ?? [],
  )
}
