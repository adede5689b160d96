/** `GET /api/v1/proxy…`: what the Envoy beside (or as) a pod does, and how far istiod and it agree. */
import { z } from 'zod'
import { Notice } from '../common'
import { LIMITS, nodeIdParameter } from '../parameters'

const podParameter = z
  .string()
  .max(LIMITS.nameLength)
  .optional()
  .describe('one of the node’s pods; absent: the first')

export const ProxyQuery = z.strictObject({ node: nodeIdParameter, pod: podParameter })
export type ProxyQuery = z.output<typeof ProxyQuery>

export const PROXY_LOG_LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'] as const
export type ProxyLogLevel = (typeof PROXY_LOG_LEVELS)[number]

export const ProxyLevelBody = z.strictObject({
  node: nodeIdParameter,
  pod: z.string().min(1).max(LIMITS.nameLength),
  level: z.enum(PROXY_LOG_LEVELS),
})
export type ProxyLevelBody = z.output<typeof ProxyLevelBody>

const direction = z.enum(['inbound', 'outbound']).nullable()

export const ProxyCluster = z.object({
  name: z.string(),
  direction,
  host: z.string().nullable(),
  port: z.number().nullable(),
  subset: z.string().nullable(),
  type: z.string(),
  tls: z.enum(['mutual', 'simple', 'auto']).nullable(),
  loadBalancing: z.string(),
  connectTimeoutMs: z.number().nullable(),
  origin: z.enum(['static', 'active', 'warming']),
  updatedAt: z.number().nullable(),
  /** null: could not be read */
  endpoints: z.number().nullable(),
  healthyEndpoints: z.number().nullable(),
})
export type ProxyCluster = z.infer<typeof ProxyCluster>

export const ProxyListener = z.object({
  name: z.string(),
  address: z.string().nullable(),
  direction,
  chains: z.array(z.object({ match: z.string(), action: z.string() })),
  origin: z.enum(['static', 'active', 'warming', 'draining']),
  updatedAt: z.number().nullable(),
  error: z.string().nullable().describe('why the newest version was not taken'),
})
export type ProxyListener = z.infer<typeof ProxyListener>

export const ProxyRoute = z.object({
  config: z.string(),
  virtualHost: z.string(),
  domains: z.array(z.string()),
  name: z.string().nullable(),
  match: z.string(),
  action: z.string(),
  timeoutMs: z.number().nullable(),
})
export type ProxyRoute = z.infer<typeof ProxyRoute>

export const ProxyEndpoint = z.object({
  cluster: z.string(),
  address: z.string(),
  health: z.enum(['healthy', 'unhealthy', 'degraded', 'unknown']),
  reason: z.string().nullable(),
  weight: z.number().nullable(),
  locality: z.string().nullable(),
  requests: z.number().nullable(),
  errors: z.number().nullable(),
})
export type ProxyEndpoint = z.infer<typeof ProxyEndpoint>

export const ProxySecret = z.object({
  name: z.string(),
  kind: z.enum(['certificate', 'authorities', 'other']),
  state: z.enum(['active', 'warming']),
  updatedAt: z.number().nullable(),
  /** of the first certificate; null: it could not be read */
  validFrom: z.number().nullable(),
  expiresAt: z.number().nullable(),
  subjects: z.array(z.string()),
})
export type ProxySecret = z.infer<typeof ProxySecret>

export const ProxySync = z.object({
  /** the istiod replica it is connected to; null: none knows it */
  istiod: z.string().nullable(),
  version: z.string().nullable(),
  types: z.array(
    z.object({
      type: z.string(),
      short: z.string(),
      state: z.enum(['synced', 'stale', 'never-acknowledged', 'not-sent']),
      sent: z.string().nullable(),
      acknowledged: z.string().nullable(),
      words: z.string(),
    }),
  ),
  replicas: z.array(
    z.object({ pod: z.string(), proxies: z.number().nullable(), problem: z.string().nullable() }),
  ),
})
export type ProxySync = z.infer<typeof ProxySync>

const MissingRight = z.object({ verb: z.string(), resource: z.string(), namespace: z.string() })

export const ProxySyncQuery = z.strictObject({ node: nodeIdParameter })
export type ProxySyncQuery = z.output<typeof ProxySyncQuery>

export const ProxySyncList = z.object({
  pods: z
    .array(
      z.object({
        name: z.string(),
        /** the replica it is connected to; null: none of those that answered knows it */
        istiod: z.string().nullable(),
        version: z.string().nullable(),
        /** kinds of configuration (CDS, LDS…) of which it does not run what istiod sent last */
        behind: z.array(z.string()),
      }),
    )
    .nullable()
    .describe('pods with an Envoy; null: not known'),
  missingRight: MissingRight.nullable(),
  notices: z.array(Notice),
})
export type ProxySyncList = z.infer<typeof ProxySyncList>

