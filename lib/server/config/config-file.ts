import 'server-only'
import { z } from 'zod'
import { compilePattern } from '@/lib/health/tolerance'
import {
  AVAILABILITY_ANNOTATION,
  LATENCY_ANNOTATION,
  parseObjectives,
  WINDOW_ANNOTATION,
} from '@/lib/slo/objective'

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a label name')
const headerName = z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be the name of a header, in small letters')
const ratio = z.number().min(0).max(1)

/** RFC 1123 label */
export const NAMESPACE_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

const address = z.string().refine((text) => URL.canParse(text) && /^https?:/.test(text), {
  error: 'must be an http or https address',
})

/** X stands for a digit. */
export function withDigits(codes: string): string {
  return codes.replace(/[xX]/g, '\\d')
}

/** The words of Kiali's tolerances: a digit or X per place, or a pattern of gRPC statuses. */
export const ToleranceFile = z.strictObject({
  codes: z
    .string()
    .refine((text) => compilePattern(withDigits(text)) !== undefined, {
      error: 'must be codes such as 5XX, or a short regular expression',
    })
    .describe('5XX, 4XX, [1-9]|1[0-6], - for no response; a pattern'),
  protocols: z
    .array(z.enum(['http', 'grpc']))
    .min(1)
    .default(['http', 'grpc']),
  directions: z
    .array(z.enum(['inbound', 'outbound']))
    .min(1)
    .default(['inbound', 'outbound']),
  degraded: ratio.describe('0: any at all'),
  failing: ratio,
})
export type ToleranceFile = z.output<typeof ToleranceFile>

const pattern = z
  .string()
  .refine((text) => compilePattern(text) !== undefined, { error: 'must be a short regular expression' })

const health = z
  .strictObject({
    tolerances: z.array(ToleranceFile).max(50).optional(),
    rules: z
      .array(
        z.strictObject({
          namespace: pattern.default('.*'),
          kind: pattern.default('.*'),
          name: pattern.default('.*'),
          tolerances: z.array(ToleranceFile).min(1).max(50),
        }),
      )
      .max(200)
      .default([]),
    tcp: z.strictObject({ degraded: ratio, failing: ratio }).optional(),
    latency: z
      .union([
        z.literal(false),
        z.strictObject({
          factor: z.number().min(1),
          marginMs: z.number().min(0),
          minRequests: z.number().min(0),
        }),
      ])
      .optional(),
    restarts: z.strictObject({ perHour: z.number().min(0), atLeast: z.number().min(0) }).optional(),
  })
  .prefault({})

/** An objective of a service nobody can annotate; the words are those of the annotations. */
const objective = z
  .strictObject({
    cluster: z.string().min(1).optional().describe('absent: the cluster of series without a cluster label'),
    namespace: z.string().min(1),
    name: z.string().min(1),
    availability: z.union([z.string(), z.number()]).optional().describe('99.9'),
    latency: z.string().optional().describe('99% < 500ms, several behind commas'),
    window: z.string().optional().describe('30d'),
  })
  .transform(({ availability, latency, window, ...place }, context) => {
    const { objectives, problems } = parseObjectives({
      ...(availability === undefined ? {} : { [AVAILABILITY_ANNOTATION]: String(availability) }),
      ...(latency === undefined ? {} : { [LATENCY_ANNOTATION]: latency }),
      ...(window === undefined ? {} : { [WINDOW_ANNOTATION]: window }),
    })
    for (const { annotation, text, message } of problems) {
      context.addIssue({
        code: 'custom',
        path: [annotation.replace('heddle.io/slo-', '')],
        message: `is ${text}: ${message}`,
      })
    }
    return { ...place, objectives }
  })

/** The file `HEDDLE_CONFIG` names: everything that is not an address of the environment. */
export const ConfigFile = z.strictObject({
  readOnly: z.boolean().default(false),
  prometheus: z
    .strictObject({
      url: address.optional(),
      headers: z.record(z.string(), z.string()).default({}),
      timeoutSeconds: z.number().min(1).max(300).default(30),
      maxInFlight: z.int().min(1).max(32).default(4),
      scope: z.record(labelName, z.string()).default({}),
      scrapeIntervalSeconds: z.int().min(1).max(3600).nullable().default(null),
      recordingRules: z.enum(['auto', 'off']).default('auto').describe('auto: used where they are found'),
      latencyBudgetSeconds: z.number().min(0).max(120).default(5),
    })
    .prefault({}),
  jaeger: z
    .strictObject({
      url: address.optional(),
      headers: z.record(z.string(), z.string()).default({}),
      publicUrl: address.optional(),
      timeoutSeconds: z.number().min(1).max(120).default(15),
    })
    .prefault({}),
  alertmanager: z
    .strictObject({
      url: address.optional(),
      headers: z.record(z.string(), z.string()).default({}),
      publicUrl: address.optional(),
      timeoutSeconds: z.number().min(1).max(120).default(5),
    })
    .prefault({}),
  tempo: z
    .strictObject({
      url: address.optional(),
      headers: z.record(z.string(), z.string()).default({}),
      traceUrl: address
        .refine((text) => text.includes('{traceId}'), { error: 'must hold {traceId} where the id goes' })
        .optional()
        .describe("a trace's page for browsers, in Grafana for instance"),
      timeoutSeconds: z.number().min(1).max(120).default(15),
    })
    .prefault({}),
  refresh: z
    .strictObject({
      lagSeconds: z.number().min(0).max(120).default(5),
      keepSeconds: z.number().min(0).max(3600).default(60),
    })
    .prefault({}),
  clusters: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(253),
        kubeconfig: z.string().min(1).optional().describe('absent: the service account of this pod'),
      }),
    )
    .max(50)
    .default([]),
  health,
  objectives: z.array(objective).max(2_000).default([]),
  auth: z
    .strictObject({
      sessionHours: z
        .number()
        .min(0.25)
        .max(168)
        .default(8)
        .describe('a session ends then, or with its token'),
      userHeader: headerName.default('x-forwarded-user'),
      groupsHeader: headerName.default('x-forwarded-groups').describe('comma list'),
    })
    .prefault({}),
  changes: z
    .strictObject({
      namespace: z
        .string()
        .regex(NAMESPACE_NAME, 'must be the name of a namespace')
        .optional()
        .describe('where changes are recorded; absent: where Heddle runs, else heddle'),
      requireReason: z.boolean().default(false),
      keepCount: z.int().min(10).max(5_000).default(500),
      keepDays: z.int().min(1).max(3_650).default(90),
    })
    .prefault({}),
})
export type ConfigFile = z.output<typeof ConfigFile>
