/**
 * DestinationRules: which pods a subset means and how a caller's proxy treats a host.
 * Reference: https://istio.io/latest/docs/reference/config/networking/destination-rule/
 */
import type { KubernetesObject } from '@/lib/demo/model'
import { fullHost, hostMatches, hostRank, isExported } from './hosts'
import {
  byAge,
  durationMs,
  fields,
  hasFields,
  isIstio,
  items,
  labelsOf,
  number,
  selects,
  strings,
  text,
} from './read'
import type { Fields } from './read'

export type TlsMode = 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL'

export interface Pool {
  /** connections, and requests waiting for one, of HTTP/1 and TCP; null without a limit */
  maxConnections: number | null
  maxPending: number | null
  /** requests under way of HTTP/2 */
  maxRequests: number | null
}

export interface Outlier {
  /** consecutive errors that eject an endpoint */
  errors: number
  intervalMs: number
  baseEjectionMs: number
  maxEjectionRatio: number
  minHealthRatio: number
}

export interface TrafficPolicy {
  tls: TlsMode | null
  pool: Pool | null
  outlier: Outlier | null
}

interface RuleState {
  namespace: string
  host: string
  exportTo: string[]
  /** callers it is limited to, by labels; null for all */
  workloadSelector: Record<string, string> | null
  policy: Fields
  subsets: Map<string, { labels: Record<string, string>; policy: Fields }>
}

export interface DestinationRules {
  byNamespace: Map<string, RuleState[]>
  rootNamespace: string
}

export function readDestinationRules(
  objects: readonly KubernetesObject[],
  rootNamespace: string,
): DestinationRules {
  const byNamespace = new Map<string, RuleState[]>()
  for (const object of objects.filter(isIstio).sort(byAge)) {
    const namespace = object.metadata.namespace ?? ''
    const spec = fields(object.spec)
    const host = fullHost(text(spec.host) ?? '', namespace)
    const selector = fields(spec.workloadSelector).matchLabels
    const workloadSelector = hasFields(selector) ? labelsOf(selector) : null
    const own = byNamespace.get(namespace) ?? []
    byNamespace.set(namespace, own)
    const subsets = items(spec.subsets).map(
      (subset) =>
        [
          text(subset.name) ?? '',
          { labels: labelsOf(subset.labels), policy: fields(subset.trafficPolicy) },
        ] as const,
    )
    // rules of one namespace for one host are one: the oldest sets the policy, later ones only add subsets
    const first = own.find((rule) => rule.host === host && rule.workloadSelector === null)
    if (first !== undefined && workloadSelector === null) {
      for (const [name, subset] of subsets) if (!first.subsets.has(name)) first.subsets.set(name, subset)
      continue
    }
    own.push({
      namespace,
      host,
      exportTo: strings(spec.exportTo),
      workloadSelector,
      policy: fields(spec.trafficPolicy),
      subsets: new Map(subsets),
    })
  }
  return { byNamespace, rootNamespace }
}

/** The rule that counts: of the caller's namespace, else of the service's, else of the root namespace. */
function findRule(
  rules: DestinationRules,
  host: string,
  client: { namespace: string; labels: Record<string, string> },
  serviceNamespace: string,
): RuleState | undefined {
  for (const namespace of new Set([client.namespace, serviceNamespace, rules.rootNamespace])) {
    let best: RuleState | undefined
    for (const rule of rules.byNamespace.get(namespace) ?? []) {
      if (!hostMatches(rule.host, host) || !isExported(rule.exportTo, rule.namespace, client.namespace))
        continue
      if (rule.workloadSelector !== null) {
        if (namespace !== client.namespace || !selects(rule.workloadSelector, client.labels)) continue
        return rule
      }
      if (best === undefined || hostRank(rule.host) > hostRank(best.host)) best = rule
    }
    if (best !== undefined) return best
  }
  return undefined
}

export interface Destination {
  /** labels that a subset asks of its pods; null when there is no such subset */
  labels: Record<string, string> | null
  policy: TrafficPolicy
}

const NO_POLICY: TrafficPolicy = { tls: null, pool: null, outlier: null }

/** How one caller reaches a host, subset and port. Subset settings go before those of the rule. */
export function destinationFor(
  rules: DestinationRules,
  to: { host: string; subset: string | undefined; port: number; namespace: string },
  client: { namespace: string; labels: Record<string, string> },
): Destination {
  const rule = findRule(rules, to.host, client, to.namespace)
  if (rule === undefined) return { labels: to.subset === undefined ? {} : null, policy: NO_POLICY }
  const subset = to.subset === undefined ? undefined : rule.subsets.get(to.subset)
  const levels = [subset?.policy ?? {}, rule.policy].map((policy) => atPort(policy, to.port))
  const first = (name: string) => levels.map((level) => level[name]).find((value) => hasFields(value))
  return {
    labels: to.subset === undefined ? {} : (subset?.labels ?? null),
    policy: {
      tls: tlsMode(first('tls')),
      pool: pool(first('connectionPool')),
      outlier: outlier(first('outlierDetection')),
    },
  }
}

/** Settings of a port stand alone: what they leave out is not taken from the level above them. */
function atPort(policy: Fields, port: number): Fields {
  return items(policy.portLevelSettings).find((own) => number(fields(own.port).number) === port) ?? policy
}

function tlsMode(value: unknown): TlsMode | null {
  const mode = text(fields(value).mode)
  return mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL' || mode === 'DISABLE' ? mode : null
}

function pool(value: unknown): Pool | null {
  if (!hasFields(value)) return null
  const http = fields(value.http)
  return {
    maxConnections: number(fields(value.tcp).maxConnections) ?? null,
    maxPending: number(http.http1MaxPendingRequests) ?? null,
    maxRequests: number(http.http2MaxRequests) ?? null,
  }
}

function outlier(value: unknown): Outlier | null {
  if (!hasFields(value)) return null
  const all = number(value.consecutive5xxErrors) ?? number(value.consecutiveErrors)
  const gateway = number(value.consecutiveGatewayErrors)
  const errors = Math.min(
    ...[all ?? (gateway === undefined ? 5 : 0), gateway ?? 0].filter((count) => count > 0),
  )
  if (!Number.isFinite(errors)) return null
  return {
    errors,
    intervalMs: durationMs(value.interval) ?? 10_000,
    baseEjectionMs: durationMs(value.baseEjectionTime) ?? 30_000,
    maxEjectionRatio: (number(value.maxEjectionPercent) ?? 10) / 100,
    minHealthRatio: (number(value.minHealthPercent) ?? 0) / 100,
  }
}
