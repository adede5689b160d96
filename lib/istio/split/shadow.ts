/** Whether another route takes the requests a split is meant for, so that its weights move nothing. */
import { resolveHost } from '../hosts'
import type { Split } from '../splits'

export interface Shadow {
  /** `VirtualService bookinfo/reviews, spec.http[0]` */
  by: string
  /** a sentence */
  why: string
}

/** What `routeMatch` and `virtualServiceMatch` say of a rule that takes all. */
const TAKES_ALL = new Set(['every request', 'every connection'])

/** Any rule of any route, weighted or not, as far as it decides who comes first. */
export interface RouteRule {
  cluster: string
  kind: string
  namespace: string
  name: string
  /** epoch milliseconds; unknown sorts last */
  createdAt: number
  protocol: Split['route']['protocol']
  rule: number
  hosts: readonly string[]
  match: string
  callers: Split['callers']
}

/** The rules of one cluster by what a split asks of them: an object may have thousands, each with a split. */
export interface RuleIndex {
  /** those that leave nothing to what stands after them, by object */
  takingAll: ReadonlyMap<string, readonly RouteRule[]>
  /** by full host, then by object, in their order */
  byHost: ReadonlyMap<string, ReadonlyMap<string, readonly RouteRule[]>>
}

/** Made once for all splits of a cluster. */
export function indexRules(rules: readonly RouteRule[]): RuleIndex {
  const takingAll = new Map<string, RouteRule[]>()
  const byHost = new Map<string, Map<string, RouteRule[]>>()
  for (const rule of rules) {
    const object = objectKey(rule)
    if (rule.kind === 'VirtualService' && TAKES_ALL.has(rule.match)) add(takingAll, object, rule)
    for (const host of new Set(fullHosts(rule.hosts, rule.namespace))) {
      const objects = byHost.get(host) ?? new Map<string, RouteRule[]>()
      byHost.set(host, objects)
      add(objects, object, rule)
    }
  }
  return { takingAll, byHost }
}

function add(lists: Map<string, RouteRule[]>, key: string, rule: RouteRule): void {
  const list = lists.get(key)
  if (list) list.push(rule)
  else lists.set(key, [rule])
}

function objectKey({ kind, namespace, name }: Pick<RouteRule, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`
}

/**
 * The rule that wins over a split for all of its callers; null: none does. Of one virtual service the first rule that
 * fits is taken; of several for one host in the mesh only the oldest is read
 * (https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services); of routes with one
 * parent and the same match the oldest wins
 * (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule).
 */
export function shadowOf(split: Split, rules: RuleIndex): Shadow | null {
  const { kind } = split.object
  const { name, namespace = '', creationTimestamp } = split.object.metadata
  const own = objectKey({ kind, namespace, name })
  const before = rules.takingAll
    .get(own)
    ?.find(
      (rule) =>
        rule.protocol === split.route.protocol &&
        rule.rule < split.route.rule &&
        covers(rule.callers, split.callers),
    )
  if (before) {
    return {
      by: `${nameOf(before)}, rule ${before.rule + 1}`,
      why: `Rule ${before.rule + 1} of ${nameOf(before)} stands before it and takes ${before.match}.`,
    }
  }
  const older = olderRule(split, own, rules, { createdAt: instantOf(creationTimestamp), namespace, name })
  if (!older) return null
  return {
    by: nameOf(older),
    why:
      older.kind === 'VirtualService'
        ? `${nameOf(older)} is older and speaks for the same host, so proxies of the mesh read only that one.`
        : `${nameOf(older)} is older and takes the same requests of the same parent.`,
  }
}

/** Of another object that speaks for every host of the split. */
function olderRule(
  split: Split,
  own: string,
  { byHost }: RuleIndex,
  age: { createdAt: number; namespace: string; name: string },
): RouteRule | undefined {
  const [first, ...others] = fullHosts(split.hosts, age.namespace)
  // without a host there is nothing to share
  if (first === undefined) return undefined
  for (const [object, rules] of byHost.get(first) ?? []) {
    const [one] = rules
    // hosts and age are of the object, the same for all of its rules
    if (object === own || !one || !isOlder(one, age)) continue
    if (!others.every((host) => byHost.get(host)?.has(object))) continue
    const found = rules.find(
      (rule) =>
        rule.cluster === split.cluster &&
        rule.kind === split.object.kind &&
        rule.protocol === split.route.protocol &&
        covers(rule.callers, split.callers) &&
        (rule.kind === 'VirtualService' ? split.callers.gateways.length === 0 : rule.match === split.match),
    )
    if (found) return found
  }
  return undefined
}

function nameOf({ kind, namespace, name }: RouteRule): string {
  return `${kind} ${namespace}/${name}`
}

function covers(wide: Split['callers'], narrow: Split['callers']): boolean {
  return (wide.mesh || !narrow.mesh) && narrow.gateways.every((gateway) => wide.gateways.includes(gateway))
}

/** Without a name there is nothing to share. */
function fullHosts(hosts: readonly string[], namespace: string): string[] {
  return hosts.map((host) => resolveHost(host, namespace))
}

function isOlder(rule: RouteRule, other: { createdAt: number; namespace: string; name: string }): boolean {
  if (rule.createdAt !== other.createdAt) return rule.createdAt < other.createdAt
  // Istio breaks a tie by name, then namespace
  return `${rule.name}.${rule.namespace}` < `${other.name}.${other.namespace}`
}

export function instantOf(timestamp: string | undefined): number {
  const at = Date.parse(timestamp ?? '')
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at
}
