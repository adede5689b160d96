/** security.istio.io and telemetry.istio.io: the fields we read. */
import { z } from 'zod'

const selector = z.object({ matchLabels: z.record(z.string(), z.string()).optional() })
const targetRef = z.object({
  group: z.string().optional(),
  kind: z.string(),
  name: z.string(),
})
/** policies attach to pods by selector, or to a gateway, waypoint or service by reference */
const attachment = {
  selector: selector.optional(),
  targetRef: targetRef.optional(),
  targetRefs: z.array(targetRef).optional(),
}
const mtlsMode = z.enum(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']).catch('UNSET')

/** https://istio.io/latest/docs/reference/config/security/peer_authentication/ */
export const PeerAuthenticationSpec = z.object({
  selector: selector.optional(),
  mtls: z.object({ mode: mtlsMode.optional() }).nullish(),
  portLevelMtls: z.record(z.string(), z.object({ mode: mtlsMode.optional() }).nullable()).nullish(),
})
export type PeerAuthenticationSpec = z.infer<typeof PeerAuthenticationSpec>

export const RequestAuthenticationSpec = z.object(attachment)
export type RequestAuthenticationSpec = z.infer<typeof RequestAuthenticationSpec>

export const AuthorizationPolicySpec = z.object({ ...attachment, action: z.string().optional() })
export type AuthorizationPolicySpec = z.infer<typeof AuthorizationPolicySpec>

export const TelemetrySpec = z.object(attachment)
export type TelemetrySpec = z.infer<typeof TelemetrySpec>
