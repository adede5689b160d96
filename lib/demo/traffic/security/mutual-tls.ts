/**
 * What a workload's port accepts and what a caller's proxy sends, and what comes of the two.
 * Rules: Istio's PeerAuthentication composition (mesh, namespace, workload, port; the oldest of a level wins)
 * and auto mTLS per endpoint.
 */
import type { KubernetesObject } from '@/lib/demo/model'
import type { TlsMode } from '../config/destination-rules'
import { byAge, fields, groupBy, hasFields, isIstio, labelsOf, selects, text } from '../config/read'
import type { WorkloadState } from '../config/registry'

export type ServerMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE'

export class PeerAuthentications {
  private readonly byNamespace: Map<string, KubernetesObject[]>
  private readonly rootNamespace: string

  constructor(objects: readonly KubernetesObject[], rootNamespace: string) {
    this.byNamespace = groupBy(
      objects.filter(isIstio).sort(byAge),
      (object) => object.metadata.namespace ?? '',
    )
    this.rootNamespace = rootNamespace
  }

  /** Mode of a container port. Nothing said is PERMISSIVE. */
  modeOf(workload: WorkloadState, port: number): ServerMode {
    let mode: ServerMode = 'PERMISSIVE'
    const own = this.byNamespace.get(workload.spec.namespace) ?? []
    const mesh = this.byNamespace.get(this.rootNamespace) ?? []
    mode = modeIn(fields(wide(mesh)?.spec).mtls) ?? mode
    if (workload.spec.namespace === this.rootNamespace) return forAmbient(workload, mode)
    mode = modeIn(fields(wide(own)?.spec).mtls) ?? mode
    const selected = own.find((object) => {
      const selector = selectorOf(object)
      return hasFields(selector) && selects(labelsOf(selector), workload.labels)
    })
    if (selected === undefined) return forAmbient(workload, mode)
    const spec = fields(selected.spec)
    mode = modeIn(spec.mtls) ?? mode
    return forAmbient(workload, modeIn(fields(spec.portLevelMtls)[String(port)]) ?? mode)
  }
}

function wide(objects: readonly KubernetesObject[]): KubernetesObject | undefined {
  return objects.find((object) => !hasFields(selectorOf(object)))
}

/** Undefined without one; an empty selector counts as none. */
function selectorOf(object: KubernetesObject): unknown {
  const labels = fields(fields(object.spec).selector).matchLabels
  return hasFields(labels) && Object.keys(labels).length > 0 ? labels : undefined
}

function modeIn(value: unknown): ServerMode | undefined {
  const mode = text(fields(value).mode)
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : undefined
}

/** ztunnel cannot refuse mTLS. */
function forAmbient(workload: WorkloadState, mode: ServerMode): ServerMode {
  return workload.spec.dataPlane === 'ambient' && mode === 'DISABLE' ? 'PERMISSIVE' : mode
}

/** What a caller sends; null is the mesh's own choice per endpoint (auto mTLS). */
export type ClientTls = 'plaintext' | 'mutual' | 'foreign'

export interface Handshake {
  /**
   * refused: the server closes what it did not ask for; failed: the handshake itself fails, so that the
   * request was never sent
   */
  result: 'accepted' | 'refused' | 'failed'
  mutual: boolean
}

/**
 * The meeting of one caller with one endpoint.
 * `hasIdentity`: the caller speaks the mesh's mTLS at all; `mode`: what its DestinationRule asks.
 */
export function handshake(
  caller: { hasIdentity: boolean; tls: TlsMode | null; autoMtls: boolean },
  server: { isMeshed: boolean; mode: ServerMode },
): Handshake {
  const sent = sends(caller, server)
  const serves = server.isMeshed && server.mode !== 'DISABLE'
  if (sent === 'mutual') return { result: serves ? 'accepted' : 'failed', mutual: serves }
  // TLS of another kind reaches the application untouched; those of this world speak plain text
  if (sent === 'foreign')
    return { result: server.isMeshed && server.mode === 'STRICT' ? 'refused' : 'failed', mutual: false }
  return { result: server.isMeshed && server.mode === 'STRICT' ? 'refused' : 'accepted', mutual: false }
}

function sends(
  caller: { hasIdentity: boolean; tls: TlsMode | null; autoMtls: boolean },
  server: { isMeshed: boolean; mode: ServerMode },
): ClientTls {
  if (!caller.hasIdentity || caller.tls === 'DISABLE') return 'plaintext'
  if (caller.tls === 'ISTIO_MUTUAL') return 'mutual'
  if (caller.tls !== null) return 'foreign'
  return caller.autoMtls && server.isMeshed && server.mode !== 'DISABLE' ? 'mutual' : 'plaintext'
}
