/** Workloads that run now and then: scaled up for a run and to nothing afterwards, as an autoscaler by the clock does. */
import { recordEvent } from './kubernetes/controllers/recorder'
import { asRecord } from './kubernetes/json'
import type { ObjectStore } from './kubernetes/object-store'
import type { RunSchedule, World } from './model'

const MINUTE_MS = 60_000

/** Whether a run is on at an instant, epoch milliseconds. */
export function isRunning({ firstMinute, everyMinutes, forMinutes }: RunSchedule, atMs: number): boolean {
  const minute = (atMs / MINUTE_MS - firstMinute) % everyMinutes
  return (minute + everyMinutes) % everyMinutes < forMinutes
}

/**
 * Scales what begins or ends a run; what a person scaled in between stays as it is until then. The answer is called
 * whenever time has passed.
 */
export function createScheduler(world: World, store: ObjectStore): (nowMs: number) => void {
  const scheduled = world.workloads.flatMap((spec) => (spec.runs ? [{ ...spec, runs: spec.runs }] : []))
  const before = new Map<string, boolean>()
  return (nowMs) => {
    for (const { kind, namespace, name, replicas, runs } of scheduled) {
      const isOn = isRunning(runs, nowMs)
      const was = before.get(`${namespace}/${name}`)
      before.set(`${namespace}/${name}`, isOn)
      if (was === isOn) continue
      const owner = store.get({ kind, group: 'apps', namespace, name })
      if (owner === undefined) continue
      const wanted = isOn ? replicas : 0
      const scaled = store.update({
        ...owner,
        metadata: { ...owner.metadata, resourceVersion: undefined },
        spec: { ...asRecord(owner.spec), replicas: wanted },
      })
      // how it stood when the world began is nobody's doing
      if (was === undefined) continue
      const note = isOn
        ? { reason: 'ScheduleTargetActivated', message: `Scaled from 0 to ${wanted} for a run` }
        : { reason: 'ScheduleTargetDeactivated', message: `Scaled from ${replicas} to 0: the run is over` }
      recordEvent(store, scaled, { type: 'Normal', component: 'cron-scaler', ...note }, nowMs, nowMs)
    }
  }
}
