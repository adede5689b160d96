/**
 * What callers' proxies send to a service: DestinationRule TLS, else auto mTLS.
 * Sources: istio/istio pilot/pkg/model/push_context.go (destinationRule), pilot/pkg/networking/util (MergeTrafficPolicy)
 */
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isSelected } from '@/lib/mesh/labels'
import { hostMatches, hostSpecificity, isVisibleFrom, resolveHost } from '../hosts'
import type { PolicyRef } from '../mtls'
import { readObjects, type Read } from '../objects'
import type { DestinationRuleSpec, TrafficPolicy } from '../schemas/networking'
import { SENDS, type Sends } from './handshake'

type Rule = Read<DestinationRuleSpec>
type Labels = Readonly<Record<string, string>>

/** What is called. */
export interface Called {
  host: string
  /** namespace of the service; null outside Kubernetes */
  namespace: string | null
  /** port of the service; null: settings of single ports do not count */
  port: number | null
  /** of the pods that answer: a subset's policy holds for the pods it selects */
  labels: Labels
}

export interface ClientTls {
  sends: Sends
  /** the DestinationRule that says so; null: nobody does */
  source: PolicyRef | null
  /** its mode; null without one */
  mode: string | null
}

/** What a proxied caller in a namespace sends. */
export function clientTls(
  index: InventoryIndex,
  caller: { namespace: string; labels: Labels | null },
  called: Called,
): ClientTls {
  const rules = rulesFor(index, caller, called)
  const mode = tlsMode(rules, called)
  const decider = mode && rules.find((rule) => modesOf(rule, called).includes(mode))
  if (mode && decider) {
    return {
      sends: SENDS[mode] ?? 'otherTls',
      source: { namespace: decider.namespace, name: decider.name },
      mode,
    }
  }
  return { sends: isAutoMtls(index) ? 'auto' : 'plaintext', source: null, mode: null }
}

/** Every DestinationRule that sets TLS for what is called, whoever its callers are; oldest first. */
export function rulesWithTls(
  index: InventoryIndex,
  called: Called,
): { rule: Rule; mode: string; sends: Sends }[] {
  return withTls(index).flatMap(({ rule, host }) =>
    hostMatches(host, called.host)
      ? [...new Set(modesOf(rule, called))].map((mode) => ({ rule, mode, sends: SENDS[mode] ?? 'otherTls' }))
      : [],
  )
}

const tlsRules = new WeakMap<InventoryIndex, { rule: Rule; host: string }[]>()

/** The few rules that speak of TLS at all, oldest first: every port of every workload asks for them. */
function withTls(index: InventoryIndex): { rule: Rule; host: string }[] {
  const known = tlsRules.get(index)
  if (known) return known
  const made = readObjects(index)
    .destinationRules.filter(({ spec }) =>
      [spec, ...spec.subsets].some(({ trafficPolicy }) => trafficPolicy && mentionsTls(trafficPolicy)),
    )
    .sort(byAge)
    .map((rule) => ({ rule, host: resolveHost(rule.spec.host, rule.namespace) }))
  tlsRules.set(index, made)
  return made
}

/** True unless the mesh configuration switches it off. */
export function isAutoMtls(index: InventoryIndex): boolean {
  return index.inventory.meshConfig?.enableAutoMtls !== false
}

/**
 * The rules that count for a caller: those of its own namespace before those of the service's before those of the
 * root namespace, of each the ones with the narrowest host. Rules that select callers hold for those alone.
 */
function rulesFor(
  index: InventoryIndex,
  caller: { namespace: string; labels: Labels | null },
  called: Called,
): Rule[] {
  const reaching = readObjects(index)
    .destinationRules.filter(
      (rule) =>
        hostMatches(resolveHost(rule.spec.host, rule.namespace), called.host) &&
        isVisibleFrom(rule.spec.exportTo, rule.namespace, caller.namespace) &&
        isForCaller(rule, caller),
    )
    .sort(byAge)
  for (const namespace of [caller.namespace, called.namespace, index.inventory.rootNamespace]) {
    const own = reaching.filter((rule) => rule.namespace === namespace)
    const best = Math.max(0, ...own.map(rank))
    const narrowest = own.filter((rule) => rank(rule) === best)
    const selecting = narrowest.filter(selects)
    if (narrowest.length > 0) return selecting.length > 0 ? selecting : narrowest
  }
  return []
}

function selects(rule: Rule): boolean {
  return Object.keys(rule.spec.workloadSelector?.matchLabels ?? {}).length > 0
}

function isForCaller(rule: Rule, caller: { namespace: string; labels: Labels | null }): boolean {
  if (!selects(rule)) return true
  return (
    rule.namespace === caller.namespace &&
    caller.labels !== null &&
    isSelected(rule.spec.workloadSelector?.matchLabels, caller.labels)
  )
}

function rank(rule: Rule): number {
  return hostSpecificity(resolveHost(rule.spec.host, rule.namespace))
}

function byAge(a: Rule, b: Rule): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1
  return `${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1
}

/** Rules of one host are merged: the first policy, and the first subset that selects the pods, count. */
function tlsMode(rules: readonly Rule[], called: Called): string | undefined {
  const policy = rules.find((rule) => rule.spec.trafficPolicy !== undefined)?.spec.trafficPolicy
  const subset = rules.flatMap((rule) => subsetsOf(rule, called))[0]
  return mergedMode(policy, subset, called.port)
}

function modesOf(rule: Rule, called: Called): string[] {
  const { trafficPolicy } = rule.spec
  return [undefined, ...subsetsOf(rule, called)].flatMap(
    (subset) => mergedMode(trafficPolicy, subset, called.port) ?? [],
  )
}

/** Policies of subsets that the pods are in and that speak of TLS. */
function subsetsOf(rule: Rule, called: Called): TrafficPolicy[] {
  return rule.spec.subsets.flatMap(({ labels, trafficPolicy }) =>
    trafficPolicy && isSelected(labels, called.labels) && mentionsTls(trafficPolicy) ? [trafficPolicy] : [],
  )
}

function mentionsTls(policy: TrafficPolicy): boolean {
  return policy.tls !== undefined || (policy.portLevelSettings ?? []).length > 0
}

/** Settings of a port inherit nothing from those around them: without TLS of their own they have none. */
function mergedMode(
  policy: TrafficPolicy | undefined,
  subset: TrafficPolicy | undefined,
  port: number | null,
): string | undefined {
  const at = (from: TrafficPolicy | undefined) =>
    port === null ? undefined : from?.portLevelSettings?.find((each) => each.port?.number === port)
  const ofSubset = at(subset)
  if (ofSubset) return modeText(ofSubset.tls)
  if (subset?.tls) return modeText(subset.tls)
  const ofPort = at(policy)
  return ofPort ? modeText(ofPort.tls) : modeText(policy?.tls)
}

/** TLS settings without a mode mean DISABLE, the first of the enumeration. */
function modeText(tls: { mode?: string | undefined } | undefined): string | undefined {
  return tls && (tls.mode ?? 'DISABLE')
}
