/** `GET /api/v1/status`, `/namespaces`, `/health`, and the scenario menu of the embedded mesh. */
import { z } from 'zod'
import { FindingCounts, Health, HealthStatus, Notice, Upstream } from './common'
import { MtlsMode } from './mesh/graph'

export const UpstreamStatus = z.object({
  name: Upstream,
  configured: z.boolean(),
  reachable: z.boolean().nullable().describe('null: not configured or not asked yet'),
  product: z.string().nullable().describe('Prometheus, Thanos, Mimir, VictoriaMetrics, Kubernetes…'),
  version: z.string().nullable(),
  /** instant of the newest answer we hold, epoch milliseconds */
  dataAt: z.number().nullable(),
  error: z.string().nullable().describe('last failure as a sentence with the next step'),
  code: z.string().nullable().describe('of that failure, as errors and notices bear it: `prometheus-failed`'),
  details: z
    .record(z.string(), z.string())
    .describe('retention, scrape interval, kinds skipped…, for the popover'),
})
export type UpstreamStatus = z.infer<typeof UpstreamStatus>

export const Status = z.object({
  mode: z.enum(['embedded', 'telemetry', 'full']),
  readOnly: z.boolean(),
  clusters: z.array(z.string()),
  objects: z
    .array(z.object({ cluster: z.string(), isReadable: z.boolean(), why: z.string().nullable() }))
    .describe('of each cluster: whether its objects can be read, and if not, why not and what to do'),
  version: z.string(),
  now: z.number(),
  upstreams: z.array(UpstreamStatus),
  windows: z.array(
    z.object({ name: z.string(), seconds: z.number(), usable: z.boolean(), why: z.string().nullable() }),
  ),
  scrapeIntervalSeconds: z.number().nullable(),
  retentionSeconds: z.number().nullable(),
  notices: z.array(Notice),
})
export type Status = z.infer<typeof Status>

export const NamespaceSummary = z.object({
  id: z.string().describe('{cluster}/{namespace}'),
  cluster: z.string(),
  name: z.string(),
  dataPlane: z.enum(['sidecar', 'ambient', 'none']).nullable(),
  labels: z.record(z.string(), z.string()),
  nodes: z.number().describe('workloads seen or existing'),
  counts: z.record(HealthStatus, z.number()).describe('how many of them are in which state'),
  health: Health.describe('the worst of its workloads'),
  requestsPerSecond: z.number().nullable(),
  errorRatio: z.number().nullable(),
  p99Ms: z.number().nullable().describe('of all requests into it'),
  mtls: z
    .object({
      mode: MtlsMode.nullable().describe('null: PeerAuthentications may not be read'),
      reason: z.string(),
    })
    .nullable()
    .describe('what holds for its workloads unless they have a policy of their own; null without Kubernetes'),
  mtlsRatio: z.number().nullable().describe('share of mutual TLS in the requests into it'),
  replicas: z
    .object({ desired: z.number(), available: z.number() })
    .nullable()
    .describe('of its workloads together'),
  findings: FindingCounts.nullable().describe(
    'about its objects; null without Kubernetes, and where none is known but kinds may not be read',
  ),
})
export type NamespaceSummary = z.infer<typeof NamespaceSummary>
export const NamespaceList = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  notices: z.array(Notice),
  items: z.array(NamespaceSummary),
})
export type NamespaceList = z.infer<typeof NamespaceList>

export const HealthSummary = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  counts: z.record(HealthStatus, z.number()),
  items: z.array(z.object({ id: z.string(), kind: z.string(), health: Health })),
  notices: z.array(Notice),
})
export type HealthSummary = z.infer<typeof HealthSummary>

export const ScenarioList = z.object({
  items: z.array(
    z.object({ name: z.string(), title: z.string(), description: z.string(), active: z.boolean() }),
  ),
})
export type ScenarioList = z.infer<typeof ScenarioList>
