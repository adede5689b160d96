/** Clusters that one side of a call leaves out: the graph knows the pair for one by its names, PromQL does not. */
import { UNKNOWN } from '@/lib/mesh/identity'
import type { Sample } from '../decode'
import { PAIR } from './counted-once'

type Labels = Sample['labels']

const NAMES = PAIR.filter((label) => !label.endsWith('_cluster'))

/**
 * How many pairs of workloads `countedOnce` counts by both sides, as their labels of a cluster do not agree. That a
 * caller alone does not know the cluster of whom it calls is reckoned with there.
 */
export function countOneSided(rows: readonly Sample[]): number {
  const counting = rows.filter(({ labels, value }) => value && isNamed(labels))
  // nearly every mesh is done here
  if (counting.every(({ labels }) => isKnown(labels.source_cluster) && isKnown(labels.destination_cluster)))
    return 0
  const callers = new Map<string, Labels[]>()
  for (const { labels } of counting) {
    if (labels.reporter !== 'source') continue
    const key = keyOf(labels)
    const same = callers.get(key)
    if (same) same.push(labels)
    else callers.set(key, [labels])
  }
  const twice = new Set<string>()
  for (const { labels } of counting) {
    if (labels.reporter !== 'destination') continue
    const key = keyOf(labels)
    if (isCountedTwice(labels, callers.get(key) ?? [])) twice.add(key)
  }
  return twice.size
}

function isCountedTwice(called: Labels, callers: readonly Labels[]): boolean {
  const isAgreed = (of: 'source_cluster' | 'destination_cluster', caller: Labels) =>
    clusterOf(called[of]) === clusterOf(caller[of])
  if (callers.some((one) => isAgreed('source_cluster', one) && isAgreed('destination_cluster', one))) {
    return false
  }
  const isReckonedWith = (one: Labels) => isAgreed('source_cluster', one) && !isKnown(one.destination_cluster)
  if (callers.some(isReckonedWith)) return false
  return callers.some(
    (one) =>
      mayBeOne(called.source_cluster, one.source_cluster) &&
      mayBeOne(called.destination_cluster, one.destination_cluster),
  )
}

function mayBeOne(a: string | undefined, b: string | undefined): boolean {
  return a === b || !isKnown(a) || !isKnown(b)
}

function clusterOf(label: string | undefined): string {
  return label ?? ''
}

function isKnown(label: string | undefined): boolean {
  return label !== undefined && label !== '' && label !== UNKNOWN
}

function isNamed(labels: Labels): boolean {
  return isKnown(labels.source_workload) && isKnown(labels.destination_workload)
}

function keyOf(labels: Labels): string {
  return NAMES.map((label) => labels[label] ?? '').join('\n')
}
