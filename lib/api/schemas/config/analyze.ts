/** `POST /api/v1/analyze`: findings about documents that need not be in a cluster; `GET /api/v1/findings`: about those that are. */
import { z } from 'zod'
import { Notice } from '../common'
import { nameList, nodeIdParameter } from '../parameters'

export const SEVERITIES = ['error', 'warning', 'info'] as const

export const AnalyzeBody = z.strictObject({
  documents: z
    .string()
    .describe('Kubernetes YAML documents; together they are all that exists, unless a cluster is named'),
  meshConfig: z
    .string()
    .optional()
    .describe('the mesh configuration, as YAML; not together with a cluster, which has its own'),
  cluster: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe(
      'analyze the documents as if they were in this cluster, in the place of objects of their names',
    ),
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

export const FindingsQuery = z.strictObject({
  namespaces: nameList('namespaces'),
  clusters: nameList('clusters'),
  severities: nameList('severities').pipe(
    z.array(z.enum(SEVERITIES, { error: `each must be one of ${SEVERITIES.join(', ')}` })),
  ),
  codes: nameList('codes, such as IST0101'),
  node: nodeIdParameter
    .optional()
    .describe('only findings about what has a say in what happens at this workload, application or service'),
})
export type FindingsQuery = z.output<typeof FindingsQuery>

export const LiveFinding = Finding.extend({
  id: z.string().describe('unique; the same as long as the finding is'),
  cluster: z.string(),
  ref: z.object({
    cluster: z.string(),
    group: z.string().describe('empty for the core group'),
    version: z.string(),
    kind: z.string(),
    namespace: z.string().describe('empty for kinds without one'),
    name: z.string(),
  }),
  concerns: z
    .array(z.string())
    .describe(
      'ids of the nodes (workloads, applications, services) whose traffic the object steers, at most 20; empty for what holds for a whole namespace or mesh',
    ),
})
export type LiveFinding = z.infer<typeof LiveFinding>

export const LiveFindingList = z.object({
  items: z
    .array(LiveFinding)
    .describe('sorted by id; at most 3,000, the worst, with a notice where there are more'),
  notices: z.array(Notice),
})
export type LiveFindingList = z.infer<typeof LiveFindingList>
