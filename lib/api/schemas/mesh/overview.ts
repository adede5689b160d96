/** `GET /api/v1/overview`: the mesh at a glance. A part that cannot be known is null, and a notice says why. */
import { z } from 'zod'
import { Alert } from '../telemetry/alerts'
import { ChangeSummary } from '../config/changes'
import { FindingCounts, HealthStatus, Notice } from '../common'
import { NamespaceSummary } from '../status'

const points = z.array(z.number().nullable())

/** One hour of requests per second; all lines have a value at `from`, `from + stepSeconds`, … */
export const TrafficHour = z.object({
  from: z.number().describe('epoch milliseconds'),
  stepSeconds: z.number(),
  requests: points,
  errors: points,
  yesterday: points.nullable().describe('requests of the same hour one day before; null: not kept'),
})
export type TrafficHour = z.infer<typeof TrafficHour>

export const OverviewNamespace = NamespaceSummary.extend({ hour: TrafficHour.nullable() })
export type OverviewNamespace = z.infer<typeof OverviewNamespace>

const Figures = z.object({
  requestsPerSecond: z.number().nullable(),
  errorRatio: z.number().nullable(),
  p99Ms: z.number().nullable(),
})

export const Istiod = z.object({
  id: z.string().describe('node id'),
  name: z.string(),
  namespace: z.string(),
  version: z.string().nullable().describe('tag of its image'),
  replicas: z.object({ desired: z.number(), available: z.number() }).nullable(),
})

/** What of istiod is not known (not scraped) is null. */
export const ControlPlane = z.object({
  status: HealthStatus,
  reasons: z.array(z.string()),
  istiods: z.array(Istiod),
  connectedProxies: z.number().nullable().describe('that hold a stream to istiod'),
  pushesPerSecond: z.number().nullable(),
  pushP99Ms: z.number().nullable().describe('from a change to its being sent to the proxies'),
  rejectsPerSecond: z.number().nullable().describe('configuration that proxies refused'),
  internalErrorsPerSecond: z.number().nullable(),
})
export type ControlPlane = z.infer<typeof ControlPlane>

export const DataPlane = z.object({
  status: HealthStatus,
  reasons: z.array(z.string()),
  proxies: z.number().describe('pods with a sidecar, gateways and waypoints'),
  versions: z.array(z.object({ version: z.string(), proxies: z.number() })).describe('most common first'),
  notConnected: z.number().nullable().describe('proxies, ztunnels included, without a stream to istiod'),
  missingSidecars: z.array(z.string()).describe('node ids of workloads that should have one and have none'),
  ambientPods: z.number(),
  ztunnel: z.object({ desired: z.number(), available: z.number() }).nullable(),
})
export type DataPlane = z.infer<typeof DataPlane>

export const OverviewCluster = Figures.extend({
  name: z.string(),
  namespaces: z.number(),
  counts: z.record(HealthStatus, z.number()).describe('workloads by status'),
  hour: TrafficHour.nullable(),
  mtlsRatio: z.number().nullable().describe('share of requests, 0..1'),
  mtlsModes: z
    .record(z.enum(['STRICT', 'PERMISSIVE', 'DISABLE']), z.number())
    .nullable()
    .describe('namespaces in the mesh by mode'),
  controlPlane: ControlPlane.nullable(),
  dataPlane: DataPlane.nullable(),
})
export type OverviewCluster = z.infer<typeof OverviewCluster>

export const Overview = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  notices: z.array(Notice),
  clusters: z.array(OverviewCluster).describe('sorted by name'),
  namespaces: z.array(OverviewNamespace).nullable().describe('worst first; null: traffic is not known'),
  findings: FindingCounts.nullable(),
  alerts: z
    .object({
      firing: z.number().describe('of which somebody is told, as far as is known'),
      pending: z.number().nullable().describe('null: the rules could not be read'),
      silenced: z.number().describe('silenced, inhibited or muted by Alertmanager'),
      rules: z.number().nullable().describe('null: the rules could not be read'),
      first: z.array(Alert),
    })
    .nullable(),
  changes: z.array(ChangeSummary).nullable().describe('newest first'),
})
export type Overview = z.infer<typeof Overview>
