/** Which tool keeps an object in the state it wants, and will put a change by hand back. */
import type { ConfigObject } from '@/lib/mesh/inventory'

export const OWNER_TOOLS = ['Argo CD', 'Flux', 'Helm', 'Flagger', 'Argo Rollouts'] as const
export type OwnerTool = (typeof OWNER_TOOLS)[number]

export interface Owner {
  tool: OwnerTool
  /** the tool's own object: application, kustomization, release, canary; null when the mark does not say */
  name: string | null
  /** what shows it: a label, an annotation, an owner reference, a field manager */
  evidence: string
}

interface Mark {
  tool: OwnerTool
  find(object: ConfigObject): { name: string | null; evidence: string } | undefined
}

const GATEWAY_API_CANARY = 'rollouts.argoproj.io/gatewayapi-canary'

/** Tools that rewrite all the time come before those that write at an upgrade only. */
const MARKS: readonly Mark[] = [
  { tool: 'Flagger', find: (object) => byReference(object, 'Canary') ?? byManager(object, ['flagger']) },
  {
    tool: 'Argo Rollouts',
    find: (object) =>
      byReference(object, 'Rollout') ??
      byAnnotation(object, 'argo-rollouts.argoproj.io/managed-by-rollouts') ??
      // of its plugin for the Gateway API, while a canary runs; the value says no name
      (object.metadata.labels?.[GATEWAY_API_CANARY] === undefined
        ? undefined
        : { name: null, evidence: `label ${GATEWAY_API_CANARY}` }) ??
      byManager(object, ['rollouts-controller']),
  },
  {
    tool: 'Argo CD',
    find: (object) =>
      byAnnotation(object, 'argocd.argoproj.io/tracking-id', (id) => id.split(':')[0] ?? id) ??
      byLabel(object, 'argocd.argoproj.io/instance') ??
      byManager(object, ['argocd-controller', 'argocd-application-controller']),
  },
  {
    tool: 'Flux',
    find: (object) =>
      byLabel(object, 'kustomize.toolkit.fluxcd.io/name') ??
      byLabel(object, 'helm.toolkit.fluxcd.io/name') ??
      byManager(object, ['kustomize-controller', 'helm-controller']),
  },
  {
    tool: 'Helm',
    find: (object) =>
      byAnnotation(object, 'meta.helm.sh/release-name') ??
      (object.metadata.labels?.['app.kubernetes.io/managed-by'] === 'Helm'
        ? {
            name: object.metadata.labels['app.kubernetes.io/instance'] ?? null,
            evidence: 'label app.kubernetes.io/managed-by=Helm',
          }
        : byManager(object, ['helm'])),
  },
]

/** The owner by labels, annotations, owner references and field managers; null when nobody left a mark. */
export function ownerOf(object: ConfigObject): Owner | null {
  for (const { tool, find } of MARKS) {
    const mark = find(object)
    if (mark) return { tool, ...mark }
  }
  return null
}

function byLabel(object: ConfigObject, label: string) {
  const name = object.metadata.labels?.[label]
  return name === undefined ? undefined : { name, evidence: `label ${label}=${name}` }
}

function byAnnotation(object: ConfigObject, annotation: string, read = (value: string) => value) {
  const value = object.metadata.annotations?.[annotation]
  return value === undefined
    ? undefined
    : { name: read(value), evidence: `annotation ${annotation}=${value}` }
}

function byReference(object: ConfigObject, kind: string) {
  const references = object.metadata['ownerReferences']
  if (!Array.isArray(references)) return undefined
  for (const reference of references as { kind?: unknown; name?: unknown }[]) {
    if (reference?.kind !== kind) continue
    const name = typeof reference.name === 'string' ? reference.name : null
    return { name, evidence: `owner reference to ${kind} ${name ?? ''}`.trimEnd() }
  }
  return undefined
}

function byManager(object: ConfigObject, names: readonly string[]) {
  const managers = object.metadata['managedFields']
  if (!Array.isArray(managers)) return undefined
  for (const { manager } of managers as { manager?: unknown }[]) {
    if (typeof manager === 'string' && names.includes(manager)) {
      return { name: null, evidence: `field manager ${manager}` }
    }
  }
  return undefined
}
