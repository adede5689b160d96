import type { KubernetesObject } from '@/lib/demo/model'
import { asNumber, asRecord, asStrings, canonicalJson } from '../json'
import { stableTemplateHash } from '../names'
import { timestamp } from '../object-store'
import { conditionOf, writeStatus } from './conditions'
import { ownedBy } from './owners'
import type { Pass } from './pods'
import { recordEvent } from './recorder'
import { birthOf, desiredReplicas } from './replica-sets'

const HASH_LABEL = 'pod-template-hash'
const REVISION = 'deployment.kubernetes.io/revision'

/**
 * Steers the ReplicaSets of a Deployment: one per pod template, named by the template's hash, rolled over
 * within maxSurge and maxUnavailable as pods become ready; old ones are kept empty for `rollout undo`.
 */
export function reconcileDeployment(
  pass: Pass,
  deployment: KubernetesObject,
  owned: KubernetesObject[],
): void {
  const wanted = desiredReplicas(deployment)
  const hash = templateHash(deployment)
  let current = owned.find((set) => asStrings(set.metadata.labels)[HASH_LABEL] === hash)
  const others = owned.filter((set) => set !== current)
  const { surge, unavailable } = rolloutBounds(deployment, wanted)
  const isRecreate = asRecord(asRecord(deployment.spec).strategy).type === 'Recreate'
  const isPaused = asRecord(deployment.spec).paused === true

  if (current === undefined) {
    if (isPaused) return
    const isFirst = owned.length === 0
    const start = isFirst ? wanted : 0
    current = createReplicaSet(
      pass,
      deployment,
      hash,
      nextRevision(owned),
      start,
      birthOf(deployment, isFirst, pass.nowMs),
    )
  } else if (others.some((set) => revisionOf(set) > revisionOf(current as KubernetesObject))) {
    current = pass.store.update({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: { ...current.metadata.annotations, [REVISION]: String(nextRevision(owned)) },
      },
    })
  }

  const size = (set: KubernetesObject) => desiredReplicas(set)
  const ready = (set: KubernetesObject) => asNumber(asRecord(set.status).readyReplicas, 0)
  const oldTotal = others.reduce((sum, set) => sum + size(set), 0)
  const oldAlive = others.reduce((sum, set) => sum + pass.podsOf(set).length, 0)

  // a Deployment without old pods is scaled at once; during a rollout both sides keep within the bounds
  let target = wanted
  if (isRecreate && oldAlive > 0) target = 0
  else if (oldTotal > 0) target = Math.min(wanted, Math.max(size(current), wanted + surge - oldTotal))
  if (size(current) !== target) current = scale(pass, deployment, current, target)

  let removable =
    oldTotal +
    size(current) -
    (wanted - unavailable) -
    (size(current) - Math.min(size(current), ready(current)))
  if (isRecreate || wanted === 0) removable = oldTotal
  for (const set of [...others].sort((a, b) => revisionOf(a) - revisionOf(b))) {
    const idle = Math.max(0, size(set) - ready(set))
    // pods that never became ready serve nobody: they go first and cost no availability
    const cut = Math.min(size(set), Math.max(idle, removable))
    if (cut <= 0) continue
    removable -= cut
    scale(pass, deployment, set, size(set) - cut)
  }
  forgetOldRevisions(pass, deployment, others)
  report(pass, deployment, current, others, wanted, unavailable)
}

