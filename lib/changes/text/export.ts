/** A change for other hands: YAML, kubectl commands, a patch for a Git repository. */
import { yamlOf } from './content-yaml'
import { applyJsonPatch, type JsonPatchOperation } from '../difference/json-patch'

/** One object of a change, as its preview has it. */
export interface ExportedObject {
  ref: { group: string; version: string; kind: string; namespace: string; name: string }
  /** what people write of the object, before and after; null: it does not exist */
  before: object | null
  after: object | null
  /** unified diff of the two as YAML */
  diff: string
  patch: readonly JsonPatchOperation[]
}

/** The objects as they shall be, one document each; what is deleted is named in a comment. */
export function asYaml(objects: readonly ExportedObject[]): string {
  return objects
    .map(({ ref, after }) =>
      after === null
        ? `# ${ref.kind} ${ref.namespace}/${ref.name} is deleted by this change\n`
        : yamlOf(after),
    )
    .join('---\n')
}

/**
 * Commands in the order in which they are safe. A patch tests every value it replaces or removes, so that it is
 * refused when the object is another by then.
 */
export function asKubectl(objects: readonly ExportedObject[]): string {
  return objects.map(commandOf).join('\n')
}

function commandOf({ ref, before, after, patch }: ExportedObject): string {
  if (after !== null && before === null) return `kubectl create -f - <<'EOF'\n${yamlOf(after)}EOF\n`
  const where = ref.namespace === '' ? '' : ` --namespace ${quoted(ref.namespace)}`
  const what = `${ref.kind.toLowerCase()}.${ref.version}.${ref.group} ${quoted(ref.name)}${where}`
  if (after === null) return `kubectl delete ${what}\n`
  const guarded = JSON.stringify(guardedPatch(before, patch))
  return `kubectl patch ${what} --type json --patch ${quoted(guarded)}\n`
}

/** The patch with a test of the present value before each operation that takes one away. */
export function guardedPatch(before: unknown, patch: readonly JsonPatchOperation[]): JsonPatchOperation[] {
  let now = before
  return patch.flatMap((operation) => {
    const found = valueAt(now, operation.path)
    const result = applyJsonPatch(now, [operation])
    if ('value' in result) now = result.value
    const takesAway = operation.op === 'replace' || operation.op === 'remove'
    return takesAway && found !== undefined
      ? [{ op: 'test' as const, path: operation.path, value: found }, operation]
      : [operation]
  })
}

function valueAt(document: unknown, pointer: string): unknown {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  // own fields only: the parts come from names people gave
  return parts.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, part)
        ? (at as Record<string, unknown>)[part]
        : undefined,
    document,
  )
}

/**
 * What `git apply` takes, one file an object: `{namespace}/{kind}-{name}.yaml`. The paths are a guess of ours; a
 * repository has its own.
 */
export function asGitPatch(objects: readonly ExportedObject[]): string {
  return objects
    .filter(({ diff }) => diff !== '')
    .map(({ ref, before, after, diff }) => {
      const file = `${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.kind.toLowerCase()}-${ref.name}.yaml`
      const head = [
        `diff --git a/${file} b/${file}`,
        ...(before === null ? ['new file mode 100644'] : []),
        ...(after === null ? ['deleted file mode 100644'] : []),
        `--- ${before === null ? '/dev/null' : `a/${file}`}`,
        `+++ ${after === null ? '/dev/null' : `b/${file}`}`,
      ]
      return `${head.join('\n')}\n${diff.split('\n').slice(2).join('\n')}`
    })
    .join('')
}

/** For POSIX shells. */
function quoted(text: string): string {
  return /^[A-Za-z0-9._-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
