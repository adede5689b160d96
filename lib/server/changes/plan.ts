import 'server-only'
import { z } from 'zod'
import type { ChangeBody, ChangeItem, Operation } from '@/lib/api/schemas/config/changes'
import { contentOf, isSameContent } from '@/lib/changes/content'
import { isBeingDeleted } from '@/lib/changes/deletion'
import { applyJsonPatch, diffJson, type JsonPatchOperation } from '@/lib/changes/difference/json-patch'
import { orderSteps } from '@/lib/changes/order'
import { getObject } from '@/lib/kubernetes/read'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { invalid, notFound, Refusal } from '../errors'
import { clientOf } from '../session/current'
import type { Upstreams } from '../upstreams'
import { parseYaml } from './body'
import { conflictOf } from './conflict'
import { nameOf, resolveTarget, type Target } from './targets'

/** One object of a change, seen against what the cluster holds. */
export interface PlannedChange {
  target: Target
  op: Operation
  /** as the cluster holds it, every field; null when it does not exist */
  before: ConfigObject | null
  /** as it shall be; null: deleted */
  after: ConfigObject | null
  /** what is sent for update and patch; empty when nothing changes */
  patch: JsonPatchOperation[]
  /** place in the request: `changes[0]` */
  parameter: string
}

const strings = z.record(z.string(), z.string()).nullish()
const WrittenObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().nullish(),
    labels: strings,
    annotations: strings,
    resourceVersion: z.string().nullish(),
  }),
})

/** What the API server and controllers write; a patch there would be dropped in silence. */
const NOT_OURS =
  /^\/(status|apiVersion|kind|metadata\/(managedFields|resourceVersion|uid|generation|selfLink|(creation|deletion)Timestamp|deletionGracePeriodSeconds))(\/|$)/

/**
 * Each change against the object as it is now, in the order in which they may be applied; of a change that `reverts`
 * another only what is not taken back yet.
 * Throws Refusal: `invalid` for what cannot be meant, `not-found`, `conflict` when the object is not the one that was
 * edited (with the versions), the name is taken or nothing is left to take back; UpstreamError.
 */
export async function planChanges(
  up: Upstreams,
  { changes: items, reverts }: Pick<ChangeBody, 'changes' | 'reverts'>,
  signal?: AbortSignal,
): Promise<PlannedChange[]> {
  const targets: Target[] = []
  const seen = new Set<string>()
  for (const [index, { ref }] of items.entries()) {
    const parameter = `changes[${index}].ref`
    const target = await resolveTarget(up, ref, parameter, signal)
    const key = JSON.stringify([target.ref.cluster, ref.group, ref.kind, ref.namespace, ref.name])
    if (seen.has(key)) {
      throw invalid(parameter, `${nameOf(target)} is named twice; change it once.`, 'repeated-object')
    }
    seen.add(key)
    targets.push(target)
  }
  const planned = await Promise.all(
    items.map(async (item, index) => {
      const target = targets[index] as Target
      const before = await getObject(clientOf(target.source), target.at, signal)
      const parameter = `changes[${index}]`
      if (reverts !== undefined && isTakenBack(item, target, before, parameter)) return []
      return [planOne(item, target, before, parameter)]
    }),
  )
  if (planned.every((steps) => steps.length === 0)) {
    throw new Refusal(
      'conflict',
      'This change is taken back already: every object is as it was before it, so there is nothing to do.',
      { code: 'nothing-to-revert' },
    )
  }
  const ordered = orderSteps(planned.flat())
  if ('problem' in ordered) throw invalid(ordered.step.parameter, `${ordered.problem}.`, 'unsafe-order')
  return ordered.steps
}

/** Whether the cluster holds what this way back leads to: by an earlier one, or because somebody did it by hand. */
function isTakenBack(
  item: ChangeItem,
  target: Target,
  before: ConfigObject | null,
  parameter: string,
): boolean {
  if (item.op === 'delete') return before === null
  if (before && isBeingDeleted(before)) return false
  return item.op !== 'patch' && isSameContent(writtenObject(item, target, parameter).object, before)
}

