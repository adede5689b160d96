import type { KubernetesObject } from '@/lib/demo/model'
import { apiVersionOf } from '../kinds'
import type { ResourceKind } from '../kinds'
import type { JsonRecord } from '../json'
import type { Representation } from './responses'
import { columnsOf } from './table-columns'

/** How the objects of one answer are written: in which version, and whether whole, as metadata or as a table. */
export interface View {
  resource: ResourceKind
  version: string
  form: Representation
  /** which object a table row carries */
  includeObject: 'None' | 'Metadata' | 'Object'
  nowMs: number
}

/** The object in the version asked for; all versions of a kind here have one shape. */
export function inVersion(
  object: KubernetesObject,
  resource: ResourceKind,
  version: string,
): KubernetesObject {
  const apiVersion = apiVersionOf(resource.group, version)
  // kind first, as API servers write it
  const { kind, apiVersion: _stored, metadata, ...rest } = object
  return { kind, apiVersion, metadata, ...rest }
}

function metadataOnly(object: KubernetesObject): JsonRecord {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}

function table(
  objects: readonly KubernetesObject[],
  view: View,
  metadata: JsonRecord,
  withColumns: boolean,
): JsonRecord {
  const columns = columnsOf(view.resource)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns
      ? columns.map(({ name, type, format, description, priority }) => ({
          name,
          type,
          format,
          description,
          priority,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, view.nowMs)),
      ...(view.includeObject === 'None'
        ? {}
        : {
            object:
              view.includeObject === 'Object'
                ? inVersion(object, view.resource, view.version)
                : metadataOnly(object),
          }),
    })),
  }
}

/** One object as the client wants it. `isFirst` false leaves out what a watch said before. */
export function writeOne(object: KubernetesObject, view: View, isFirst = true): JsonRecord {
  switch (view.form) {
    case 'table':
      return table([object], view, { resourceVersion: object.metadata.resourceVersion }, isFirst)
    case 'metadata':
      return metadataOnly(object)
    default:
      return inVersion(object, view.resource, view.version)
  }
}

/** A list as the client wants it; `metadata` is that of the list. */
export function writeList(
  objects: readonly KubernetesObject[],
  view: View,
  metadata: JsonRecord,
): JsonRecord {
  switch (view.form) {
    case 'table':
      return table(objects, view, metadata, true)
    case 'metadata':
    case 'metadataList':
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: objects.map(metadataOnly),
      }
    default:
      return {
        kind: `${view.resource.kind}List`,
        apiVersion: apiVersionOf(view.resource.group, view.version),
        metadata,
        items: objects.map((object) => inVersion(object, view.resource, view.version)),
      }
  }
}

/** What a bookmark carries: a version and nothing else. */
export function writeBookmark(view: View, resourceVersion: string, annotations?: JsonRecord): JsonRecord {
  const metadata = { resourceVersion, ...(annotations === undefined ? {} : { annotations }) }
  if (view.form === 'table')
    return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: null, rows: [] }
  if (view.form === 'metadata')
    return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
  return { kind: view.resource.kind, apiVersion: apiVersionOf(view.resource.group, view.version), metadata }
}
