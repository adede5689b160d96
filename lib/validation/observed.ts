import type { EgressHost } from '@/lib/istio/egress-hosts'
import { CUSTOM_RESOURCE, MUTATING_WEBHOOK, NODE, VALIDATING_WEBHOOK } from './lookups/kinds'
import type { KindKey } from './world'

/**
 * What telemetry, endpoints and Secrets tell of a cluster, for rules that compare configuration with what happens.
 * Every part is null where it was not measured: those rules are then silent.
 */
export interface Observed {
  /** measured over so many seconds */
  windowSeconds: number
  /** plaintext requests or connections that reached workloads; null: telemetry does not say */
  plaintext: readonly PlaintextTraffic[] | null
  /** configured against observed shares of weighted routes; null: not measured */
  splits: readonly ObservedSplit[] | null
  /** latency of services as their callers saw it, in milliseconds; null: not measured */
  latencies: readonly ServiceLatency[] | null
  /** which services' pods were seen to call which services; null: not measured */
  calls: readonly ServiceCall[] | null
  /** which hosts the pods of workloads were seen to call; null: not measured */
  outgoing: readonly WorkloadCalls[] | null
  /** what the certificates of Secrets named by gateways say; null: Secrets are not read */
  certificates: readonly CertificateFacts[] | null
  /** clusters that have a service account which this one may lack, by `namespace/name`; null: one cluster only */
  accountsElsewhere: ReadonlyMap<string, readonly string[]> | null
  /** kinds that could not be read: that none of them is known says nothing */
  unread: ReadonlySet<KindKey>
}

/** Of a cluster of which nothing was measured or read beside its objects. */
export const UNOBSERVED: Observed = {
  windowSeconds: 0,
  plaintext: null,
  splits: null,
  latencies: null,
  calls: null,
  outgoing: null,
  certificates: null,
  accountsElsewhere: null,
  unread: new Set([MUTATING_WEBHOOK, VALIDATING_WEBHOOK, CUSTOM_RESOURCE, NODE]),
}

/** Checks that compare configuration with traffic: without it they say nothing, whatever there is to find. */
export const TRAFFIC_CHECKS: ReadonlySet<string> = new Set([
  'HED0001',
  'HED0005',
  'HED0009',
  'HED0013',
  'HED0014',
  'HED0016',
])

export interface PlaintextTraffic {
  namespace: string
  workload: string
  /** of its pods: what selects them decides */
  labels: Readonly<Record<string, string>>
  /** `namespace/workload` of the callers, `unknown` for one without identity */
  callers: readonly string[]
  /** requests or connections a second */
  perSecond: number
}

export interface ObservedSplit {
  /** object the route stands in */
  kind: string
  namespace: string
  name: string
  /** of the route's destinations */
  path: readonly (string | number)[]
  /** counted over the window */
  requests: number
  backends: readonly { name: string; configuredShare: number; observedShare: number }[]
}

export interface ServiceLatency {
  namespace: string
  service: string
  p99Ms: number
  /** counted over the window */
  requests: number
}

/** Both of the cluster that is checked. */
export interface ServiceCall {
  caller: { namespace: string; service: string }
  callee: { namespace: string; service: string }
}

/** Of a workload that is neither gateway nor waypoint. */
export interface WorkloadCalls {
  namespace: string
  workload: string
  /** of its pods: what selects them decides */
  labels: Readonly<Record<string, string>>
  /** sorted by host */
  hosts: readonly EgressHost[]
}

/** Only what is public of the Secret of a gateway: whether it can be used, and until when. Keys never come here. */
export type CertificateFacts = {
  namespace: string
  secret: string
} & (
  | { state: 'missing' }
  /** why istiod would not hand it out, in words */
  | { state: 'unusable'; problem: string }
  /** epoch milliseconds */
  | { state: 'usable'; notBefore: number; notAfter: number }
)
