/**
 * Delegation of virtual services: a rule that goes on with the rules of another virtual service.
 * Rules: istio/istio pilot/pkg/model/virtualservice.go, mergeVirtualServicesIfNeeded and mergeHTTPRoute
 */
import { isVisibleFrom } from './hosts'

/** What a rule of a delegate takes from the rule that delegates, where it says nothing itself. */
const INHERITED = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirrorPercentage',
  'mirrors',
  'corsPolicy',
  'headers',
]

interface Delegate {
  hosts: readonly string[]
  exportTo: readonly string[]
  namespace: string
}

/**
 * Why a rule of `namespace` does not go on with the virtual service it names as delegate, as the end of a sentence
 * about that; null when it does. Istio leaves such a rule out, and requests go to those after it.
 */
export function whyNoDelegate(delegate: Delegate | undefined, namespace: string): string | null {
  if (!delegate) return 'does not exist'
  if (delegate.hosts.length > 0) return 'has hosts of its own, which a delegate may not have'
  return isVisibleFrom(delegate.exportTo, delegate.namespace, namespace)
    ? null
    : `is not exported to ${namespace}`
}

/** A rule of a delegate with what it inherits from the rule that delegates; matches apart. */
export function inheriting(
  root: Readonly<Record<string, unknown>>,
  rule: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const own = Object.entries(root).filter(([field]) => INHERITED.includes(field))
  return { ...Object.fromEntries(own), ...rule }
}
