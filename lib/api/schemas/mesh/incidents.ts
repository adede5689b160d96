/** `GET /api/v1/incidents`: what is wrong now, where it seems to begin, whom it hurts, and what changed before. */
import { z } from 'zod'
import { CAUSE_KINDS, RELATIONS } from '@/lib/incidents/causes'
import { MOST_FLAGS, MOST_INCIDENT_EDGES, MOST_REACHED } from '@/lib/incidents/bound'
import { EVIDENCE_UNITS, SYMPTOMS } from '@/lib/incidents/types'
import { HealthStatus, Notice } from '../common'

const NodePlace = z.object({
  id: z.string().describe('node id'),
  kind: z.enum(['workload', 'app', 'service', 'external', 'unknown']),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
})

export const Evidence = z.object({
  code: z.string().describe('stable, kebab-case'),
  message: z.string().describe('one claim with its number and unit'),
  value: z.number(),
  unit: z.enum(EVIDENCE_UNITS),
})
export type Evidence = z.infer<typeof Evidence>

export const Suspect = NodePlace.extend({
  version: z.string().nullable(),
  symptom: z.enum(SYMPTOMS),
  score: z.number().describe('share of the incident’s own failures that begin here, 0..1'),
  evidence: z.array(Evidence).describe('strongest first'),
  observedOn: z.string().describe('node id at which its failure is measured'),
})
export type Suspect = z.infer<typeof Suspect>

export const Reached = NodePlace.extend({
  isDirect: z.boolean().describe('asks the origin itself'),
  status: HealthStatus,
  requestsPerSecond: z.number().describe('sent into the incident; connections where it sends no requests'),
  hurtPerSecond: z.number().describe('of these, failed or slow because of it'),
})
export type Reached = z.infer<typeof Reached>

export const Cause = z.object({
  at: z.number(),
  kind: z.enum(CAUSE_KINDS),
  relation: z.enum(RELATIONS).describe('how near it is to the origin'),
  message: z.string(),
  who: z.string().nullable(),
  changeId: z.string().nullable().describe('of the change in the history'),
  object: z
    .object({
      cluster: z.string(),
      apiVersion: z.string().nullable(),
      kind: z.string(),
      namespace: z.string(),
      name: z.string(),
    })
    .nullable(),
  isBefore: z.boolean().nullable().describe('before the incident began; null: its beginning is not known'),
})
export type Cause = z.infer<typeof Cause>

export const Since = z.object({
  at: z.number().nullable().describe('epoch milliseconds; null: at least since `from`'),
  from: z.number().describe('how far back was looked'),
  toleranceSeconds: z.number(),
  before: z.number().nullable().describe('level before: a ratio 0..1, or milliseconds for latency'),
  after: z.number().nullable(),
})
export type Since = z.infer<typeof Since>

export const Incident = z.object({
  id: z.string().describe('the same while the incident has this origin and symptom'),
  status: z.enum(['failing', 'degraded']),
  symptom: z.enum(SYMPTOMS),
  headline: z.string().describe('a sentence with its figure, without time'),
  suspects: z
    .array(Suspect)
    .describe('most suspected first; the first is the suspected origin, unless `seenAt` is given'),
  seenAt: NodePlace.nullable().describe(
    'where the origin lies in a namespace the viewer may not see: their own node that it hurts most',
  ),
  since: Since.nullable().describe('null: not known'),
  callers: z.array(Reached).describe(`upstream of the origin, most hurt first, at most ${MOST_REACHED}`),
  callersTotal: z.number().int().describe('callers there are, whatever of them is in `callers`'),
  entryPoints: z
    .array(Reached)
    .describe(`where hurt requests enter the mesh, most hurt first, at most ${MOST_REACHED}`),
  entryPointsTotal: z.number().int(),
  hurtPerSecond: z.number(),
  hurtRatio: z.number().nullable().describe('of all that enters the mesh, 0..1'),
  flags: z
    .array(z.object({ flags: z.string(), words: z.string(), code: z.string(), perSecond: z.number() }))
    .describe(`how the failing requests ended, most frequent first, at most ${MOST_FLAGS}`),
  flagsTotal: z.number().int(),
  causes: z.array(Cause).describe('what changed just before, the most telling first'),
  causesUnread: z
    .array(z.string())
    .describe('kinds that may not be read: a change of one is not among the causes'),
  nodes: z
    .array(z.string())
    .describe(
      'ids of all that belong to it, sorted; of very many those of the callers and edges that are here',
    ),
  nodesTotal: z.number().int(),
  edges: z
    .array(
      z.object({
        source: z.string(),
        target: z.string(),
        protocol: z.enum(['http', 'grpc', 'tcp']),
        requestsPerSecond: z.number(),
        failedPerSecond: z.number(),
        p95Ms: z.number().nullable(),
        status: HealthStatus,
      }),
    )
    .describe(`sorted; of more than ${MOST_INCIDENT_EDGES} those that fail most, then the busiest`),
  edgesTotal: z.number().int(),
  hops: z
    .number()
    .int()
    .describe('steps in the graph from the origin to the farthest caller that is hurt, 1 to 5'),
})
export type Incident = z.infer<typeof Incident>

export const IncidentList = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  notices: z.array(Notice),
  measured: z
    .number()
    .describe('workloads with traffic in scope: where it is 0, no incident does not mean that all is well'),
  items: z.array(Incident).describe('worst first, the worst 100'),
  total: z.number().int().describe('incidents there are; more than `items` hold in a storm'),
})
export type IncidentList = z.infer<typeof IncidentList>
