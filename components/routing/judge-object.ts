/** Everything that is known to be wrong with an object under edit, by the field it is about. Pure. */
import type { Finding } from '@/lib/api/schemas/config/analyze'
import { asFields, asList, getAt, isFields } from '@/lib/istio/edit/fields'
import { policyPath, type PolicyScope } from '@/lib/istio/edit/presets'
import { ruleKindOf, rulePath, rulesOf } from '@/lib/istio/edit/rules'
import { missingSubsets } from '@/lib/istio/edit/split/missing-subsets'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { policyAdvice, ruleAdvice } from '@/lib/validation/editing/advice'
import { problemsOf } from '@/lib/validation/editing/problems'
import { formatPath, type FieldPath } from '@/lib/validation/finding'
import type { ShownProblem } from './fields/shown-problems'
import type { ServiceFacts } from './service-facts'

/**
 * Errors first those of the object alone, then what the service's own facts say; `findings` are of the server's
 * checkers, which see the whole cluster.
 */
export function judgeObject(
  object: ConfigObject,
  facts: Pick<ServiceFacts, 'host' | 'subsets' | 'p99Ms' | 'requestsPerSecond' | 'readyPods'>,
  findings: readonly Pick<Finding, 'path' | 'severity' | 'message' | 'object'>[] = [],
): ShownProblem[] {
  const problems: ShownProblem[] = []
  const add = (severity: ShownProblem['severity'], path: FieldPath, message: string) =>
    problems.push({ severity, path: formatPath(path), message })
  for (const { severity, path, message } of problemsOf(object)) add(severity, path, message)
  weightsOf(object, add)
  for (const { path, subset } of facts.subsets ? missingSubsets(object, facts.host, facts.subsets) : []) {
    add(
      'error',
      path,
      `No DestinationRule defines the subset ${subset}: what is sent there fails with 503. Define it first.`,
    )
  }
  const kind = ruleKindOf(object)
  for (const [index, rule] of rulesOf(object).entries()) {
    for (const { severity, path, message } of kind ? ruleAdvice(rule, facts) : []) {
      if (kind) add(severity, [...rulePath(kind, index), ...path], message)
    }
  }
  for (const { scope, policy } of policiesOf(object)) {
    for (const { severity, path, message } of policyAdvice(
      policy,
      scope.of === 'all' ? facts.readyPods : null,
    )) {
      add(severity, [...policyPath(scope), ...path], message)
    }
  }
  for (const { path, severity, message, object: about } of findings) {
    if (path === null || severity === 'info' || about.kind !== object.kind) continue
    // the same rules ran here a moment ago
    if (problems.some((each) => each.path === path || each.path.startsWith(`${path}.`))) continue
    problems.push({ severity, path, message })
  }
  return problems
}

/** Weights are whole numbers: the schema of both APIs asks for it, and YAML lets anything be written. */
function weightsOf(
  object: ConfigObject,
  add: (severity: 'error', path: FieldPath, message: string) => void,
): void {
  const kind = ruleKindOf(object)
  if (!kind) return
  const list = kind === 'VirtualService' ? 'route' : 'backendRefs'
  for (const [index, rule] of rulesOf(object).entries()) {
    for (const [place, destination] of asList(rule[list]).entries()) {
      const { weight } = asFields(destination)
      if (weight === undefined) continue
      const path = [...rulePath(kind, index), list, place, 'weight']
      if (typeof weight !== 'number') add('error', path, 'A weight is a whole number.')
      else if (!Number.isInteger(weight)) {
        add('error', path, `Weights are whole numbers: ${weight} would be refused. Make all weights larger.`)
      } else if (kind !== 'VirtualService' && (weight < 0 || weight > 1_000_000)) {
        add('error', path, 'A weight is a whole number from 0 to 1000000.')
      }
    }
  }
}

function policiesOf(
  object: ConfigObject,
): { scope: PolicyScope; policy: Readonly<Record<string, unknown>> }[] {
  if (object.kind !== 'DestinationRule') return []
  const scopes: PolicyScope[] = [
    { of: 'all' },
    ...asList(getAt(object, ['spec', 'subsets'])).map((_, index): PolicyScope => ({ of: 'subset', index })),
  ]
  return scopes.flatMap((scope) => {
    const policy = getAt(object, policyPath(scope))
    return isFields(policy) ? [{ scope, policy }] : []
  })
}

/** Errors that the object did not have before it was edited: these keep it from being applied. */
export function newErrors(before: readonly ShownProblem[], after: readonly ShownProblem[]): ShownProblem[] {
  const known = new Set(before.map(({ message }) => message))
  return after.filter(({ severity, message }) => severity === 'error' && !known.has(message))
}
