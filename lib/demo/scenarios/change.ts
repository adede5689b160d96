/** Changes of real objects that can be taken back. */
import type { KubernetesObject } from '@/lib/demo/model'
import { recordEvent } from '@/lib/demo/kubernetes/controllers/recorder'
import { deepEqual } from '@/lib/demo/kubernetes/json'
import type { ObjectRef } from '@/lib/demo/kubernetes/object-store'
import type { ScenarioContext } from './scenario'

type Body = Omit<KubernetesObject, 'metadata'>

/**
 * Rewrites an object; the answer puts the old one back. What somebody else has changed meanwhile is theirs
 * and stays. Does nothing when there is no such object.
 */
export function change(
  { store }: ScenarioContext,
  ref: ObjectRef,
  edit: (object: KubernetesObject) => KubernetesObject,
): () => void {
  const before = store.get(ref)
  if (before === undefined) return () => {}
  const written = store.update(withoutVersion(edit(structuredClone(before))))
  return () => {
    const now = store.get(ref)
    if (now === undefined || !sameDesire(now, written)) return
    store.update(
      withoutVersion({
        ...now,
        ...desire(before),
        metadata: {
          ...now.metadata,
          annotations: before.metadata.annotations,
          labels: before.metadata.labels,
        },
      }),
    )
  }
}

/** Adds an object; the answer takes it away again. One that exists already is left alone. */
export function add({ store }: ScenarioContext, object: KubernetesObject): () => void {
  const ref: ObjectRef = {
    kind: object.kind,
    group: object.apiVersion.includes('/') ? object.apiVersion.split('/', 1)[0] : '',
    namespace: object.metadata.namespace,
    name: object.metadata.name,
  }
  if (store.get(ref) !== undefined) return () => {}
  store.create(object)
  return () => {
    if (store.get(ref) !== undefined) store.delete(ref)
  }
}

/** Notes something about an object for `kubectl get events`, and for whoever reads events. */
export function note(
  context: ScenarioContext,
  ref: ObjectRef,
  event: { type: 'Normal' | 'Warning'; reason: string; message: string },
): void {
  const about = context.store.get(ref)
  if (about === undefined) return
  recordEvent(context.store, about, { component: 'demo-scenario', ...event }, context.now(), context.now())
}

/** Ends several things, last first. */
export function all(...ends: (() => void)[]): () => void {
  return () => {
    for (const end of [...ends].reverse()) end()
  }
}

function withoutVersion(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: undefined } }
}

function desire(object: KubernetesObject): Body {
  const { metadata: _metadata, status: _status, ...rest } = object
  return rest
}

function sameDesire(a: KubernetesObject, b: KubernetesObject): boolean {
  return deepEqual(desire(a), desire(b)) && deepEqual(userAnnotations(a), userAnnotations(b))
}

/** Controllers write annotations of their own, which is nobody's change. */
function userAnnotations(object: KubernetesObject): Record<string, string> {
  const own = Object.entries(object.metadata.annotations ?? {})
  return Object.fromEntries(own.filter(([name]) => !name.startsWith('deployment.kubernetes.io/')))
}
