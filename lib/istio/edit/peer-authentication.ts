/**
 * Setting mTLS modes in a PeerAuthentication. Whatever else the object holds stays as it is.
 * https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
import type { ConfigObject } from '@/lib/mesh/inventory'

export const MODE_CHOICES = ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'] as const
/** UNSET inherits. */
export type ModeChoice = (typeof MODE_CHOICES)[number]

export interface ModeIntent {
  mode: ModeChoice
  /** container port; null: all ports that are not set by themselves */
  port: number | null
}

type Fields = Record<string, unknown>

/**
 * The object with the mode set. To inherit, the setting is taken out rather than written down; `object` is null when
 * nothing is left to say, so that the policy can go. A port needs a selector: Istio refuses port modes without one.
 */
export function withPeerMode(
  object: ConfigObject,
  { mode, port }: ModeIntent,
): { object: ConfigObject | null } | { problem: string } {
  const spec = fieldsOf(object.spec)
  if (port === null) {
    const { mode: _mode, ...mtls } = fieldsOf(spec.mtls)
    return finish(object, put(spec, 'mtls', mode === 'UNSET' ? mtls : { ...mtls, mode }))
  }
  if (!hasSelector(object)) {
    return {
      problem: `PeerAuthentication ${nameOf(object)} selects no workloads: a port has a mode of its own only in a policy with a selector.`,
    }
  }
  const ports = fieldsOf(spec.portLevelMtls)
  const { mode: _mode, ...own } = fieldsOf(ports[port])
  const next = put(ports, String(port), mode === 'UNSET' ? own : { ...own, mode })
  return finish(object, put(spec, 'portLevelMtls', next))
}

/** The object with inheritance written down: for a policy that must stay, because another would take its place. */
export function withUnsetMode(object: ConfigObject): ConfigObject {
  const spec = fieldsOf(object.spec)
  return { ...object, spec: { ...spec, mtls: { ...fieldsOf(spec.mtls), mode: 'UNSET' } } }
}

/** True when it holds for selected workloads only; an empty selector is none. */
export function hasSelector(object: ConfigObject): boolean {
  return Object.keys(fieldsOf(fieldsOf(fieldsOf(object.spec).selector).matchLabels)).length > 0
}

/** A new policy that says nothing yet: for all of a namespace, or for the pods with these labels. */
export function newPeerAuthentication(
  at: { namespace: string; name: string },
  labels: Readonly<Record<string, string>> | null,
): ConfigObject {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: at.name, namespace: at.namespace },
    spec: labels ? { selector: { matchLabels: { ...labels } } } : {},
  }
}

function finish(object: ConfigObject, spec: Fields): { object: ConfigObject | null } {
  // without a mode the selector alone changes nothing
  const { selector: _selector, ...says } = spec
  return { object: Object.keys(says).length === 0 ? null : { ...object, spec } }
}

/** The field set, in its old place where it was there; left out when there is nothing in it. */
function put(record: Fields, name: string, value: Fields): Fields {
  if (Object.keys(value).length > 0) return { ...record, [name]: value }
  const { [name]: _gone, ...rest } = record
  return rest
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function nameOf({ metadata }: ConfigObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}
