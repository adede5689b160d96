/** networking.istio.io: the fields we read. https://istio.io/latest/docs/reference/config/networking/ */
import { z } from 'zod'

const labels = z.record(z.string(), z.string())

const destination = z.object({
  host: z.string(),
  subset: z.string().optional(),
  port: z.object({ number: z.number().optional() }).optional(),
})
const weighted = z.object({ destination, weight: z.number().optional() })
const presence = z.record(z.string(), z.unknown())

const httpRoute = z.object({
  name: z.string().optional(),
  match: z.array(presence).optional(),
  route: z.array(weighted).optional(),
  redirect: presence.optional(),
  fault: z.object({ abort: presence.optional(), delay: presence.optional() }).optional(),
  timeout: z.string().optional(),
  retries: z.object({ attempts: z.number().optional() }).optional(),
  mirror: z.object({ host: z.string() }).optional(),
  mirrors: z.array(z.object({ destination })).optional(),
})
const plainRoute = z.object({
  match: z.array(z.object({ gateways: z.array(z.string()).optional() }).loose()).optional(),
  route: z.array(weighted).optional(),
})

export const VirtualServiceSpec = z.object({
  hosts: z.array(z.string()).default([]),
  gateways: z.array(z.string()).optional(),
  exportTo: z.array(z.string()).optional(),
  http: z.array(httpRoute).default([]),
  tcp: z.array(plainRoute).default([]),
  tls: z.array(plainRoute).default([]),
})
export type VirtualServiceSpec = z.infer<typeof VirtualServiceSpec>

const tlsSettings = z.object({ mode: z.string().optional() })
const trafficPolicy = z.object({
  connectionPool: z.object({ tcp: presence.optional(), http: presence.optional() }).optional(),
  outlierDetection: presence.optional(),
  tls: tlsSettings.optional(),
  portLevelSettings: z
    .array(
      z.object({
        port: z.object({ number: z.number().optional() }).optional(),
        connectionPool: z.object({ tcp: presence.optional(), http: presence.optional() }).optional(),
        outlierDetection: presence.optional(),
        tls: tlsSettings.optional(),
      }),
    )
    .optional(),
})
export type TrafficPolicy = z.infer<typeof trafficPolicy>

export const DestinationRuleSpec = z.object({
  host: z.string(),
  subsets: z
    .array(
      z.object({ name: z.string(), labels: labels.default({}), trafficPolicy: trafficPolicy.optional() }),
    )
    .default([]),
  trafficPolicy: trafficPolicy.optional(),
  workloadSelector: z.object({ matchLabels: labels.optional() }).optional(),
  exportTo: z.array(z.string()).optional(),
})
export type DestinationRuleSpec = z.infer<typeof DestinationRuleSpec>

export const GatewaySpec = z.object({
  selector: labels.optional(),
  servers: z.array(z.object({ hosts: z.array(z.string()).default([]) })).default([]),
})
export type GatewaySpec = z.infer<typeof GatewaySpec>

export const ServiceEntrySpec = z.object({
  hosts: z.array(z.string()),
  location: z.string().optional(),
  exportTo: z.array(z.string()).optional(),
  workloadSelector: z.object({ labels: labels.optional() }).optional(),
})
export type ServiceEntrySpec = z.infer<typeof ServiceEntrySpec>

export const SidecarSpec = z.object({
  workloadSelector: z.object({ labels: labels.optional() }).optional(),
  egress: z.array(z.object({ hosts: z.array(z.string()).default([]) })).optional(),
})
export type SidecarSpec = z.infer<typeof SidecarSpec>
