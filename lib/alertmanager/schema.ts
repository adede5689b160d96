/**
 * Wire shapes of Alertmanager's API, version 2, only what we read (Mimir and Grafana answer the same).
 * https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
import { z } from 'zod'

const texts = z.record(z.string(), z.string())

export const wireAlert = z.object({
  fingerprint: z.string(),
  labels: texts,
  annotations: texts.nullish(),
  startsAt: z.string().nullish(),
  receivers: z.array(z.object({ name: z.string() })).nullish(),
  status: z.object({
    state: z.string(),
    silencedBy: z.array(z.string()).nullish(),
    inhibitedBy: z.array(z.string()).nullish(),
    mutedBy: z.array(z.string()).nullish(),
  }),
})

export const wireSilence = z.object({
  id: z.string(),
  status: z.object({ state: z.string() }),
  comment: z.string().nullish(),
  createdBy: z.string().nullish(),
  startsAt: z.string().nullish(),
  endsAt: z.string().nullish(),
  matchers: z
    .array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean().nullish(),
        // absent before Alertmanager 0.22, which knew no negative matchers
        isEqual: z.boolean().nullish(),
      }),
    )
    .nullish(),
})

export const wireStatus = z.object({
  cluster: z.object({ status: z.string(), peers: z.array(z.unknown()).nullish() }).nullish(),
  versionInfo: z.object({ version: z.string() }).nullish(),
})
