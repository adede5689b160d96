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

/**
 * The rule that wins over a split for all of its callers; null: none does. Of one virtual service the first rule that
 * fits is taken; of several for one host in the mesh only the oldest is read
 * (https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services); of routes with one
 * parent and the same match the oldest wins
 * (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule).
 */
export function shadowOf(split: Split, rules: readonly RouteRule[]): Shadow | null {
  const own = split.object.metadata
  const namespace = own.namespace ?? ''
  const isOwn = (rule: RouteRule) =>
    rule.kind === split.object.kind && rule.namespace === namespace && rule.name === own.name
  const before = rules.find(
    (rule) =>
      isOwn(rule) &&
      rule.kind === 'VirtualService' &&
      rule.protocol === split.route.protocol &&
      rule.rule < split.route.rule &&
      TAKES_ALL.has(rule.match) &&
      covers(rule.callers, split.callers),
  )
  if (before) {
    return {
      by: `${nameOf(before)}, rule ${before.rule + 1}`,
      why: `Rule ${before.rule + 1} of ${nameOf(before)} stands before it and takes ${before.match}.`,
    }
  }
  const createdAt = instantOf(own.creationTimestamp)
  const hosts = fullHosts(split.hosts, namespace)
  const older = rules.find(
    (rule) =>
      !isOwn(rule) &&
      rule.cluster === split.cluster &&
      rule.kind === split.object.kind &&
      rule.protocol === split.route.protocol &&
      isOlder(rule, { createdAt, namespace, name: own.name }) &&
      hosts.length > 0 &&
      hosts.every((host) => fullHosts(rule.hosts, rule.namespace).includes(host)) &&
      covers(rule.callers, split.callers) &&
      (rule.kind === 'VirtualService' ? split.callers.gateways.length === 0 : rule.match === split.match),
  )
  if (!older) return null
  return {
    by: nameOf(older),
    why:
      older.kind === 'VirtualService'
        ? `${nameOf(older)} is older and speaks for the same host, so proxies of the mesh read only that one.`
        : `${nameOf(older)} is older and takes the same requests of the same parent.`,
  }
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
