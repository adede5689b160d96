/** `GET /api/v1/logs`: what the containers of a workload, app, service or namespace wrote, and the spans of the same time. */
import { z } from 'zod'
import { Notice } from '../common'
import { ContainerEnd } from '../mesh/lists'
import {
  flag,
  instantParameter,
  isOneSubject,
  nameList,
  nodeIdParameter,
  placeParameters,
  SUBJECT_ERROR,
  wholeNumber,
} from '../parameters'

export const LOG_LIMITS = {
  /** newest lines of each container */
  lines: 5_000,
  /** of each container */
  bytes: 1_048_576,
  /** containers read at once */
  containers: 24,
  /** of the whole answer */
  answered: 10_000,
  lineChars: 8_192,
  spans: 500,
} as const

export const LogsQuery = z
  .strictObject({
    node: nodeIdParameter.optional(),
    ...placeParameters,
    workloads: nameList('workloads'),
    pods: nameList('pods'),
    containers: nameList('containers'),
    lines: wholeNumber(1, LOG_LIMITS.lines, 500).describe('newest lines of each container'),
    since: instantParameter.optional().describe('only lines written then or later'),
    at: instantParameter.optional().describe('only lines written before; reading begins at `since`'),
    previous: flag('false').describe('of the containers before their last restart'),
    spans: flag('false').describe(
      'also the spans that these pods reported in the same time; of a namespace those of one workload',
    ),
  })
  .refine(isOneSubject, SUBJECT_ERROR)
export type LogsQuery = z.output<typeof LogsQuery>

export const AccessEntry = z.object({
  startMs: z.number(),
  method: z.string().nullable(),
  path: z.string().nullable(),
  protocol: z.string().nullable(),
  code: z.number(),
  flags: z.string(),
  codeDetails: z.string().nullable(),
  connectionEnd: z.string().nullable(),
  transportFailure: z.string().nullable(),
  receivedBytes: z.number().nullable(),
  sentBytes: z.number().nullable(),
  durationMs: z.number().nullable(),
  upstreamMs: z.number().nullable(),
  forwardedFor: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string().nullable(),
  authority: z.string().nullable(),
  upstreamHost: z.string().nullable(),
  upstreamCluster: z.string().nullable(),
  upstreamLocal: z.string().nullable(),
  downstreamLocal: z.string().nullable(),
  downstreamRemote: z.string().nullable(),
  serverName: z.string().nullable(),
  route: z.string().nullable(),
})

export const LogLine = z.object({
  id: z.string().describe('the same line has the same id in every answer'),
  atMs: z.number(),
  pod: z.string(),
  container: z.string(),
  level: z.enum(['error', 'warning', 'info', 'debug']).nullable(),
  text: z.string(),
  access: AccessEntry.nullable().describe('the request a line of a proxy’s access log tells of'),
})
export type LogLine = z.infer<typeof LogLine>

export const LogSpan = z.object({
  traceId: z.string(),
  spanId: z.string(),
  atMs: z.number(),
  durationMs: z.number(),
  service: z.string(),
  operation: z.string(),
  kind: z.string().nullable(),
  pod: z.string().nullable(),
  hasError: z.boolean(),
  httpStatus: z.string().nullable(),
  responseFlags: z.string().nullable(),
  requestId: z.string().nullable(),
})
export type LogSpan = z.infer<typeof LogSpan>

export const LogAnswer = z.object({
  /** epoch milliseconds when the logs were read */
  at: z.number(),
  pods: z
    .array(
      z.object({
        name: z.string(),
        workload: z.string().nullable().describe('null: a bare pod'),
        ready: z.boolean(),
        containers: z.array(
          z.object({
            name: z.string(),
            isProxy: z.boolean(),
            restarts: z.number(),
            lastEnd: ContainerEnd.optional().describe('absent: it never ended, or it is not known'),
            isRead: z.boolean().describe('among those of this answer'),
          }),
        ),
      }),
    )
    .nullable()
    .describe('null: not known without the Kubernetes API'),
  /** oldest first */
  lines: z.array(LogLine),
  /** null: not asked for, or no tracing store */
  spans: z.array(LogSpan).nullable(),
  /** containers of which not everything is here */
  cut: z.array(z.object({ pod: z.string(), container: z.string(), by: z.enum(['lines', 'bytes']) })),
  missingRight: z
    .object({ verb: z.string(), resource: z.string(), namespace: z.string() })
    .nullable()
    .describe('what the account may not do'),
  notices: z.array(Notice),
})
export type LogAnswer = z.infer<typeof LogAnswer>
