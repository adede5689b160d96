/** `GET /api/v1/mtls`, `GET /api/v1/mtls/namespaces` and `POST /api/v1/mtls/preflight`. */
import { z } from 'zod'
import { ChangeItem } from './changes'
import { Notice, WINDOW_NAMES } from '../common'
import { MtlsMode } from '../mesh/graph'

const PolicyRef = z.object({ namespace: z.string(), name: z.string() })

const Configured = z.object({
  mode: MtlsMode.nullable().describe('null: not known, PeerAuthentications may not be read'),
  source: PolicyRef.nullable().describe(
    'the PeerAuthentication that counts; null: the default of Istio, or not known',
  ),
  isElsewhere: z
    .boolean()
    .optional()
    .describe('one counts that lies in a namespace the reader may not see, so that source is null'),
})

export const MtlsClient = z.object({
  who: z.string().describe('callers with or without a proxy, or those a DestinationRule speaks to'),
  sends: z.enum(['plaintext', 'auto', 'mutual', 'otherTls']),
  meeting: z
    .enum(['mutual', 'plaintext', 'applicationTls', 'broken'])
    .describe('what comes of it; applicationTls works only where the application speaks TLS itself'),
  source: PolicyRef.nullable().describe('the DestinationRule that says so'),
  reason: z.string(),
})
export type MtlsClient = z.infer<typeof MtlsClient>

export const PlaintextCaller = z.object({
  cluster: z.string().nullable(),
  namespace: z.string().nullable(),
  workload: z.string().nullable().describe('null: a caller without a proxy, whose name nobody knows'),
  protocol: z.enum(['http', 'grpc', 'tcp']),
  requestsPerSecond: z.number().nullable().describe('null for tcp'),
  connectionsPerSecond: z.number().nullable().describe('of tcp'),
})
export type PlaintextCaller = z.infer<typeof PlaintextCaller>

export const MtlsState = z
  .enum(['broken', 'plaintext', 'open', 'permissive', 'strict'])
  .describe(
    'worst first: a DestinationRule does not fit the mode; plain text was seen; nothing takes mutual TLS; plain text would be taken; mutual TLS only',
  )
export type MtlsState = z.infer<typeof MtlsState>

export const MtlsRow = z.object({
  id: z.string().describe('`{cluster}[/{namespace}[/{workload}[:{port}]]]`'),
  cluster: z.string(),
  namespace: z.string().nullable().describe('null: the mesh as a whole'),
  workload: z.string().nullable().describe('null: what the namespace says to its workloads'),
  port: z.number().int().nullable().describe('container port; null: all that are not set by themselves'),
  dataPlane: z.enum(['sidecar', 'ambient', 'none']).nullable(),
  configured: Configured,
  effective: z.object({
    mode: MtlsMode.nullable().describe(
      'DISABLE where no proxy enforces anything; null: not known, PeerAuthentications may not be read',
    ),
    reason: z.string(),
  }),
  state: MtlsState.nullable().describe(
    'of a mesh or namespace the worst inside; null: nothing inside, or not known',
  ),
  clients: z
    .array(MtlsClient)
    .nullable()
    .describe(
      'what callers send and what comes of it; of workloads and ports; null: not known, PeerAuthentications or DestinationRules may not be read',
    ),
  podsWithoutProxy: z.array(z.string()).describe('pods that take plain text whatever the mode'),
  observed: z.object({
    mtlsRatio: z.number().min(0).max(1).nullable().describe('null: no traffic, or not to be told apart'),
    plaintextCallers: z
      .array(PlaintextCaller)
      .nullable()
      .describe(
        'most first; null: telemetry does not tell the ports of this workload apart, or never answered',
      ),
  }),
})
export type MtlsRow = z.infer<typeof MtlsRow>

export const MtlsList = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  notices: z.array(Notice),
  items: z.array(MtlsRow).describe('sorted by id'),
})
export type MtlsList = z.infer<typeof MtlsList>

