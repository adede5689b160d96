/** What somebody made of an object's text, before the server is asked. Pure. */
import type { ConfigRef } from '@/lib/mesh/resource'
import { refOfObject } from '@/lib/mesh/resource'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { parseDocuments } from '@/lib/validation/documents'

export type Verdict =
  | { kind: 'fits'; object: ConfigObject }
  /** another name or namespace: no update, but it could be created */
  | { kind: 'elsewhere'; object: ConfigObject; ref: ConfigRef; message: string; line: number | null }
  | { kind: 'problem'; message: string; line: number | null }

/** Whether the text is a new state of the object `ref`, and if not, what keeps it from being one and where. */
export function judgeText(text: string, ref: ConfigRef): Verdict {
  const read = readObjects(text, ref.namespace)
  if ('problem' in read) return { kind: 'problem', ...read.problem }
  const [first, second] = read.objects
  if (!first) return { kind: 'problem', message: 'The text holds no object.', line: 1 }
  if (second) {
    const message = `The text holds ${read.objects.length} objects; here one is edited.`
    return { kind: 'problem', message, line: read.lineOf(second, null) }
  }
  const now = refOfObject(ref.cluster, {
    ...first,
    namespace: first.metadata.namespace ?? '',
    name: first.metadata.name,
  })
  if (now.group !== ref.group || now.kind !== ref.kind) {
    const message = `This is a ${now.kind} of ${now.group || 'the core group'}; the object that is edited is a ${ref.kind} of ${ref.group}.`
    return { kind: 'problem', message, line: read.lineOf(first, ['kind']) }
  }
  if (now.version !== ref.version) {
    const message = `The object is edited as ${ref.group}/${ref.version}; keep that apiVersion.`
    return { kind: 'problem', message, line: read.lineOf(first, ['apiVersion']) }
  }
  if (now.name !== ref.name) {
    const message = `Objects cannot be renamed: ${ref.name} stays as it is. ${now.name} can be created as a new object.`
    return {
      kind: 'elsewhere',
      object: first,
      ref: now,
      message,
      line: read.lineOf(first, ['metadata', 'name']),
    }
  }
  if (now.namespace !== ref.namespace) {
    const message = `Objects cannot be moved: it stays in ${ref.namespace || 'no namespace'}. In ${now.namespace} it can be created as a new object.`
    return {
      kind: 'elsewhere',
      object: first,
      ref: now,
      message,
      line: read.lineOf(first, ['metadata', 'namespace']),
    }
  }
  return { kind: 'fits', object: first }
}

/** The objects of a text, or the first thing that keeps it from being objects. */
export function readObjects(
  text: string,
  namespace: string,
):
  | { objects: ConfigObject[]; lineOf: ReturnType<typeof parseDocuments>['lineOf'] }
  | { problem: { message: string; line: number | null } } {
  const { objects, problems, lineOf } = parseDocuments(text, namespace)
  const [problem] = problems
  if (!problem) return { objects, lineOf }
  const { message, line } = problem
  return { problem: { message: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, line } }
}
