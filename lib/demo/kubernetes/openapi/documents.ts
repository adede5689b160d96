import { RESOURCE_KINDS, apiVersionOf } from '../kinds'
import type { ResourceKind } from '../kinds'
import type { JsonRecord } from '../json'
import { KUBERNETES_VERSION, servedGroups } from '../http/discovery'
import { REFERENCE, definitions, schemaOf } from '../schema/schemas'
import type { Schema } from '../schema/schemas'
import { kindName, publishedName, referencesOf } from './names'

type Edition = 2 | 3

const PREFIX: Readonly<Record<Edition, string>> = { 2: '#/definitions/', 3: '#/components/schemas/' }
const INFO = { title: 'Kubernetes', version: KUBERNETES_VERSION.gitVersion }
const STRATEGIC_MERGE = 'application/strategic-merge-patch+json'
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  STRATEGIC_MERGE,
]

/** A schema with its references renamed to what this edition of OpenAPI publishes. */
function published(schema: Schema, edition: Edition): Schema {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref
  if (reference !== undefined) {
    const target = `${PREFIX[edition]}${publishedName(reference.slice(REFERENCE.length))}`
    const { $ref: _ref, allOf: _allOf, ...rest } = schema
    if (edition === 2 || Object.keys(rest).length === 0) return { ...rest, $ref: target }
    return { ...rest, allOf: [{ $ref: target }] }
  }
  const next: Schema = { ...schema }
  if (schema.properties !== undefined) {
    next.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, published(property, edition)]),
    )
  }
  if (schema.items !== undefined) next.items = published(schema.items, edition)
  if (schema.additionalProperties !== undefined) {
    next.additionalProperties = published(schema.additionalProperties, edition)
  }
  if (schema['x-kubernetes-int-or-string'] === true) {
    // second edition has no choice of types; Kubernetes calls it a string of this format
    if (edition === 2) return { ...next, type: 'string', format: 'int-or-string' }
    return { ...next, oneOf: [{ type: 'integer' }, { type: 'string' }] }
  }
  return next
}

function gvk(resource: ResourceKind, version: string): JsonRecord {
  return { group: resource.group, version, kind: resource.kind }
}

/** Schemas of some kinds and of everything they refer to, by published name. */
function schemasOf(
  kinds: readonly { resource: ResourceKind; version: string }[],
  edition: Edition,
): Record<string, Schema> {
  const schemas: Record<string, Schema> = {}
  const queue: string[] = ['Status', 'DeleteOptions']
  for (const { resource, version } of kinds) {
    const schema = schemaOf(resource) ?? { type: 'object' }
    const name = kindName(resource, version)
    schemas[name] = {
      ...published(schema, edition),
      'x-kubernetes-group-version-kind': [gvk(resource, version)],
    }
    schemas[`${name}List`] = {
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { $ref: `${PREFIX[edition]}${publishedName('ListMeta')}` },
        items: { type: 'array', items: { $ref: `${PREFIX[edition]}${name}` } },
      },
      'x-kubernetes-group-version-kind': [{ ...gvk(resource, version), kind: `${resource.kind}List` }],
    }
    queue.push('ListMeta', ...referencesOf(schema))
  }
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const definition = definitions().builtin[name]
    const target = publishedName(name)
    if (definition === undefined || schemas[target] !== undefined) continue
    schemas[target] = published(definition, edition)
    queue.push(...referencesOf(definition))
  }
  return schemas
}

function queryParameter(name: string, description: string, edition: Edition): JsonRecord {
  const type = { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true }
  return { name, in: 'query', description, ...(edition === 2 ? type : { schema: type }) }
}

