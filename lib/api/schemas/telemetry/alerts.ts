/** `GET /api/v1/alerts`: what the rules of Prometheus have found, and where in the mesh. */
import { z } from 'zod'
import { Notice } from '../common'

export const ALERT_STATES = ['firing', 'pending'] as const

const Handling = z.object({
  state: z.enum(['active', 'suppressed', 'unprocessed']),
  receivers: z.array(z.string()).describe('who is told'),
  silencedBy: z.array(z.string()).describe('ids of silences'),
  inhibitedBy: z.array(z.string()).describe('names of the alerts that stand for it'),
  mutedBy: z.array(z.string()).describe('names of time intervals'),
})

export const Alert = z.object({
  id: z.string().describe('the same as long as its rule and labels are'),
  name: z.string(),
  state: z.enum(ALERT_STATES),
  severity: z.string().nullable().describe('label `severity`'),
  summary: z.string().nullable().describe('annotation `summary`, or `message`, `description`'),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  since: z.number().nullable().describe('when its expression began to hold, epoch milliseconds'),
  value: z.number().nullable(),
  rule: z.string().nullable().describe('id of its rule; null: only Alertmanager knows it'),
  nodes: z
    .array(z.string())
    .describe('node ids its labels name, and what stands for them in other graph types'),
  place: z
    .object({ cluster: z.string(), namespace: z.string() })
    .nullable()
    .describe('where its labels point to; null: nowhere in the mesh'),
  silenced: z
    .boolean()
    .nullable()
    .describe(
      'Alertmanager tells nobody: silenced, inhibited or muted; null: it is not asked or does not answer',
    ),
  handling: Handling.nullable().describe('what Alertmanager makes of it; null: it does not hold it (yet)'),
})
export type Alert = z.infer<typeof Alert>

export const AlertRule = z.object({
  id: z.string(),
  name: z.string(),
  group: z.string(),
  expression: z.string().describe('PromQL'),
  forSeconds: z.number().describe('how long it must hold before it fires'),
  severity: z.string().nullable(),
  summary: z.string().nullable().describe('with the placeholders of the rule'),
  state: z.enum([...ALERT_STATES, 'inactive']),
  health: z.enum(['ok', 'err', 'unknown']),
  lastError: z.string().nullable(),
  lastEvaluationAt: z.number().nullable(),
})
export type AlertRule = z.infer<typeof AlertRule>

export const SilenceView = z.object({
  id: z.string(),
  state: z.enum(['active', 'pending']),
  matchers: z.array(z.string()).describe('in words of Prometheus: `alertname="MeshServiceSlow"`'),
  comment: z.string(),
  createdBy: z.string(),
  startsAt: z.number().nullable(),
  endsAt: z.number().nullable(),
  alerts: z.number().describe('how many of the listed alerts it silences now'),
})
export type SilenceView = z.infer<typeof SilenceView>

export const AlertList = z.object({
  at: z.number(),
  notices: z.array(Notice),
  items: z.array(Alert).describe('firing before pending, critical first, then the longest'),
  rules: z.array(AlertRule).describe('alerting rules, sorted by id; at most 1,000'),
  ruleCount: z.number().describe('of all alerting rules'),
  rulesState: z
    .enum(['read', 'not-served', 'failing'])
    .describe('read: all rules and what they find are here; else pending alerts are not known'),
  alertmanager: z.object({
    state: z.enum(['absent', 'failing', 'answering']),
    url: z.string().nullable().describe('where a browser finds it; null: not set'),
  }),
  silences: z
    .array(SilenceView)
    .nullable()
    .describe('those that hold or will, busiest first; null: not known'),
})
export type AlertList = z.infer<typeof AlertList>

export const AlertSeries = z.object({
  from: z.number(),
  to: z.number(),
  stepSeconds: z.number(),
  query: z.string().describe('PromQL of the value: the expression without its comparison'),
  unit: z.enum(['ratio', 'ms', 'requests/s', 'count']).describe('as far as the expression tells'),
  threshold: z
    .object({ operator: z.string(), limit: z.number() })
    .nullable()
    .describe('null: the expression does not end with a comparison'),
  series: z
    .array(
      z.object({
        labels: z.record(z.string(), z.string()),
        points: z.array(z.tuple([z.number(), z.number().nullable()])),
      }),
    )
    .describe('worst now first, at most twelve'),
  more: z.number().describe('series that are not shown'),
})
export type AlertSeries = z.infer<typeof AlertSeries>
