/** Drafts of Istio objects, in the versions clusters store them. */
import type { ObjectDraft } from './area'

interface DraftOptions {
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ageDays?: number
}
type Spec = Record<string, unknown>
type Draft = (namespace: string, name: string, spec: Spec, options?: DraftOptions) => ObjectDraft

const draftOf =
  (apiVersion: string, kind: string): Draft =>
  (namespace, name, spec, options = {}) => ({
    apiVersion,
    kind,
    namespace,
    name,
    ageDays: 30,
    ...options,
    body: () => ({ spec }),
  })

export const virtualService = draftOf('networking.istio.io/v1', 'VirtualService')
export const destinationRule = draftOf('networking.istio.io/v1', 'DestinationRule')
export const istioGateway = draftOf('networking.istio.io/v1', 'Gateway')
export const serviceEntry = draftOf('networking.istio.io/v1', 'ServiceEntry')
export const sidecarConfig = draftOf('networking.istio.io/v1', 'Sidecar')
export const peerAuthentication = draftOf('security.istio.io/v1', 'PeerAuthentication')
export const requestAuthentication = draftOf('security.istio.io/v1', 'RequestAuthentication')
export const authorizationPolicy = draftOf('security.istio.io/v1', 'AuthorizationPolicy')
export const telemetry = draftOf('telemetry.istio.io/v1', 'Telemetry')
