/** `GET /api/v1/splits`: weighted routes, what they ask for and what happens. */
import { z } from 'zod'
import { LatencyMs, Notice } from './common'

/** An object of Kubernetes by name, as changes name it. */
export const ObjectRef = z.object({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
})
export type ObjectRef = z.infer<typeof ObjectRef>

const share = z.number().min(0).max(1)

export const SplitBackend = z.object({
  name: z.string().describe('subset, or service, or host'),
  host: z.string().describe('full host the destination means'),
  port: z.number().nullable(),
  subset: z.string().nullable(),
  isSubsetDefined: z.boolean().nullable().describe('null: no subset is named'),
  version: z.string().nullable().describe('of the workloads behind it, when they agree'),
  workloads: z
    .array(z.string())
    .nullable()
    .describe('names, in the namespace of the service; null: a host outside'),
  weight: z.number().nullable().describe('as written, relative to the others; null: not written'),
  configuredShare: share.describe('what the weights come to; 0 for all when all are zero'),
  observedShare: share.nullable().describe('null: no traffic, or not to be told apart'),
  requestsPerSecond: z.number().nullable().describe('null for tcp and tls'),
  connectionsPerSecond: z.number().nullable().describe('of tcp and tls; null for http'),
  errorRatio: z.number().nullable(),
  latencyMs: LatencyMs.nullable(),
})
export type SplitBackend = z.infer<typeof SplitBackend>

export const Split = z.object({
  id: z.string().describe('`{cluster}/{namespace}/{kind}/{name}#{path}`'),
  cluster: z.string(),
  ref: ObjectRef,
  route: z.object({
    protocol: z.enum(['http', 'tcp', 'tls']),
    rule: z.number().int().describe('place among the rules of its kind, from 0'),
    name: z.string().nullable(),
  }),
  path: z.string().describe('where the destinations are in the object: `spec.http[0].route`'),
  host: z.string().describe('what it speaks for; several separated by commas'),
  match: z.string().describe('which requests it takes, in words'),
  callers: z.object({
    mesh: z.boolean().describe('proxied workloads obey it'),
    gateways: z.array(z.string()).describe('gateways that obey it, `namespace/name`'),
  }),
  observedOver: z
    .enum(['route', 'service'])
    .describe('service: other rules send to the same services, and figures are of all of them together'),
  elsewhereShare: share.nullable().describe('of what was sent, to no workload of any backend'),
  backends: z.array(SplitBackend),
})
export type Split = z.infer<typeof Split>

export const SplitList = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  notices: z.array(Notice),
  items: z.array(Split).describe('sorted by id'),
})
export type SplitList = z.infer<typeof SplitList>