const Counts = z.record(MtlsState, z.number())

export const PathStep = z.object({
  words: z.string(),
  mode: z
    .enum(['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'])
    .nullable()
    .describe('to be set for the namespace'),
  commands: z.array(z.string()).describe('for what Heddle does not do itself'),
})
export type PathStep = z.infer<typeof PathStep>

export const NamespacePath = z.object({
  stage: z.enum(['outside', 'sidecars', 'permissive', 'strict', 'authorized']),
  words: z.string(),
  workloads: z.number(),
  withProxy: z.number(),
  authorized: z.number().describe('workloads with a proxy that an AuthorizationPolicy opens to some only'),
  next: PathStep.nullable().describe('null: the end of the way'),
  back: PathStep,
})
export type NamespacePath = z.infer<typeof NamespacePath>

export const MtlsNamespace = z.object({
  id: z.string().describe('`{cluster}[/{namespace}]`'),
  cluster: z.string(),
  namespace: z.string().nullable().describe('null: the mesh as a whole'),
  isRoot: z.boolean().describe('policies here are those of the whole mesh'),
  configured: Configured,
  reason: z.string(),
  state: MtlsState.nullable(),
  states: Counts.describe('workloads by the worst of themselves and their ports'),
  dataPlanes: z.object({ sidecar: z.number(), ambient: z.number(), none: z.number() }),
  workloads: z.array(z.string()).describe('names; empty for the mesh'),
  observed: z.object({
    mtlsRatio: z.number().min(0).max(1).nullable(),
    plaintextCallers: z
      .array(PlaintextCaller)
      .nullable()
      .describe('most first, at most 20; null: Prometheus has never answered'),
    plaintextCount: z.number().nullable().describe('of callers, also those left out'),
    plaintextRequestsPerSecond: z.number().nullable().describe('null: none in requests'),
  }),
  path: NamespacePath.nullable().describe(
    'null for the mesh, its root namespace, without workloads, and where modes are not known',
  ),
})
export type MtlsNamespace = z.infer<typeof MtlsNamespace>

export const MtlsNamespaces = z.object({
  at: z.number(),
  windowSeconds: z.number(),
  notices: z.array(Notice),
  items: z.array(MtlsNamespace).describe('sorted by id'),
})
export type MtlsNamespaces = z.infer<typeof MtlsNamespaces>

const name = z.string().min(1).max(253)
export const PREFLIGHT_MODES = ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'] as const

export const PreflightBody = z
  .strictObject({
    scope: z
      .strictObject({
        cluster: name.optional().describe('absent: the only one, or the default cluster'),
        namespace: name.optional().describe('absent: the whole mesh'),
        workload: name.optional(),
        port: z.number().int().min(1).max(65_535).optional().describe('container port'),
      })
      .optional()
      .describe('where the mode is to be set; the policy that counts there is edited, or made'),
    ref: z
      .strictObject({
        cluster: name.optional(),
        namespace: name,
        name,
        port: z.number().int().min(1).max(65_535).optional(),
      })
      .optional()
      .describe('the PeerAuthentication whose mode is to be changed'),
    mode: z.enum(PREFLIGHT_MODES).describe('UNSET: inherit'),
    window: z.enum(WINDOW_NAMES).default('1h').describe('how far back callers are looked for'),
  })
  .refine((body) => (body.scope === undefined) !== (body.ref === undefined), {
    path: ['scope'],
    error: 'give either scope or ref',
  })
export type PreflightBody = z.output<typeof PreflightBody>
export type PreflightQuestion = z.input<typeof PreflightBody>

