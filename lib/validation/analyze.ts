/** Runs the checkers over a world. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { formatPath, type Checker, type FieldPath, type Finding } from './finding'
import { namespaceOf, type World } from './world'

/** Istio's annotation for "I know": a comma list of codes, or `*`. */
const SUPPRESS = 'galley.istio.io/analyze-suppress'

/**
 * All findings of the checkers, sorted by object, path and code, each once.
 * Findings an object suppresses by annotation are left out. `lineOf` adds lines where there is text.
 */
export function analyze(
  world: World,
  checkers: readonly Checker[],
  lineOf: (object: ConfigObject, path: FieldPath | null) => number | null = () => null,
): Finding[] {
  const findings = new Map<string, Finding>()
  for (const checker of checkers) {
    checker.check(world, (code, object, path, message) => {
      const severity = checker.codes[code]
      if (severity === undefined) throw new Error(`a checker reported ${code}, which it does not declare`)
      if (world.isAssumed(object) || isSuppressed(object, code)) return
      const finding: Finding = {
        code,
        severity,
        object: { kind: object.kind, namespace: namespaceOf(object), name: object.metadata.name },
        path: path === null ? null : formatPath(path),
        message,
        line: lineOf(object, path),
      }
      findings.set(sortKey(finding), finding)
    })
  }
  return [...findings.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding)
}

function isSuppressed(object: ConfigObject, code: string): boolean {
  const codes = object.metadata.annotations?.[SUPPRESS]
  return codes?.split(',').some((entry) => entry.trim() === '*' || entry.trim() === code) ?? false
}

function sortKey({ object, path, code, message }: Finding): string {
  return [object.namespace, object.kind, object.name, path ?? '', code, message].join('\0')
}