function planOne(
  item: ChangeItem,
  target: Target,
  before: ConfigObject | null,
  parameter: string,
): PlannedChange {
  const { op } = item
  const shared = { target, op, before, parameter }
  if (op === 'create') {
    const { object } = writtenObject(item, target, parameter)
    const after = contentOf(object)
    if (before) {
      const why = isBeingDeleted(before)
        ? 'is still being deleted; it can be created again once its finalizers are removed'
        : 'exists already; edit it, or take another name'
      throw new Refusal('conflict', `${nameOf(target)} ${why}.`, {
        code: 'name-taken',
        parameter,
        details: { ref: target.ref, base: null, theirs: before, mine: after },
      })
    }
    return { ...shared, after, patch: [] }
  }
  const written = op === 'update' ? writtenObject(item, target, parameter) : null
  const resourceVersion = item.resourceVersion ?? written?.resourceVersion ?? null
  if (op === 'update' && resourceVersion === null) {
    throw invalid(
      `${parameter}.resourceVersion`,
      `Say with resourceVersion which state of ${nameOf(target)} was edited; without it somebody else’s change could be overwritten.`,
      'missing-resource-version',
    )
  }
  // the caller's own copy, to be shown in a conflict; nothing of it is written
  const base = (item.base ?? null) as ConfigObject | null
  const wanted = (from: ConfigObject | null) =>
    written?.object ?? (op === 'patch' && from ? patched(item, target, from, parameter) : null)
  // a patch means the object it was written for: on another one its places may be others
  const mine = () => wanted(base ?? before)
  if (!before) {
    if (resourceVersion === null) throw notFound(`There is no ${nameOf(target)}.`, 'object-not-found')
    throw conflictOf(target, { base, theirs: null, mine: mine() }, parameter)
  }
  const isSame = resourceVersion === null || resourceVersion === before.metadata.resourceVersion
  // controllers write status: another version of the same content is no conflict
  if (!isSame && !(base && isSameContent(base, before))) {
    throw conflictOf(target, { base, theirs: before, mine: mine() }, parameter)
  }
  if (op === 'delete') return { ...shared, after: null, patch: [] }
  const patch = diffJson(contentOf(before), contentOf(wanted(before) ?? before))
  const result = applyJsonPatch(before, patch)
  // a difference always fits the document it starts from
  const after = ('value' in result ? result.value : before) as ConfigObject
  return { ...shared, after, patch }
}

function writtenObject(
  item: ChangeItem,
  target: Target,
  parameter: string,
): { object: ConfigObject; resourceVersion: string | null } {
  if ((item.object === undefined) === (item.yaml === undefined)) {
    throw invalid(parameter, `To ${item.op} an object, give either object or yaml.`, 'missing-object')
  }
  const value = item.yaml === undefined ? item.object : parseYaml(item.yaml, `${parameter}.yaml`)
  const parsed = WrittenObject.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const place = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
    throw invalid(
      parameter,
      `This is no Kubernetes object: ${place}${issue?.message ?? ''}.`,
      'invalid-object',
    )
  }
  // checked above; unknown fields are kept
  const object = parsed.data as unknown as ConfigObject
  return {
    object: placed(object, target, parameter),
    resourceVersion: parsed.data.metadata.resourceVersion ?? null,
  }
}

function patched(item: ChangeItem, target: Target, from: ConfigObject, parameter: string): ConfigObject {
  if (!item.patch) throw invalid(parameter, 'To patch an object, give the patch.', 'missing-patch')
  const index = item.patch.findIndex(
    (one) => one.op !== 'test' && (NOT_OURS.test(one.path) || (one.op === 'move' && NOT_OURS.test(one.from))),
  )
  if (index >= 0) {
    throw invalid(
      `${parameter}.patch[${index}]`,
      `${item.patch[index]?.path ?? ''} is kept by Kubernetes and cannot be patched.`,
      'field-not-writable',
    )
  }
  const result = applyJsonPatch(from, item.patch as JsonPatchOperation[])
  if ('problem' in result) {
    throw invalid(
      `${parameter}.patch[${result.index}]`,
      `The patch does not fit ${nameOf(target)}: ${result.problem}.`,
      'patch-not-applicable',
    )
  }
  const parsed = WrittenObject.safeParse(result.value)
  if (!parsed.success)
    throw invalid(parameter, 'The patch leaves no Kubernetes object.', 'patch-not-applicable')
  return placed(parsed.data as unknown as ConfigObject, target, parameter)
}

/** The object where the reference says it is. Throws Refusal when it says otherwise itself. */
function placed(object: ConfigObject, { ref }: Target, parameter: string): ConfigObject {
  if (object.kind !== ref.kind || object.apiVersion !== `${ref.group}/${ref.version}`) {
    throw invalid(
      parameter,
      `The object is a ${object.kind} of ${object.apiVersion}, not a ${ref.kind} of ${ref.group}/${ref.version}.`,
      'kind-mismatch',
    )
  }
  if (object.metadata.name !== ref.name) {
    throw invalid(
      parameter,
      `The object is named ${object.metadata.name}, not ${ref.name}; objects cannot be renamed: create a new one and delete the old.`,
      'renamed-object',
    )
  }
  const namespace = object.metadata.namespace ?? ref.namespace
  if (namespace !== ref.namespace) {
    throw invalid(
      parameter,
      `The object is in namespace ${namespace}, not in ${ref.namespace}; objects cannot be moved.`,
      'wrong-namespace',
    )
  }
  if (ref.namespace === '' || object.metadata.namespace === ref.namespace) return object
  return { ...object, metadata: { ...object.metadata, namespace: ref.namespace } }
}
