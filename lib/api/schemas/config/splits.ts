/** `GET /api/v1/splits…`: weighted routes, what they ask for and what happens. */
import { z } from 'zod'
import { LatencyMs, Notice } from '../common'

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

export const Comparison = z.object({
  verdict: z
    .enum(['worse', 'better', 'none', 'notEnough'])
    .describe('none: no difference is shown; notEnough: too few requests for a verdict'),
  difference: z.number().nullable().describe('this version minus the baseline: a ratio for errors, else ms'),
  low: z.number().nullable().describe('interval of the difference at 99 %'),
  high: z.number().nullable(),
  confidence: share.nullable().describe('how sure it is that the two differ'),
  missingRequests: z.number().describe('to the one with fewer, until there is a verdict'),
})
export type Comparison = z.infer<typeof Comparison>

export const SplitBackend = z.object({
  name: z.string().describe('subset, or service, or host'),
  host: z.string().describe('full host the destination means'),
  port: z.number().nullable(),
  subset: z.string().nullable(),
  isSubsetDefined: z
    .boolean()
    .nullable()
    .describe('null: no subset is named, or DestinationRules may not be read'),
  version: z.string().nullable().describe('of the workloads behind it, when they agree'),
  workloads: z
    .array(z.string())
    .nullable()
    .describe(
      'names, in the namespace of the service; null: a host outside, or a subset that may not be read',
    ),
  pods: z
    .object({ ready: z.number(), total: z.number() })
    .nullable()
    .describe('of the workloads behind it; null: a host outside, or pods or a subset that may not be read'),
  weight: z.number().nullable().describe('as written, relative to the others; null: not written'),
  desiredShare: share.nullable().describe('what a canary tool wants; null: none speaks of it'),
  configuredShare: share.describe('what the weights come to; 0 for all when all are zero'),
  observedShare: share.nullable().describe('null: no traffic, or not to be told apart'),
  requestsPerSecond: z.number().nullable().describe('null for tcp and tls'),
  connectionsPerSecond: z.number().nullable().describe('of tcp and tls; null for http'),
  errorRatio: z.number().nullable(),
  latencyMs: LatencyMs.nullable(),
  requests: z.number().nullable().describe('counted in the window, behind errorRatio and latency'),
  comparison: z
    .object({ errors: Comparison, p50: Comparison, p95: Comparison, p99: Comparison })
    .nullable()
    .describe('with the baseline; null for the baseline itself and where nothing was counted'),
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
  resourceVersion: z.string().nullable(),
  owner: z
    .object({ tool: z.string(), name: z.string().nullable(), evidence: z.string() })
    .nullable()
    .describe('the tool that will put an edit by hand back'),
  desired: z
    .object({ tool: z.string(), by: z.string(), phase: z.string().nullable() })
    .nullable()
    .describe('the canary tool that wants certain shares'),
  shadow: z
    .object({ by: z.string(), why: z.string() })
    .nullable()
    .describe('another rule that takes these requests, so that the weights move nothing'),
  baseline: z
    .object({ place: z.number().int().describe('among the backends'), why: z.string() })
    .nullable()
    .describe('where all traffic goes in an emergency, from configuration; null: nowhere is safe'),
  backends: z.array(SplitBackend),
})
export type Split = z.infer<typeof Split>

export const SplitList = z.object({
  at: z.number().nullable().describe('of the figures; null: nothing was measured'),
  windowSeconds: z.number().nullable(),
  notices: z.array(Notice),
  unread: z
    .array(z.string())
    .describe('kinds of routes that may not be read: of those it is not known which there are'),
  items: z.array(Split).describe('sorted by id'),
})
export type SplitList = z.infer<typeof SplitList>

const points = z.array(z.number().nullable()).describe('one value for each step')

export const SplitWatch = z.object({
  id: z.string(),
  from: z.number(),
  to: z.number(),
  stepSeconds: z.number(),
  rateSeconds: z.number().describe('what every point is a rate over'),
  backends: z.array(
    z.object({
      name: z.string(),
      version: z.string().nullable(),
      configuredShare: share,
      share: points,
      requestsPerSecond: points.describe('connections for tcp and tls'),
      errorRatio: points,
      p50: points,
      p95: points,
      p99: points,
    }),
  ),
  callers: z
    .array(
      z.object({
        name: z.string().describe('`namespace/workload`'),
        requestsPerSecond: z.number(),
        shares: z.array(z.number()),
      }),
    )
    .describe('who sends, over the last rate window, most first'),
  verdict: z.object({
    status: z.enum(['converged', 'waiting', 'stuck']),
    code: z.string(),
    message: z.string(),
  }),
  queries: z.record(z.string(), z.string()).describe('the PromQL behind the points'),
  series: z
    .array(
      z.object({
        labels: z.record(z.string(), z.string()),
        perSecond: z.number(),
        backend: z.number().int().nullable().describe('place of the backend it counts for; null: none'),
      }),
    )
    .describe('what the last point is made of, most first, at most 200'),
  notices: z.array(Notice),
})
export type SplitWatch = z.infer<typeof SplitWatch>

export const SplitTargets = z.object({
  cluster: z.string(),
  namespace: z.string(),
  service: z.string(),
  host: z.string(),
  ports: z.array(z.object({ port: z.number(), name: z.string().nullable(), protocol: z.string() })),
  versions: z
    .array(
      z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()).describe('what tells its pods from the others'),
        workloads: z.array(z.string()),
        pods: z.object({ ready: z.number(), total: z.number() }),
        createdAt: z.number().nullable(),
        subset: z.string().nullable().describe('of a destination rule, with just these pods'),
        service: z.string().nullable().describe('a service of its own, with just these pods'),
      }),
    )
    .describe('oldest first'),
  subsets: z.array(z.object({ name: z.string(), labels: z.record(z.string(), z.string()) })),
  destinationRule: ObjectRef.nullable().describe('where a subset can be added'),
  route: z
    .object({ ref: ObjectRef, path: z.string() })
    .nullable()
    .describe('a rule that sends all of the service to one place and can be made a split'),
  splits: z.array(z.string()).describe('ids of splits that send to it already'),
  api: z
    .enum(['istio', 'gateway'])
    .describe('the one that fits: routes of the Gateway API behind a waypoint'),
})
export type SplitTargets = z.infer<typeof SplitTargets>