/** The paths of one kind, each operation with the parameters kubectl looks for before it uses them. */
function pathsOf(resource: ResourceKind, version: string, edition: Edition): Record<string, JsonRecord> {
  const root = `${resource.group === '' ? '/api' : '/apis'}/${apiVersionOf(resource.group, version)}`
  const collection = `${root}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`
  const scope = resource.namespaced ? 'Namespaced' : ''
  const write = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) =>
    queryParameter(name, `${name} of the request`, edition),
  )
  const operation = (action: string, word: string, parameters: JsonRecord[], isList = false): JsonRecord => {
    const schema = { $ref: `${PREFIX[edition]}${kindName(resource, version)}${isList ? 'List' : ''}` }
    return {
      operationId: `${word}${pascal(resource.group)}${pascal(version)}${scope}${resource.kind}`,
      parameters,
      responses: {
        '200': {
          description: 'OK',
          ...(edition === 2 ? { schema } : { content: { 'application/json': { schema } } }),
        },
      },
      ...(action === 'patch' ? patchBody(resource, edition) : {}),
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': gvk(resource, version),
    }
  }
  const inPath = (name: string): JsonRecord => ({
    name,
    in: 'path',
    required: true,
    ...(edition === 2
      ? { type: 'string', uniqueItems: true }
      : { schema: { type: 'string', uniqueItems: true } }),
  })
  const namespaced = resource.namespaced ? [inPath('namespace')] : []
  return {
    [collection]: {
      get: operation('list', 'list', [], true),
      post: operation('post', 'create', write),
      ...(namespaced.length > 0 ? { parameters: namespaced } : {}),
    },
    [`${collection}/{name}`]: {
      get: operation('get', 'read', []),
      put: operation('put', 'replace', write),
      patch: operation('patch', 'patch', [
        ...write,
        queryParameter('force', 'take over fields other managers own', edition),
      ]),
      delete: operation('delete', 'delete', write.slice(0, 1)),
      parameters: [inPath('name'), ...namespaced],
    },
  }
}

/** Patch languages of a kind: kubectl sends a strategic merge patch only where one is offered. */
function patchBody(resource: ResourceKind, edition: Edition): JsonRecord {
  const types = PATCH_TYPES.filter((type) => !resource.custom || type !== STRATEGIC_MERGE)
  if (edition === 2) return { consumes: types }
  const schema = { type: 'object' }
  return {
    requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema }])), required: true },
  }
}

function pascal(text: string): string {
  return text.replace(/(^|[.-])(\w)/g, (_all, _sign, letter: string) => letter.toUpperCase())
}

function everyKind(): { resource: ResourceKind; version: string }[] {
  return RESOURCE_KINDS.flatMap((resource) => resource.versions.map((version) => ({ resource, version })))
}

/** `/openapi/v2`: everything in one document. */
export function openApiV2(): JsonRecord {
  const kinds = everyKind()
  return {
    swagger: '2.0',
    info: INFO,
    paths: Object.assign(
      {},
      ...kinds.map(({ resource, version }) => pathsOf(resource, version, 2)),
    ) as JsonRecord,
    definitions: schemasOf(kinds, 2),
  }
}

/** `/openapi/v3`: where the document of each group and version is. */
export function openApiV3Index(): JsonRecord {
  const places = ['api/v1']
  for (const [group, versions] of servedGroups())
    for (const version of versions) places.push(`apis/${group}/${version}`)
  const paths = Object.fromEntries(
    places.map((place) => [
      place,
      { serverRelativeURL: `/openapi/v3/${place}?hash=${KUBERNETES_VERSION.gitVersion}` },
    ]),
  )
  return { paths }
}

/** `/openapi/v3/{place}`; undefined where nothing is served. */
export function openApiV3(group: string, version: string): JsonRecord | undefined {
  const isServed = group === '' ? version === 'v1' : (servedGroups().get(group)?.includes(version) ?? false)
  if (!isServed) return undefined
  const kinds = everyKind().filter(
    ({ resource, version: own }) => resource.group === group && own === version,
  )
  return {
    openapi: '3.0.0',
    info: INFO,
    paths: Object.assign({}, ...kinds.map(({ resource }) => pathsOf(resource, version, 3))) as JsonRecord,
    components: { schemas: schemasOf(kinds, 3) },
  }
}
