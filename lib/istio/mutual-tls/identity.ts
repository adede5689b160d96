/**
 * What authorization loses where a port stops taking mutual TLS: callers prove no identity any more.
 * https://istio.io/latest/docs/concepts/security/#dependency-on-mutual-tls
 */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { asFields, asList, asText, items, specOf, type Fields } from '@/lib/validation/read'
import { actionOf, isDryRun } from '../authorization'
import type { PolicyRef } from '../mtls'
import { readObjects } from '../objects'
import { whyReached } from '../policies'
import type { ModeChange } from './proposal'

export interface IdentityLoss {
  workload: WorkloadInventory
  /** AuthorizationPolicies that ask who calls */
  policies: PolicyRef[]
  /** none of them lets anybody in who proves no identity */
  isClosed: boolean
}

/** Workloads whose callers' identity goes with the changes and is asked for by policies that hold there. */
export function identityLosses(index: InventoryIndex, changes: readonly ModeChange[]): IdentityLoss[] {
  const losing = changes.filter(takesIdentity).map(({ workload }) => workload)
  return [...new Set(losing)].flatMap((workload): IdentityLoss[] => {
    const policies = readObjects(index)
      .authorizationPolicies.filter(
        (policy) =>
          !isDryRun(policy.object) &&
          // what names a target is enforced by a gateway or waypoint, which is reached by mutual TLS all the same
          !policy.spec.targetRef &&
          (policy.spec.targetRefs ?? []).length === 0 &&
          whyReached(policy, workload, index) !== null,
      )
      .map(({ namespace, name, object }) => ({
        ref: { namespace, name },
        action: actionOf(object),
        rules: items(specOf(object).rules).map(([rule]) => rule),
      }))
    const asking = policies.filter(({ action, rules }) => action !== 'AUDIT' && rules.some(asksWho))
    if (asking.length === 0) return []
    const allowing = policies.flatMap(({ action, rules }) => (action === 'ALLOW' ? rules : []))
    const isClosed = allowing.length > 0 && allowing.every(needsIdentity)
    return [{ workload, policies: asking.map(({ ref }) => ref), isClosed }]
  })
}

/** True where callers with automatic mutual TLS send plain text afterwards. */
export function takesIdentity({ before, after, isEnforced }: ModeChange): boolean {
  return isEnforced && before !== 'DISABLE' && after === 'DISABLE'
}

/** `AuthorizationPolicy shop/a asks`, `AuthorizationPolicies shop/a and shop/b ask`. */
export function askingWords(policies: readonly PolicyRef[]): string {
  const names = policies.map(({ namespace, name }) => `${namespace}/${name}`).sort()
  const last = names.pop() ?? ''
  return names.length === 0
    ? `AuthorizationPolicy ${last} asks`
    : `AuthorizationPolicies ${names.join(', ')} and ${last} ask`
}

const WHO = ['principals', 'namespaces', 'serviceAccounts']
const NOT_WHO = ['notPrincipals', 'notNamespaces', 'notServiceAccounts']
const WHO_KEYS = new Set(['source.principal', 'source.namespace', 'source.serviceAccount'])

function asksWho(rule: Fields): boolean {
  return (
    items(rule.from).some(([from]) => has(from, [...WHO, ...NOT_WHO])) ||
    items(rule.when).some(([when]) => WHO_KEYS.has(asText(when.key)))
  )
}

/** Entries of `from` are alternatives, conditions of `when` hold together. */
function needsIdentity(rule: Fields): boolean {
  const sources = items(rule.from)
  return (
    (sources.length > 0 && sources.every(([from]) => has(from, WHO))) ||
    items(rule.when).some(([when]) => WHO_KEYS.has(asText(when.key)) && asList(when.values).length > 0)
  )
}

function has(from: Fields, names: readonly string[]): boolean {
  const source = asFields(from.source)
  return names.some((name) => asList(source[name]).length > 0)
}
