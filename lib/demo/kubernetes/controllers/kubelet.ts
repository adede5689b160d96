import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, asRecords, asStrings, asText } from '../json'
import type { JsonRecord } from '../json'
import { stableNumber, stableUid } from '../names'
import { timestamp } from '../object-store'
import { DAY_MS, pastRestarts } from './restarts'
import type { PastRestart } from './restarts'

/**
 * Holds a workload's pods unready for as long as it stands, on the workload, its pod template or a pod:
 * `true` (readiness probe fails), a number (only that many pods, in order of name), or the reason a container
 * waits for, e.g. `CrashLoopBackOff` or `ImagePullBackOff`.
 */
export const NOT_READY_ANNOTATION = 'demo.heddle.dev/not-ready'
/** How often each application container has been restarted, on the workload, its pod template or a pod. */
export const RESTARTS_ANNOTATION = 'demo.heddle.dev/restarts'

export interface PodConditionsWanted {
  /** null: as soon as it has started; otherwise why it is not ready */
  notReady: string | null
  restarts: number
  /** single restarts, with their reason */
  past: readonly PastRestart[]
}

export interface PodStatusAt {
  status: JsonRecord
  /** when the status will change by itself, epoch milliseconds; null when it will not */
  changesAt: number | null
}

/** From the end of a container until the next one runs. */
const RESTART_MS = 2_000

/** How long a pod takes to become ready: two thirds to four thirds of `startupMs`, fixed by its uid. */
function startupOf(pod: KubernetesObject, startupMs: number): number {
  const share = (stableNumber(`startup ${pod.metadata.uid ?? pod.metadata.name}`) % 1000) / 1000
  return Math.round(startupMs * (2 / 3 + (share * 2) / 3))
}

/**
 * The status the kubelet would report at an instant: pending while images are pulled, running until probes
 * succeed, then ready, unless held unready. Instants of transitions are kept from the status the pod has.
 */
