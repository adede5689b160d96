/** Runs the checkers over a world. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { formatPath, type Checker, type FieldPath, type Finding, type Report } from './finding'
import { groupOf, namespaceOf, type World } from './world'

/** Istio's annotation for "I know": a comma list of codes, or `*`. */
const SUPPRESS = 'galley.istio.io/analyze-suppress'

/** Codes of the KIA family are also suppressed as their origin does: no value means all. */
const IGNORE = 'kiali.io/ignore-validations'

/** A finding with the key it is sorted and told apart by. */
export interface Entry {
  key: string
  finding: Finding
  object: ConfigObject
}

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
    checker.check(
      world,
      reporter(checker, world.isAssumed, ({ key, finding }) => findings.set(key, finding), lineOf),
    )
  }
  return [...findings.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding)
}

/** The report of one checker: hands on what is neither about something assumed nor suppressed. */
export function reporter(
  checker: Checker,
  isAssumed: (object: ConfigObject) => boolean,
  add: (entry: Entry) => void,
  lineOf: (object: ConfigObject, path: FieldPath | null) => number | null = () => null,
): Report {
  return (code, object, path, message, milder) => {
    const severity = checker.codes[code]
    if (severity === undefined) throw new Error(`a checker reported ${code}, which it does not declare`)
    if (isAssumed(object) || isSuppressed(object, code)) return
    const finding: Finding = {
      code,
      severity: milder ?? severity,
      object: { kind: object.kind, namespace: namespaceOf(object), name: object.metadata.name },
      path: path === null ? null : formatPath(path),
      message,
      line: lineOf(object, path),
    }
    add({ key: sortKey(finding, object.apiVersion), finding, object })
  }
}

function isSuppressed({ metadata: { annotations } }: ConfigObject, code: string): boolean {
  if (!annotations) return false
  if (isListed(annotations[SUPPRESS], code)) return true
  const ignored = code.startsWith('KIA') ? annotations[IGNORE] : undefined
  return ignored !== undefined && (ignored.trim() === '' || isListed(ignored, code))
}

function isListed(list: string | undefined, code: string): boolean {
  return list?.split(',').some((entry) => entry.trim() === '*' || entry.trim() === code) ?? false
}

function sortKey({ object, path, code, message }: Finding, apiVersion: string): string {
  const { namespace, kind, name } = object
  return [namespace, kind, name, inOrder(path ?? ''), code, message, groupOf(apiVersion)].join('\0')
}

/** The third rule before the tenth: places of lists sort as the numbers they are. */
function inOrder(path: string): string {
  return path.replace(/\d+/g, (place) => place.padStart(6, '0'))
}
