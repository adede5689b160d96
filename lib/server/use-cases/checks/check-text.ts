import 'server-only'
import type { ObjectRef } from '@/lib/api/schemas/config/changes'
import type { CheckAnswer, CheckBody, TextProblem } from '@/lib/api/schemas/config/editing'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { refOfObject } from '@/lib/mesh/resource'
import { parseDocuments, type ParsedDocuments } from '@/lib/validation/documents'
import { parsePath, type Finding } from '@/lib/validation/finding'
import { kindKey, namespaceOf } from '@/lib/validation/world'
import { clusterNamed, nameOf, resolveTarget } from '../../changes/targets'
import { isRefusal, sentence } from '../../errors'
import { observeNow } from '../../findings/observe'
import { currentAccess, withoutHidden } from '../../session/access'
import { requireSight } from '../../session/narrow'
import type { Upstreams } from '../../upstreams'

/** a namespace nobody has: tells "none was written" from a name */
const UNSAID = ''

/**
 * What is wrong with a text that somebody edits, by lines: why it is no set of objects that can be applied, and the
 * findings about its objects as if they were in the cluster. Nothing is written. Throws Refusal, UpstreamError.
 */
export async function checkText(up: Upstreams, body: CheckBody, signal?: AbortSignal): Promise<CheckAnswer> {
  const source = clusterNamed(up, body.cluster)
  const { cluster } = source
  const parsed = parseDocuments(body.documents, body.namespace ?? UNSAID)
  for (const namespace of new Set(parsed.objects.map(namespaceOf))) {
    if (namespace !== UNSAID) await requireSight(up, cluster, namespace)
  }
  await observeNow(up)
  const problems: TextProblem[] = parsed.problems.map(({ message, line }) => ({
    code: 'invalid-yaml',
    message: sentence(message),
    line,
  }))
  const objects = parsed.objects.map((object) => ({
    ...refOfObject(cluster, {
      ...object,
      namespace: namespaceOf(object),
      name: object.metadata.name,
    }),
    line: parsed.lineOf(object, null),
  }))
  const { inventory } = source.current()
  const told = new Set<string>()
  for (const [index, object] of parsed.objects.entries()) {
    const ref = objects[index]
    if (!ref) continue
    const problem =
      (await kindProblem(up, ref, signal)) ??
      repetition(ref, told) ??
      (inventory && placeProblem(ref, object, inventory, body.editing, source))
    if (problem) {
      problems.push({ ...problem, line: parsed.lineOf(object, problem.path) })
    }
  }
  return {
    objects,
    problems: problems.map(({ code, message, line }) => ({ code, message, line })),
    findings: withoutHidden(up, await currentAccess(up), cluster, findingsInCluster(up, cluster, parsed)),
  }
}

type Problem = Omit<TextProblem, 'line'> & { path: string[] }

async function kindProblem(up: Upstreams, ref: ObjectRef, signal?: AbortSignal): Promise<Problem | null> {
  try {
    await resolveTarget(up, ref, 'documents', signal)
    return null
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (error.code === 'missing-namespace') {
      return { code: 'missing-namespace', message: error.message, path: ['metadata'] }
    }
    return { code: 'unknown-kind', message: error.message, path: ['kind'] }
  }
}

/** An object is one in every version of its kind; `told` has those that stand before it. */
function repetition(ref: ObjectRef, told: Set<string>): Problem | null {
  const key = JSON.stringify([ref.group, ref.kind, ref.namespace, ref.name])
  if (!told.has(key)) {
    told.add(key)
    return null
  }
  return {
    code: 'repeated-object',
    message: `${nameOf({ ref })} stands further up in this text already; keep one of the two.`,
    path: ['metadata', 'name'],
  }
}

function placeProblem(
  ref: ObjectRef,
  object: ConfigObject,
  inventory: ClusterInventory,
  editing: ObjectRef | undefined,
  { cluster }: InventorySource,
): Problem | null {
  const { namespace } = ref
  if (namespace !== '' && !inventory.namespaces.some((one) => one.name === namespace)) {
    return {
      code: 'unknown-namespace',
      message: `There is no namespace ${namespace} in cluster ${cluster}.`,
      path: ['metadata', 'namespace'],
    }
  }
  const isEdited = editing !== undefined && isSameRef(ref, editing)
  const isTaken = inventory.config.some((one) => isSame(one, object))
  if (isEdited || !isTaken) return null
  return {
    code: 'name-taken',
    message: `${nameOf({ ref })} exists already; edit it, or take another name.`,
    path: ['metadata', 'name'],
  }
}

function isSameRef(a: ObjectRef, b: ObjectRef): boolean {
  return a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
}

function isSame(a: ConfigObject, b: ConfigObject): boolean {
  return kindKey(a) === kindKey(b) && namespaceOf(a) === namespaceOf(b) && a.metadata.name === b.metadata.name
}

/** Findings about the objects of a text as if they were in the cluster, by lines; null: it has not been read. */
export function findingsInCluster(up: Upstreams, cluster: string, parsed: ParsedDocuments): Finding[] | null {
  const own = new Set(parsed.objects)
  const entries = up.findings.whatIf(cluster, parsed.objects)
  return (
    entries
      ?.filter(({ object }) => own.has(object))
      .map(({ object, finding }) => ({
        ...finding,
        line: parsed.lineOf(object, finding.path === null ? null : parsePath(finding.path)),
      })) ?? null
  )
}
