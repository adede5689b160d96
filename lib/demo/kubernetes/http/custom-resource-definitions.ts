import type { KubernetesObject } from '@/lib/demo/model'
import { RESOURCE_KINDS } from '../kinds'
import type { ResourceKind } from '../kinds'
import type { JsonRecord } from '../json'
import type { ObjectStore } from '../object-store'
import { schemaOf } from '../schema/schemas'
import { columnsOf } from './table-columns'

/** Puts the CustomResourceDefinitions of the served custom kinds into a store that has none of them. */
export function ensureDefinitions(store: ObjectStore, since: string): void {
  for (const resource of RESOURCE_KINDS) {
    if (!resource.custom) continue
    const name = `${resource.plural}.${resource.group}`
    const ref = { kind: 'CustomResourceDefinition', group: 'apiextensions.k8s.io', name }
    if (store.get(ref) === undefined) store.create(definitionOf(resource, name, since))
  }
}

function definitionOf(resource: ResourceKind, name: string, since: string): KubernetesObject {
  const names = {
    kind: resource.kind,
    listKind: `${resource.kind}List`,
    plural: resource.plural,
    singular: resource.singular,
    ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
    ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
  }
  const condition = (type: string, reason: string, message: string): JsonRecord => ({
    type,
    status: 'True',
    reason,
    message,
    lastTransitionTime: since,
  })
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name,
      creationTimestamp: since,
      labels: resource.group.endsWith('istio.io')
        ? { app: 'istio-pilot', chart: 'istio', release: 'istio' }
        : { 'gateway.networking.k8s.io/policy': 'None' },
    },
    spec: {
      group: resource.group,
      names,
      scope: resource.namespaced ? 'Namespaced' : 'Cluster',
      conversion: { strategy: 'None' },
      versions: resource.versions.map((version, index) => ({
        name: version,
        served: true,
        storage: index === 0,
        ...(resource.subresources.includes('status') ? { subresources: { status: {} } } : {}),
        additionalPrinterColumns: columnsOf(resource)
          .filter((column) => column.name !== 'Name' && column.jsonPath !== undefined)
          .map(({ name: title, type, description, jsonPath, priority }) => ({
            name: title,
            type,
            description,
            jsonPath,
            ...(priority > 0 ? { priority } : {}),
          })),
        schema: { openAPIV3Schema: structural(schemaOf(resource)) },
      })),
    },
    status: {
      acceptedNames: names,
      storedVersions: [resource.versions[0] ?? 'v1'],
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
    },
  }
}

/** CRDs say nothing of metadata but that it is an object, and refer to nothing outside themselves. */
function structural(schema: ReturnType<typeof schemaOf>): JsonRecord {
  if (schema === undefined) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  return { ...schema, properties: { ...schema.properties, metadata: { type: 'object' } } }
}