export const PreflightCaller = z.object({
  source: z.object({
    cluster: z.string().nullable(),
    namespace: z.string().nullable(),
    workload: z.string().nullable().describe('null: a caller without a proxy, whose name nobody knows'),
  }),
  target: z.object({
    cluster: z.string(),
    namespace: z.string(),
    workload: z.string(),
    service: z.string().nullable(),
    port: z.number().int().nullable().describe('container port; null: not known, or none in particular'),
  }),
  protocol: z.enum(['http', 'grpc', 'tcp']),
  requestsPerSecond: z.number().nullable().describe('over the covered part of the window; null for tcp'),
  connectionsPerSecond: z.number().nullable().describe('of tcp'),
  identity: z.string().nullable().describe('what it proved to the called side; null: nothing'),
  dataPlane: z.enum(['sidecar', 'ambient', 'none']).nullable().describe('null: not known'),
  podsWithoutProxy: z.array(z.string()).describe('pods of the caller that have none'),
  lastSeen: z.number().nullable().describe('epoch milliseconds, as fine as the window allows'),
  certain: z.boolean().describe('false: it depends on the port, which telemetry does not tell'),
  reason: z.string(),
})
export type PreflightCaller = z.infer<typeof PreflightCaller>

export const PreflightChange = z.object({
  cluster: z.string(),
  namespace: z.string(),
  workload: z.string(),
  port: z.number().int().nullable(),
  before: MtlsMode,
  after: MtlsMode,
  isEnforced: z.boolean().describe('false: its pods have no proxy'),
})
export type PreflightChange = z.infer<typeof PreflightChange>

export const PreflightClash = z.object({
  rule: PolicyRef,
  host: z.string(),
  mode: z.string().describe('TLS mode of the DestinationRule'),
  target: z.object({ cluster: z.string(), namespace: z.string(), workload: z.string() }),
  reason: z.string(),
})
export type PreflightClash = z.infer<typeof PreflightClash>

export const PreflightPort = z.object({
  target: z.object({ cluster: z.string(), namespace: z.string(), workload: z.string() }),
  port: z.number().int().nullable(),
  by: z.enum(['probe', 'metrics', 'outside']),
  isRefused: z.boolean(),
  reason: z.string(),
})
export type PreflightPort = z.infer<typeof PreflightPort>

export const PodsWithoutProxy = z.object({
  namespace: z.string(),
  workload: z.string(),
  pods: z.array(z.string()),
})
export type PodsWithoutProxy = z.infer<typeof PodsWithoutProxy>

export const Preflight = z.object({
  verdict: z.enum(['safe', 'breaks', 'insufficient']),
  callers: z.array(PreflightCaller).describe('who would be refused, most requests first'),
  edit: z
    .array(ChangeItem)
    .describe('what sets the mode, for config/preview and config/apply; empty: nothing to write'),
  evidence: z.object({
    reasons: z.array(z.string()).describe('why the verdict is what it is, in sentences'),
    from: z.number().nullable(),
    to: z.number(),
    windowSeconds: z.number(),
    coveredSeconds: z
      .number()
      .nullable()
      .describe('of the window, with telemetry; null: Prometheus did not answer'),
    requestsPerSecond: z.number().nullable().describe('seen at the workloads whose mode changes'),
    changes: z.array(PreflightChange).describe('workloads and ports whose mode changes'),
    clashes: z.array(PreflightClash).describe('DestinationRules that would not work with the new mode'),
    ports: z.array(PreflightPort).describe('that probes, scrapes or outside callers use, and become STRICT'),
    podsWithoutProxy: z
      .array(PodsWithoutProxy)
      .describe('of the workloads the mode is set for: nothing enforces it there'),
    keepOwn: z
      .array(z.string())
      .describe('workloads below that keep a mode of their own policy, `namespace/name`'),
    readmitted: z
      .array(PreflightCaller)
      .describe('called within the window, are turned away by the mode of now, and would get in again'),
    silent: z.array(z.string()).describe('workloads that change and were not called, `namespace/name`'),
    possibleCallers: z
      .array(z.string())
      .describe('workloads without a proxy, where callers without a name were seen, `namespace/name`'),
    queries: z.array(z.string()).describe('what Prometheus was asked'),
  }),
  notices: z.array(Notice),
})
export type Preflight = z.infer<typeof Preflight>
