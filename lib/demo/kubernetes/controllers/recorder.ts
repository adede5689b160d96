import type { KubernetesObject } from '@/lib/demo/model'
import { asNumber } from '../json'
import { stableUid } from '../names'
import { timestamp } from '../object-store'
import type { ObjectStore } from '../object-store'

/** Kubernetes forgets events after this long. */
const EVENT_LIFE_MS = 3_600_000

export interface EventNote {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  component: string
}

/**
 * Records an Event about an object; the same note again raises its count. `atMs` is when it happened:
 * what happened longer ago than events live is not recorded.
 */
export function recordEvent(
  store: ObjectStore,
  about: KubernetesObject,
  note: EventNote,
  atMs: number,
  nowMs: number,
): void {
  if (nowMs - atMs > EVENT_LIFE_MS) return
  const namespace = about.metadata.namespace ?? 'default'
  const seed = stableUid(`${about.metadata.uid ?? ''}/${note.type}/${note.reason}/${note.message}`)
  const name = `${about.metadata.name}.${seed.replaceAll('-', '').slice(0, 16)}`
  const existing = store.get({ kind: 'Event', group: '', namespace, name })
  if (existing !== undefined) {
    if (existing.lastTimestamp === timestamp(atMs)) return
    store.update({ ...existing, lastTimestamp: timestamp(atMs), count: asNumber(existing.count, 1) + 1 })
    return
  }
  store.create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace, creationTimestamp: timestamp(atMs) },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.metadata.name,
      ...(about.metadata.namespace === undefined ? {} : { namespace }),
      uid: about.metadata.uid,
      resourceVersion: about.metadata.resourceVersion,
    },
    type: note.type,
    reason: note.reason,
    message: note.message,
    source: { component: note.component },
    reportingComponent: note.component,
    reportingInstance: '',
    firstTimestamp: timestamp(atMs),
    lastTimestamp: timestamp(atMs),
    eventTime: null,
    count: 1,
  })
}

/** Removes events older than they live. */
export function forgetOldEvents(store: ObjectStore, nowMs: number): void {
  for (const event of store.list('Event')) {
    const last = Date.parse(typeof event.lastTimestamp === 'string' ? event.lastTimestamp : '')
    if (nowMs - (Number.isNaN(last) ? nowMs : last) <= EVENT_LIFE_MS) continue
    store.delete({ kind: 'Event', group: '', namespace: event.metadata.namespace, name: event.metadata.name })
  }
}
