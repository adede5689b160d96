import type { Checker } from '@/lib/validation/finding'
import { TELEMETRY } from '@/lib/validation/lookups/kinds'
import { asFields, asText, isFields, items, listed, specOf } from '@/lib/validation/read'

/**
 * What is missing without each: rates and health, latency, traffic of TCP.
 * Names: https://istio.io/latest/docs/reference/config/telemetry/#MetricSelector-IstioMetric
 */
const NEEDED: Readonly<Record<string, string>> = {
  REQUEST_COUNT: 'requests, errors and health',
  REQUEST_DURATION: 'latency',
  TCP_OPENED_CONNECTIONS: 'TCP connections',
  TCP_SENT_BYTES: 'TCP traffic',
  TCP_RECEIVED_BYTES: 'TCP traffic',
}

const REQUEST_METRICS = ['REQUEST_COUNT', 'REQUEST_DURATION']

/** Labels that tell who calls whom with what outcome, and the metrics that need them; all where none is named. */
const NEEDED_TAGS: Readonly<Record<string, readonly string[]>> = {
  reporter: [],
  source_workload: [],
  source_workload_namespace: [],
  source_canonical_service: [],
  source_canonical_revision: [],
  destination_workload: [],
  destination_workload_namespace: [],
  destination_canonical_service: [],
  destination_canonical_revision: [],
  destination_service: [],
  destination_service_name: [],
  destination_service_namespace: [],
  request_protocol: REQUEST_METRICS,
  response_code: ['REQUEST_COUNT'],
  response_flags: ['REQUEST_COUNT'],
  grpc_response_status: ['REQUEST_COUNT'],
  connection_security_policy: [],
}

/** Metrics and labels that the graph is drawn from are still written. */
export const hiddenMetrics: Checker = {
  codes: { HED0010: 'warning' },
  check(world, report) {
    world.each(TELEMETRY, (object) => {
      for (const [metrics, i] of items(specOf(object).metrics)) {
        const providers = items(metrics.providers).map(([provider]) => asText(provider.name))
        if (providers.length > 0 && !providers.includes('prometheus')) continue
        for (const [override, j] of items(metrics.overrides)) {
          const { metric, customMetric } = asFields(override.match)
          // a metric of one's own making is no matter here
          if (asText(customMetric) !== '') continue
          const named = asText(metric)
          const isAll = named === '' || named === 'ALL_METRICS'
          const concerned = isAll ? Object.keys(NEEDED) : named in NEEDED ? [named] : []
          if (concerned.length === 0) continue
          const path = ['spec', 'metrics', i, 'overrides', j]
          if (override.disabled === true) {
            const lost = [...new Set(concerned.map((one) => NEEDED[one] ?? one))]
            const message = `${isAll ? 'All metrics are' : `${named} is`} switched off here, so Heddle has no ${listed(lost)} of these workloads${whereOf(override)}. Leave ${isAll ? 'these metrics' : 'it'} on.`
            report('HED0010', object, [...path, 'disabled'], message)
            continue
          }
          if (!isFields(override.tagOverrides)) continue
          for (const [tag, change] of Object.entries(override.tagOverrides)) {
            const { operation, value } = asFields(change)
            const needing = NEEDED_TAGS[tag]
            if (!needing) continue
            if (needing.length > 0 && !needing.some((one) => concerned.includes(one))) continue
            // UPSERT is the default: a value then stands in place of the proxy's own
            const isGone = operation === 'REMOVE'
            if (!isGone && asText(value) === '') continue
            const message = `The label ${tag} is ${isGone ? 'removed' : 'written over'}, by which Heddle tells who calls whom and with what outcome: traffic of these workloads${whereOf(override)} is drawn wrong or not at all. Leave it as it is.`
            report('HED0010', object, [...path, 'tagOverrides', tag], message)
          }
        }
      }
    })
  },
}

/** One side of a call may be enough, but then half of what is told is missing. */
function whereOf(override: Readonly<Record<string, unknown>>): string {
  const { mode } = asFields(override.match)
  if (mode === 'CLIENT') return ' as callers'
  return mode === 'SERVER' ? ' as the called side' : ''
}
