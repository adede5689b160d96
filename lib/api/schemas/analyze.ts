/** `POST /api/v1/analyze`: findings about documents that need not be in a cluster. */
import { z } from 'zod'

export const SEVERITIES = ['error', 'warning', 'info'] as const

export const AnalyzeBody = z.strictObject({
  documents: z.string().describe('Kubernetes YAML documents; together they are all that exists'),
  meshConfig: z.string().optional().describe('the mesh configuration, as YAML'),
})
export type AnalyzeBody = z.infer<typeof AnalyzeBody>

export const Finding = z.object({
  code: z.string().describe('such as IST0101; what it means is in docs/checks'),
  severity: z.enum(SEVERITIES),
  object: z.object({ kind: z.string(), namespace: z.string(), name: z.string() }),
  path: z.string().nullable().describe('place in the object; null where the whole object is meant'),
  message: z.string(),
  line: z.number().int().nullable().describe('line of the place in the documents, from 1'),
})
export type Finding = z.infer<typeof Finding>

export const Findings = z.object({ findings: z.array(Finding) })
export type Findings = z.infer<typeof Findings>
