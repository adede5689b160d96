/** `GET /api/v1/slos`: what was promised of services, what is left of it, and how fast it goes. */
import { z } from 'zod'
import { Notice } from '../common'

export const Slo = z.object({
  id: z.string().describe('the same as long as its service, kind and threshold are'),
  node: z.string().describe('node id of the service'),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  kind: z.enum(['availability', 'latency']),
  target: z.number().describe('share of requests that must be good, 0..1'),
  thresholdMs: z.number().nullable().describe('of latency: what is in time'),
  windowSeconds: z.number(),
  source: z.enum(['annotation', 'configuration']),
  state: z
    .enum(['failing', 'degraded', 'healthy', 'unknown'])
    .describe('failing: the budget is gone or burns so that somebody must look now; degraded: these days'),
  knownSeconds: z
    .number()
    .describe('of how much of the window anything is known; less than it: retention is shorter'),
  requests: z.number().nullable().describe('in the known part; null: not measured'),
  badRequests: z.number().nullable(),
  goodRatio: z.number().nullable(),
  budgetLeft: z
    .number()
    .nullable()
    .describe(
      'share of the budget of the whole window; at most this where less is known; below 0: overspent',
    ),
  burns: z
    .array(z.object({ windowSeconds: z.number(), rate: z.number().nullable() }))
    .describe('times the pace that spends the budget in exactly the window; null: nothing was asked'),
  broken: z
    .array(
      z.object({
        severity: z.enum(['page', 'ticket']),
        longSeconds: z.number(),
        shortSeconds: z.number(),
        factor: z.number(),
      }),
    )
    .describe('pairs of windows that burn faster than they allow, worst first'),
  goneInSeconds: z
    .number()
    .nullable()
    .describe('at the pace of the last hour; 0: it is gone; null: it lasts, or is not known'),
  isInterpolated: z.boolean().describe('the threshold lies between two measured bounds'),
  problem: z.string().nullable().describe('why it cannot be measured'),
})
export type Slo = z.infer<typeof Slo>

export const SloProblem = z.object({
  node: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  annotation: z.string(),
  text: z.string(),
  message: z.string().describe('what to write instead'),
})
export type SloProblem = z.infer<typeof SloProblem>

export const SloList = z.object({
  at: z.number(),
  notices: z.array(Notice),
  items: z.array(Slo).describe('worst first'),
  problems: z.array(SloProblem).describe('annotations that cannot be read'),
})
export type SloList = z.infer<typeof SloList>
