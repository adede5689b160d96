/**
 * What labels say of a workload: its app and version, and whether it is a proxy of the mesh itself.
 * Order of keys: https://istio.io/latest/docs/ops/deployment/application-requirements/#pod-requirements and
 * Istio's canonical service rules.
 */

type Labels = Readonly<Record<string, string>>

const APP_KEYS = ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app'] as const
export const VERSION_KEYS = [
  'service.istio.io/canonical-revision',
  'app.kubernetes.io/version',
  'version',
] as const

/** The app a pod belongs to, or null when its labels do not say. */
export function appOf(labels: Labels): string | null {
  return firstOf(labels, APP_KEYS)
}

/** The version of a pod, or null; `latest` says nothing and is none. */
export function versionOf(labels: Labels): string | null {
  return knownVersion(firstOf(labels, VERSION_KEYS))
}

/** A version as a proxy reports it: `latest` and `unknown` stand for "none". */
export function knownVersion(version: string | null): string | null {
  return version === null || version === '' || version === 'latest' || version === 'unknown' ? null : version
}

/** True for a waypoint: the L7 proxy of an ambient namespace. */
export function isWaypoint(name: string, labels: Labels | null): boolean {
  if (labels) {
    return (
      labels['gateway.networking.k8s.io/gateway-class-name'] === 'istio-waypoint' ||
      labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller'
    )
  }
  return name === 'waypoint' || name.endsWith('-waypoint')
}

const GATEWAY_NAME = /(^|-)(ingress|egress)-?gateway(-|$)|-gateway-istio$/

/** True for an ingress or egress gateway; without labels well-known names decide. */
export function isGateway(name: string, labels: Labels | null): boolean {
  if (isWaypoint(name, labels)) return false
  if (!labels) return GATEWAY_NAME.test(name)
  const component = labels['operator.istio.io/component']
  return (
    component === 'IngressGateways' ||
    component === 'EgressGateways' ||
    labels['gateway.networking.k8s.io/gateway-name'] !== undefined ||
    labels['gateway.istio.io/managed'] === 'istio.io-gateway-controller' ||
    GATEWAY_NAME.test(labels.istio ?? '') ||
    GATEWAY_NAME.test(labels.app ?? '')
  )
}

const CONTROL_PLANE_APPS = new Set(['istiod', 'ztunnel', 'istio-cni-node', 'istio-cni', 'kiali', 'heddle'])

/** True for the mesh's own machinery, which carries no sidecar by design. */
export function isControlPlane(name: string, labels: Labels): boolean {
  return (
    CONTROL_PLANE_APPS.has(name) || CONTROL_PLANE_APPS.has(labels.app ?? '') || name.startsWith('istiod-')
  )
}

/** True when every label of the selector is there with its value; an empty selector selects nothing. */
export function isSelected(selector: Labels | undefined, labels: Labels): boolean {
  if (!selector) return false
  let isEmpty = true
  for (const key in selector) {
    isEmpty = false
    if (labels[key] !== selector[key]) return false
  }
  return !isEmpty
}

function firstOf(labels: Labels, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = labels[key]
    if (value !== undefined && value !== '') return value
  }
  return null
}
