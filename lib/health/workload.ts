/** Health of what runs: replicas, restarts, containers that wait. */
import type { PodInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import { formatNumber } from '@/lib/units/number'
import type { HealthConfig, HealthReason } from './types'

/** Waiting reasons that do not go away by themselves. */
const STUCK = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])

const HOUR_MS = 3_600_000

export interface WorkloadState {
  workload: WorkloadInventory
  pods: readonly PodInventory[]
  /** epoch milliseconds */
  now: number
}

/** What a workload's replicas and pods say; empty when all of them are as they should be. */
export function workloadHealth(state: WorkloadState, config: HealthConfig): HealthReason[] {
  return [...replicaReasons(state.workload), ...stuckReasons(state), ...restartReasons(state, config)]
}

/**
 * More pods than asked for are a rollout under way and no reason (Kiali calls that a failure).
 * Scaled to zero on purpose is `idle`.
 */
function replicaReasons({ replicas, name }: WorkloadInventory): HealthReason[] {
  if (!replicas) return []
  const { desired, available } = replicas
  if (desired === 0) {
    return [
      {
        code: 'scaled-to-zero',
        message: `${name} is scaled to 0 replicas`,
        value: 0,
        threshold: null,
        status: 'idle',
      },
    ]
  }
  if (available >= desired) return []
  const status = available === 0 ? 'failing' : 'degraded'
  const limit = status === 'failing' ? 'failing at 0' : `degraded below ${desired}`
  return [
    {
      code: 'replicas-unavailable',
      message: `${available} of ${desired} replicas of ${name} are available now (${limit})`,
      value: available,
      threshold: status === 'failing' ? 0 : desired,
      status,
    },
  ]
}

function stuckReasons({ workload, pods }: WorkloadState): HealthReason[] {
  const counts = new Map<string, number>()
  for (const pod of pods) {
    const reasons = new Set(pod.containers.map((container) => container.reason))
    for (const reason of reasons) {
      if (reason !== null && STUCK.has(reason)) counts.set(reason, (counts.get(reason) ?? 0) + 1)
    }
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, count]) => ({
      code: 'container-stuck',
      message: `${count} of ${pods.length} pods of ${workload.name} cannot start a container now: ${reason}`,
      value: count,
      threshold: 0,
      status: 'degraded' as const,
    }))
}

/** The API counts restarts since the pod began, so the pace over the pod's life is what can be known. */
function restartReasons({ workload, pods, now }: WorkloadState, config: HealthConfig): HealthReason[] {
  let worst: { restarts: number; perHour: number; hours: number } | null = null
  for (const pod of pods) {
    if (pod.startedAt === null || pod.restarts < config.restarts.atLeast) continue
    const hours = Math.max(now - pod.startedAt, HOUR_MS / 60) / HOUR_MS
    const perHour = pod.restarts / hours
    if (perHour > config.restarts.perHour && perHour > (worst?.perHour ?? 0)) {
      worst = { restarts: pod.restarts, perHour, hours }
    }
  }
  if (!worst) return []
  return [
    {
      code: 'restarts',
      message:
        `A pod of ${workload.name} restarted ${worst.restarts} times, ${formatNumber(worst.perHour)} an hour ` +
        `(degraded above ${formatNumber(config.restarts.perHour)}) over ${formatNumber(worst.hours)} h`,
      value: worst.perHour,
      threshold: config.restarts.perHour,
      status: 'degraded',
    },
  ]
}