export const ProxyListQuery = z.strictObject({
  cluster: z.string().min(1).max(LIMITS.nameLength),
  namespace: z.string().min(1).max(LIMITS.nameLength),
})
export type ProxyListQuery = z.output<typeof ProxyListQuery>

export const ListedProxy = z.object({
  pod: z.string(),
  ready: z.boolean(),
  workload: z.string().nullable().describe('null: a bare pod'),
  node: z.string().nullable().describe('id of its workload; null: a bare pod'),
  /** as istiod knows it, else that of its image; null: neither says */
  version: z.string().nullable(),
  /** null: it was not asked for, or nobody answered */
  sync: z
    .object({
      istiod: z
        .string()
        .nullable()
        .describe('the replica it is connected to; null: none of those that answered knows it'),
      /** by kind of configuration */
      types: z.array(
        z.object({
          short: z.string(),
          state: z.enum(['synced', 'stale', 'never-acknowledged', 'not-sent']),
          words: z.string(),
        }),
      ),
    })
    .nullable(),
  /** of its workload certificate, epoch milliseconds; null: not measured */
  certificateExpiresAt: z.number().nullable(),
})
export type ListedProxy = z.infer<typeof ListedProxy>

export const ProxyList = z.object({
  at: z.number(),
  items: z
    .array(ListedProxy)
    .nullable()
    .describe('pods with an Envoy, sorted; null: not known without the Kubernetes API'),
  /** further ones that are not here */
  more: z.number(),
  /** pods of the namespace without a proxy of their own, ambient ones apart */
  without: z.object({ none: z.number(), ambient: z.number() }),
  /** of istiod, in that cluster; more than one: an upgrade is under way */
  istiodVersions: z.array(z.string()),
  missingRight: MissingRight.nullable().describe('what the account may not do, so that sync is not known'),
  notices: z.array(Notice),
})
export type ProxyList = z.infer<typeof ProxyList>

/** Proxies named of each cluster; the others are counted. */
export const MOST_BEHIND = 20

export const ProxiesBehind = z.object({
  clusters: z.array(
    z.object({
      cluster: z.string(),
      /** replicas of istiod that answered, of those there are */
      answered: z.number(),
      replicas: z.number(),
      /** proxies known to those that answered; null: none answered */
      proxies: z.number().nullable(),
      /** by namespace and name, the first ones */
      behind: z.array(
        z.object({
          node: z.string().nullable().describe('of its workload; null: its pod is not known'),
          namespace: z.string(),
          pod: z.string(),
          kinds: z.array(z.string()).describe('CDS, LDS… of which it does not run what istiod sent last'),
        }),
      ),
      /** further ones that are not here */
      more: z.number(),
      missingRight: MissingRight.nullable(),
    }),
  ),
})
export type ProxiesBehind = z.infer<typeof ProxiesBehind>

export const ProxyAnswer = z.object({
  at: z.number(),
  /** pods with an Envoy; null: not known without the Kubernetes API */
  pods: z.array(z.object({ name: z.string(), ready: z.boolean() })).nullable(),
  pod: z.string().nullable(),
  server: z
    .object({
      version: z.string().nullable(),
      state: z.string().nullable(),
      uptimeSeconds: z.number().nullable(),
    })
    .nullable(),
  logLevels: z.record(z.string(), z.string()).nullable().describe('level by logger'),
  clusters: z.array(ProxyCluster),
  listeners: z.array(ProxyListener),
  routes: z.array(ProxyRoute),
  endpoints: z.array(ProxyEndpoint),
  secrets: z.array(ProxySecret),
  unread: z
    .array(z.enum(['clusters', 'listeners', 'routes', 'endpoints', 'secrets']))
    .describe('parts that could not be read: that none of them is listed says nothing'),
  /** null: istiod’s replicas are not known, or none could be asked */
  sync: ProxySync.nullable(),
  missingRight: MissingRight.nullable(),
  notices: z.array(Notice),
})
export type ProxyAnswer = z.infer<typeof ProxyAnswer>

export const ProxyDump = z.object({
  pod: z.string(),
  dump: z.unknown().describe('Envoy’s own answer; what a secret holds is left out'),
})

export const ProxyStats = z.object({
  pod: z.string(),
  stats: z.array(z.object({ name: z.string(), value: z.string() })),
  /** further ones that are not here */
  more: z.number(),
})
export type ProxyStats = z.infer<typeof ProxyStats>

export const ProxyStatsQuery = z.strictObject({
  node: nodeIdParameter,
  pod: podParameter,
  filter: z.string().max(200).optional().describe('only names that hold this text'),
})
export type ProxyStatsQuery = z.output<typeof ProxyStatsQuery>

export const ProxyLevelAnswer = z.object({ pod: z.string(), logLevels: z.record(z.string(), z.string()) })
