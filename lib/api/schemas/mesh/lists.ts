/** `GET /api/v1/{workloads,services,apps}` and one of each: rows agree with the graph by construction. */
import { z } from 'zod'
import { MOST_PEER_EDGES } from '@/lib/graph/peers'
import { Notice } from '../common'
import { GraphEdge, GraphNode } from './graph'

const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ at: z.number(), windowSeconds: z.number(), notices: z.array(Notice), items: z.array(item) })

/** A row is the node of the matching graph type; labels come from Kubernetes. */
export const ListItem = GraphNode.extend({
  labels: z.record(z.string(), z.string()).nullable(),
  /** of apps: workloads; of services: workloads behind the selector */
  members: z.array(z.string()),
  /** of apps and services: versions of those workloads, sorted */
  versions: z.array(z.string()),
})
export type ListItem = z.infer<typeof ListItem>
export const ItemList = listOf(ListItem)
export type ItemList = z.infer<typeof ItemList>

/** How a container ended before its last restart. */
export const ContainerEnd = z.object({
  at: z.number(),
  reason: z
    .string()
    .nullable()
    .describe('OOMKilled, Completed…, or the exit code where nothing more telling is given'),
  exitCode: z.number().optional(),
})
export type ContainerEnd = z.infer<typeof ContainerEnd>

export const PodSummary = z.object({
  name: z.string(),
  phase: z.string(),
  ready: z.boolean(),
  restarts: z.number(),
  node: z.string().nullable(),
  startedAt: z.number().nullable(),
  hasSidecar: z.boolean(),
  containers: z.array(
    z.object({
      name: z.string(),
      image: z.string(),
      ready: z.boolean(),
      restarts: z.number(),
      reason: z.string().nullable(),
      lastEnd: ContainerEnd.optional().describe('absent: it never ended, or it is not known'),
    }),
  ),
})
export type PodSummary = z.infer<typeof PodSummary>

/** An object of configuration that applies to a node, and why. */
export const AppliedConfig = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  why: z.string(),
})
export type AppliedConfig = z.infer<typeof AppliedConfig>

/** One object in full: the node, its edges, and what Kubernetes knows of it (null: not available). */
export const ItemDetail = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  notices: z.array(Notice),
  item: ListItem,
  /** whether Kubernetes has it now; null: not known. Traffic outlives what caused it */
  exists: z.boolean().nullable(),
  edges: z
    .array(GraphEdge)
    .describe(
      `sorted by id; of more than ${MOST_PEER_EDGES} into or out of it those that fail first, then the busiest, unless \`edges=all\``,
    ),
  edgesTotal: z
    .object({ inbound: z.number().int(), outbound: z.number().int() })
    .describe('edges there are, whatever of them is in `edges`'),
  callersTotal: z.number().int().describe('nodes that sent to it in this time'),
  calledTotal: z.number().int().describe('nodes that it sent to in this time'),
  pods: z.array(PodSummary).nullable(),
  services: z.array(z.string()).nullable(),
  config: z.array(AppliedConfig).nullable(),
  unread: z.array(z.string()).describe('kinds that may not be read: more of those may apply'),
})
export type ItemDetail = z.infer<typeof ItemDetail>
