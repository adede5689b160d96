import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { qualifiedKind } from '../kinds'
import type { ResourceKind } from '../kinds'

/** JSON schema as Kubernetes' OpenAPI writes it; `$ref` only ever names another definition. */
export interface Schema {
  $ref?: string
  description?: string
  type?: string
  format?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema
  allOf?: Schema[]
  enum?: (string | number)[]
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic'
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-patch-strategy'?: string
  'x-kubernetes-patch-merge-key'?: string
  [key: string]: unknown
}

interface Definitions {
  builtin: Record<string, Schema>
  custom: Record<string, Schema>
}

const REFERENCE = '#/definitions/'
let loaded: Definitions | undefined

/** All schemas, read once. Written by `scripts/generate-kubernetes-schemas.ts`. */
export function definitions(): Definitions {
  loaded ??= JSON.parse(
    readFileSync(fileURLToPath(new URL('./definitions.json', import.meta.url)), 'utf8'),
  ) as Definitions
  return loaded
}

/** The schema of a kind; undefined when none is known. */
export function schemaOf(resource: ResourceKind): Schema | undefined {
  return resource.custom
    ? definitions().custom[qualifiedKind(resource.kind, resource.group)]
    : definitions().builtin[resource.kind]
}

/** The schema behind a reference, with the merge rules the reference itself carries. */
export function resolve(schema: Schema): Schema {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref
  if (reference === undefined) return schema
  const target = definitions().builtin[reference.slice(REFERENCE.length)]
  if (target === undefined) throw new Error(`no definition ${reference}`)
  const strategy = schema['x-kubernetes-patch-strategy']
  return strategy === undefined ? target : { ...target, 'x-kubernetes-patch-strategy': strategy }
}

/** Whether fields beyond the named ones are kept as they are. */
export function isOpen(schema: Schema): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    (schema.type === 'object' &&
      schema.properties === undefined &&
      schema.additionalProperties === undefined) ||
    (schema.type === undefined &&
      schema.properties === undefined &&
      schema['x-kubernetes-int-or-string'] !== true)
  )
}

export { REFERENCE }