export function podStatusAt(
  pod: KubernetesObject,
  node: { address: string },
  podIp: string,
  wanted: PodConditionsWanted,
  nowMs: number,
  startupMs: number,
): PodStatusAt {
  const created = Date.parse(pod.metadata.creationTimestamp ?? '') || nowMs
  const startup = startupOf(pod, startupMs)
  const startedAt = created + Math.round(startup / 2)
  const readyAt = created + startup
  const spec = asRecord(pod.spec)
  const containers = asRecords(spec.containers)
  const old = asRecord(pod.status)
  const oncePods = spec.restartPolicy === 'Never' || spec.restartPolicy === 'OnFailure'
  const doneAt = readyAt + startupMs * 5
  const isDone = oncePods && wanted.notReady === null && nowMs >= doneAt
  const isStarted = nowMs >= startedAt
  const waiting = wanted.notReady !== null && wanted.notReady !== 'true' ? wanted.notReady : null
  const isReady = !isDone && nowMs >= readyAt && wanted.notReady === null

  const phase = isDone ? 'Succeeded' : isStarted && waiting !== 'ImagePullBackOff' ? 'Running' : 'Pending'
  const containerStatuses = containers.map((container) => {
    const isProxy = container.name === 'istio-proxy'
    const image = asText(container.image)
    const happened = wanted.past.filter(
      (one) => one.container === container.name && created + one.afterDays * DAY_MS <= nowMs,
    )
    const past = happened.at(-1)
    const runningSince = past === undefined ? startedAt : created + past.afterDays * DAY_MS + RESTART_MS
    const state: JsonRecord = isDone
      ? {
          terminated: {
            exitCode: 0,
            reason: 'Completed',
            startedAt: timestamp(startedAt),
            finishedAt: timestamp(doneAt),
          },
        }
      : !isStarted
        ? { waiting: { reason: 'ContainerCreating' } }
        : waiting !== null && !isProxy
          ? { waiting: { reason: waiting, message: waitingMessage(waiting, asText(container.name), pod) } }
          : { running: { startedAt: timestamp(runningSince) } }
    const restarts = happened.length + (isProxy ? 0 : wanted.restarts)
    return {
      name: asText(container.name),
      image,
      imageID: isStarted ? `${image}@sha256:${stableUid(image).replaceAll('-', '')}${'0'.repeat(32)}` : '',
      ...(isStarted
        ? { containerID: `containerd://${stableUid(`${pod.metadata.uid}/${asText(container.name)}`)}` }
        : {}),
      ready: state.running !== undefined && (isReady || (isProxy && nowMs >= readyAt)),
      started: state.running !== undefined,
      restartCount: restarts,
      state,
      lastState:
        restarts > 0
          ? {
              terminated: {
                exitCode: past?.exitCode ?? 1,
                reason: past?.reason ?? 'Error',
                startedAt: timestamp(startedAt),
                finishedAt: timestamp(past === undefined ? readyAt : created + past.afterDays * DAY_MS),
              },
            }
          : {},
    }
  })
  const initContainerStatuses = asRecords(spec.initContainers).map((container) => ({
    name: asText(container.name),
    image: asText(container.image),
    imageID: '',
    ready: isStarted,
    restartCount: 0,
    state: isStarted
      ? {
          terminated: {
            exitCode: 0,
            reason: 'Completed',
            startedAt: timestamp(created),
            finishedAt: timestamp(startedAt),
          },
        }
      : { waiting: { reason: 'PodInitializing' } },
    lastState: {},
  }))

  const unready = containerStatuses.filter((container) => !container.ready).map((container) => container.name)
  const notReadyBecause = isDone
    ? { reason: 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` }
  const allReady = isReady && unready.length === 0
  const before = new Map(asRecords(old.conditions).map((condition) => [condition.type, condition]))
  const condition = (type: string, holds: boolean, at: number, because: JsonRecord = {}): JsonRecord => {
    const status = holds ? 'True' : 'False'
    const previous = before.get(type)
    const since = previous === undefined ? timestamp(at) : timestamp(nowMs)
    return {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime: previous?.status === status ? previous.lastTransitionTime : since,
      ...(holds ? {} : because),
    }
  }
  const status: JsonRecord = {
    phase,
    conditions: [
      condition('PodReadyToStartContainers', isStarted && !isDone, Math.min(startedAt, nowMs)),
      condition('Initialized', isStarted, Math.min(startedAt, nowMs), { reason: 'ContainersNotInitialized' }),
      condition('Ready', allReady, Math.min(readyAt, nowMs), notReadyBecause),
      condition('ContainersReady', allReady, Math.min(readyAt, nowMs), notReadyBecause),
      condition('PodScheduled', true, created),
    ],
    hostIP: node.address,
    hostIPs: [{ ip: node.address }],
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    startTime: timestamp(created),
    ...(initContainerStatuses.length > 0 ? { initContainerStatuses } : {}),
    containerStatuses,
    qosClass: 'Burstable',
  }
  const ahead = [
    startedAt,
    readyAt,
    ...(oncePods ? [doneAt] : []),
    ...wanted.past.map(({ afterDays }) => created + afterDays * DAY_MS),
  ].filter((ms) => ms > nowMs)
  return { status, changesAt: ahead.length > 0 ? Math.min(...ahead) : null }
}

function waitingMessage(reason: string, container: string, pod: KubernetesObject): string {
  const where = `${container} pod=${pod.metadata.name}_${pod.metadata.namespace ?? ''}(${pod.metadata.uid ?? ''})`
  if (reason === 'CrashLoopBackOff') return `back-off 5m0s restarting failed container=${where}`
  if (reason === 'ImagePullBackOff') return `Back-off pulling image for container ${container}`
  return reason
}

/**
 * What the annotations of a pod and of the workload it belongs to ask for. `position` is the pod's place among
 * its workload's pods in order of name.
 */
export function wantedConditions(
  pod: KubernetesObject,
  workload: KubernetesObject | undefined,
  position: number,
): PodConditionsWanted {
  const own = asStrings(pod.metadata.annotations)
  const owner = asStrings(workload?.metadata.annotations)
  const value = own[NOT_READY_ANNOTATION] ?? owner[NOT_READY_ANNOTATION]
  const restarts = Number(own[RESTARTS_ANNOTATION] ?? owner[RESTARTS_ANNOTATION] ?? '0')
  let notReady: string | null = value === undefined || value === 'false' || value === '' ? null : value
  if (notReady !== null && /^\d+$/.test(notReady)) notReady = position < Number(notReady) ? 'true' : null
  return {
    notReady,
    restarts: Number.isInteger(restarts) && restarts > 0 ? restarts : 0,
    past: pastRestarts(owner, position),
  }
}

/** Whether a pod's Ready condition holds. */
export function isPodReady(pod: KubernetesObject): boolean {
  return asRecords(asRecord(pod.status).conditions).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  )
}
