/** `GET /api/v1/events`, `/effective-routing` and `/overhead`: what the page of one thing asks for beside its figures. */
import { z } from 'zod'
import { ROLLOUT_KINDS } from '@/lib/changes/rollouts'
import { Notice } from '../common'
import {
  instantParameter,
  isOneSubject,
  nodeIdParameter,
  placeParameters,
  SUBJECT_ERROR,
  windowParameter,
} from '../parameters'

export const EventsQuery = z
  .strictObject({
    node: nodeIdParameter.optional(),
    ...placeParameters,
    at: instantParameter.optional(),
  })
  .refine(isOneSubject, SUBJECT_ERROR)
export type EventsQuery = z.output<typeof EventsQuery>

export const RolloutMark = z.object({
  id: z.string(),
  /** epoch milliseconds */
  at: z.number(),
  kind: z.enum(ROLLOUT_KINDS),
  namespace: z.string(),
  workload: z.string(),
  node: z.string().describe('id of the workload'),
  /** what happened, without when and to what */
  message: z.string(),
})
export type RolloutMark = z.infer<typeof RolloutMark>

export const RolloutList = z.object({
  /** newest first; null: not known without the Kubernetes API */
  items: z.array(RolloutMark).nullable(),
  /** older ones that are not here */
  more: z.number(),
  notices: z.array(Notice),
})
export type RolloutList = z.infer<typeof RolloutList>

export const NodeQuery = z.strictObject({ node: nodeIdParameter })
export type NodeQuery = z.output<typeof NodeQuery>

export const OverheadQuery = z.strictObject({
  node: nodeIdParameter,
  window: windowParameter,
  at: instantParameter.optional(),
})
export type OverheadQuery = z.output<typeof OverheadQuery>

export const ClusterEvent = z.object({
  id: z.string(),
  /** Normal or Warning */
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  /** how often it happened */
  count: z.number(),
  firstAt: z.number().nullable(),
  lastAt: z.number().nullable(),
  object: z.object({ kind: z.string(), name: z.string() }),
})
export type ClusterEvent = z.infer<typeof ClusterEvent>

export const EventList = z.object({
  /** newest first; null: not known without the Kubernetes API */
  items: z.array(ClusterEvent).nullable(),
  /** further ones that are not shown */
  more: z.number(),
  notices: z.array(Notice),
})
export type EventList = z.infer<typeof EventList>

const ObjectName = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
})

export const StoryLine = z.object({
  text: z.string().describe('a sentence without its full stop'),
  depth: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .describe('belongs to the line above that is less deep'),
  tone: z.enum(['plain', 'warning']),
  object: ObjectName.nullable().describe('whose words these are'),
})
export type StoryLine = z.infer<typeof StoryLine>

export const RequestStory = z.object({
  host: z.string(),
  service: z.object({ namespace: z.string(), name: z.string() }).nullable(),
  steps: z.array(
    z.object({
      stage: z.enum(['scope', 'entry', 'route', 'destination', 'access']),
      title: z.string(),
      lines: z.array(StoryLine),
    }),
  ),
})
export type RequestStory = z.infer<typeof RequestStory>

/** What happens to a request for each host of a node, in order. */
export const EffectiveRouting = z.object({
  /** null: not known without the Kubernetes API */
  stories: z.array(RequestStory).nullable(),
  notices: z.array(Notice),
})
export type EffectiveRouting = z.infer<typeof EffectiveRouting>

export const EdgeOverhead = z.object({
  source: z.string(),
  target: z.string(),
  protocol: z.enum(['http', 'grpc']),
  requestsPerSecond: z.number(),
  /** means over clean requests (no response flag), milliseconds */
  sourceMs: z.number().nullable(),
  destinationMs: z.number().nullable(),
  /** mean of the difference; null where the two sides did not count the same requests */
  overheadMs: z.number().nullable(),
  gap: z.enum(['caller-silent', 'called-silent', 'counts-differ', 'too-small']).nullable(),
})
export type EdgeOverhead = z.infer<typeof EdgeOverhead>

/** What annotations of sidecar.istio.io ask for and allow; null where the mesh's default holds. */
const ProxyShare = z.object({
  cpuCores: z.number().nullable(),
  cpuLimitCores: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  memoryLimitBytes: z.number().nullable(),
})

export const ProxyUse = z.object({
  pod: z.string(),
  asked: ProxyShare,
  /** 1 is one core */
  cpuCores: z.number().nullable(),
  memoryBytes: z.number().nullable(),
})
export type ProxyUse = z.infer<typeof ProxyUse>

export const Overhead = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  edges: z.array(EdgeOverhead),
  /** over all edges with a figure, each by its requests */
  meanMs: z.number().nullable(),
  /** null: nothing measures containers, or the pods are not known */
  proxies: z.array(ProxyUse).nullable(),
  /** pods beyond those asked for */
  morePods: z.number(),
  /** requests per second that these proxies handled, in and out */
  requestsPerSecond: z.number().nullable(),
  /** the PromQL behind it, for copying */
  queries: z.record(z.string(), z.string()),
  notices: z.array(Notice),
})
export type Overhead = z.infer<typeof Overhead>
