import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, asRecords } from '../json'
import type { JsonRecord } from '../json'
import { timestamp } from '../object-store'
import type { ObjectStore } from '../object-store'

/** A condition of a workload, keeping the instants of the one it has when nothing changed. */
export function conditionOf(
  object: KubernetesObject,
  want: { type: string; holds: boolean; reason: string; message: string },
  nowMs: number,
): JsonRecord {
  const status = want.holds ? 'True' : 'False'
  const before = asRecords(asRecord(object.status).conditions).find(
    (condition) => condition.type === want.type,
  )
  const isSame = before?.status === status && before.reason === want.reason
  return {
    type: want.type,
    status,
    reason: want.reason,
    message: want.message,
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : timestamp(nowMs),
    lastUpdateTime: isSame ? before.lastUpdateTime : timestamp(nowMs),
  }
}

/** Writes a workload's status; nothing happens when it is as it was. */
export function writeStatus(
  store: ObjectStore,
  object: KubernetesObject,
  status: JsonRecord,
): KubernetesObject {
  return store.update({ ...object, status })
}