function report(
  pass: Pass,
  given: KubernetesObject,
  current: KubernetesObject,
  others: readonly KubernetesObject[],
  wanted: number,
  unavailable: number,
): void {
  let deployment = given
  const revision = String(revisionOf(current))
  if (asStrings(deployment.metadata.annotations)[REVISION] !== revision) {
    deployment = pass.store.update({
      ...deployment,
      metadata: {
        ...deployment.metadata,
        annotations: { ...deployment.metadata.annotations, [REVISION]: revision },
      },
    })
  }
  const count = (set: KubernetesObject, field: string) => asNumber(asRecord(set.status)[field], 0)
  const sets = [current, ...others]
  const replicas = sets.reduce((sum, set) => sum + count(set, 'replicas'), 0)
  const ready = sets.reduce((sum, set) => sum + count(set, 'readyReplicas'), 0)
  const updated = count(current, 'replicas')
  const isAvailable = ready >= wanted - unavailable
  const isComplete = updated === wanted && replicas === wanted && ready >= wanted
  const missing = Math.max(0, wanted - ready)
  const name = current.metadata.name
  writeStatus(pass.store, deployment, {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...(replicas > 0 ? { replicas } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...(missing > 0 ? { unavailableReplicas: missing } : {}),
    conditions: [
      conditionOf(
        deployment,
        isAvailable
          ? {
              type: 'Available',
              holds: true,
              reason: 'MinimumReplicasAvailable',
              message: 'Deployment has minimum availability.',
            }
          : {
              type: 'Available',
              holds: false,
              reason: 'MinimumReplicasUnavailable',
              message: 'Deployment does not have minimum availability.',
            },
        pass.nowMs,
      ),
      conditionOf(
        deployment,
        isComplete
          ? {
              type: 'Progressing',
              holds: true,
              reason: 'NewReplicaSetAvailable',
              message: `ReplicaSet "${name}" has successfully progressed.`,
            }
          : {
              type: 'Progressing',
              holds: true,
              reason: 'ReplicaSetUpdated',
              message: `ReplicaSet "${name}" is progressing.`,
            },
        pass.nowMs,
      ),
    ],
  })
}

function createReplicaSet(
  pass: Pass,
  deployment: KubernetesObject,
  hash: string,
  revision: number,
  replicas: number,
  createdMs: number,
): KubernetesObject {
  const spec = asRecord(deployment.spec)
  const template = asRecord(spec.template)
  const templateMetadata = asRecord(template.metadata)
  const labels = { ...asStrings(templateMetadata.labels), [HASH_LABEL]: hash }
  const selector = asRecord(spec.selector)
  const created = pass.store.create({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: pass.namespace,
      labels,
      annotations: {
        [REVISION]: String(revision),
        'deployment.kubernetes.io/desired-replicas': String(desiredReplicas(deployment)),
      },
      ownerReferences: ownedBy(deployment),
      creationTimestamp: timestamp(createdMs),
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...asStrings(selector.matchLabels), [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...templateMetadata, labels } },
    },
  })
  note(pass, deployment, created, 'up', 0, replicas, createdMs)
  return created
}

function scale(
  pass: Pass,
  deployment: KubernetesObject,
  set: KubernetesObject,
  replicas: number,
): KubernetesObject {
  const before = desiredReplicas(set)
  const scaled = pass.store.update({ ...set, spec: { ...asRecord(set.spec), replicas } })
  note(pass, deployment, set, replicas > before ? 'up' : 'down', before, replicas, pass.nowMs)
  return scaled
}

function note(
  pass: Pass,
  deployment: KubernetesObject,
  set: KubernetesObject,
  direction: 'up' | 'down',
  from: number,
  to: number,
  atMs: number,
): void {
  if (from === to) return
  recordEvent(
    pass.store,
    deployment,
    {
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${direction} replica set ${set.metadata.name} from ${from} to ${to}`,
      component: 'deployment-controller',
    },
    atMs,
    pass.nowMs,
  )
}

function forgetOldRevisions(
  pass: Pass,
  deployment: KubernetesObject,
  others: readonly KubernetesObject[],
): void {
  const keep = asNumber(asRecord(deployment.spec).revisionHistoryLimit, 10)
  const empty = others
    .filter((set) => desiredReplicas(set) === 0 && pass.podsOf(set).length === 0)
    .sort((a, b) => revisionOf(a) - revisionOf(b))
  for (const set of empty.slice(0, Math.max(0, empty.length - keep))) {
    pass.store.delete({
      kind: 'ReplicaSet',
      group: 'apps',
      namespace: pass.namespace,
      name: set.metadata.name,
    })
  }
}

const hashes = new WeakMap<object, string>()

/** Fixed by the pod template alone, so that the same template finds its ReplicaSet again. */
function templateHash(deployment: KubernetesObject): string {
  const template = asRecord(asRecord(deployment.spec).template)
  let hash = hashes.get(template)
  if (hash === undefined) {
    // the writer of a change to the deployment may add empty fields that mean nothing
    const { metadata, spec } = template
    const { creationTimestamp: _ignored, ...meta } = asRecord(metadata)
    hash = stableTemplateHash(canonicalJson({ metadata: meta, spec }))
    hashes.set(template, hash)
  }
  return hash
}

function revisionOf(set: KubernetesObject): number {
  return Number(asStrings(set.metadata.annotations)[REVISION] ?? '0')
}

function nextRevision(owned: readonly KubernetesObject[]): number {
  return owned.reduce((highest, set) => Math.max(highest, revisionOf(set)), 0) + 1
}

/** Surge rounds up, unavailability down; both zero would stand still, so one pod may be missing. */
function rolloutBounds(deployment: KubernetesObject, wanted: number): { surge: number; unavailable: number } {
  const rolling = asRecord(asRecord(asRecord(deployment.spec).strategy).rollingUpdate)
  const surge = share(rolling.maxSurge ?? '25%', wanted, Math.ceil)
  const unavailable = share(rolling.maxUnavailable ?? '25%', wanted, Math.floor)
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

function share(value: unknown, of: number, round: (x: number) => number): number {
  if (typeof value === 'number') return Math.max(0, Math.trunc(value))
  const percent =
    typeof value === 'string' && value.endsWith('%') ? Number(value.slice(0, -1)) : Number(value)
  if (!Number.isFinite(percent)) return 0
  return Math.max(0, round((of * percent) / 100))
}
