import { RESOURCE_KINDS } from '../kinds'
import type { ResourceKind } from '../kinds'
import { REFERENCE, definitions } from '../schema/schemas'
import type { Schema } from '../schema/schemas'

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const META_TYPES = [
  'ObjectMeta',
  'ListMeta',
  'OwnerReference',
  'ManagedFieldsEntry',
  'LabelSelector',
  'LabelSelectorRequirement',
  'Status',
  'StatusCause',
  'StatusDetails',
  'DeleteOptions',
  'Preconditions',
  'Condition',
]
const PACKAGES: Readonly<Record<string, string>> = {
  '': 'io.k8s.api.core.v1',
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
}

let names: Map<string, string> | undefined

/** Published name of a built-in definition: that of the first group, core first, whose kinds lead to it. */
export function publishedName(definition: string): string {
  names ??= nameAll()
  return names.get(definition) ?? `io.k8s.api.core.v1.${definition}`
}

function nameAll(): Map<string, string> {
  const named = new Map(META_TYPES.map((type) => [type, `${META}.${type}`]))
  const visit = (definition: string, prefix: string) => {
    if (named.has(definition)) return
    named.set(definition, `${prefix}.${definition}`)
    for (const used of referencesOf(definitions().builtin[definition])) visit(used, prefix)
  }
  for (const resource of RESOURCE_KINDS) {
    if (resource.custom) continue
    const group = resource.group.split('.', 1)[0] ?? ''
    visit(resource.kind, PACKAGES[resource.group] ?? `io.k8s.api.${group}.v1`)
  }
  return named
}

/** Definitions a schema refers to, directly. */
export function referencesOf(schema: unknown): string[] {
  const found = new Set<string>()
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    const reference = (value as Schema).$ref
    if (typeof reference === 'string' && reference.startsWith(REFERENCE))
      found.add(reference.slice(REFERENCE.length))
    for (const part of Object.values(value)) walk(part)
  }
  walk(schema)
  return [...found]
}

/** Published name of a kind's schema at a version, e.g. `io.istio.networking.v1.VirtualService`. */
export function kindName(resource: ResourceKind, version: string): string {
  if (!resource.custom) return publishedName(resource.kind)
  return `${resource.group.split('.').toReversed().join('.')}.${version}.${resource.kind}`
}
