/** gateway.networking.k8s.io: the fields we read. https://gateway-api.sigs.k8s.io/reference/spec/ */
import { z } from 'zod'

const reference = z.object({
  group: z.string().optional(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string(),
})

const filter = z.object({ type: z.string() })

/** HTTPRoute and GRPCRoute agree in what we read; TCPRoute and TLSRoute have rules of backends alone. */
export const RouteSpec = z.object({
  parentRefs: z.array(reference).default([]),
  hostnames: z.array(z.string()).optional(),
  rules: z
    .array(
      z.object({
        name: z.string().optional(),
        matches: z.array(z.record(z.string(), z.unknown())).optional(),
        filters: z.array(filter).optional(),
        backendRefs: z
          .array(reference.extend({ weight: z.number().optional(), port: z.number().optional() }))
          .optional(),
        timeouts: z
          .object({ request: z.string().optional(), backendRequest: z.string().optional() })
          .optional(),
        retry: z.object({ attempts: z.number().optional() }).optional(),
      }),
    )
    .default([]),
})
export type RouteSpec = z.infer<typeof RouteSpec>

export const K8sGatewaySpec = z.object({
  gatewayClassName: z.string(),
  listeners: z.array(z.object({ hostname: z.string().optional() })).default([]),
})
export type K8sGatewaySpec = z.infer<typeof K8sGatewaySpec>
