/** The schema of one kind out of an API server's OpenAPI document: references resolved, size bounded. */
import { z } from 'zod'
import type { KindSchema } from '@/lib/istio/kind-schema'

export const SCHEMA_BOUNDS = {
  /** places of one kind; the largest of Istio and the Gateway API have some thousands */
  nodes: 20_000,
  depth: 32,
  descriptionLength: 700,
} as const

const Raw = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  allOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  'x-kubernetes-group-version-kind': z
    .array(z.object({ group: z.string(), version: z.string(), kind: z.string() }))
    .optional()
    .catch(undefined),
})
type Raw = z.infer<typeof Raw>

export const openApiIndex = z.object({
  paths: z.record(z.string(), z.looseObject({ serverRelativeURL: z.string() })),
})
export const openApiDocument = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

const PREFIX = '#/components/schemas/'
/** Kept by the API server; nobody writes it. */
const NOT_WRITTEN = ['status', 'managedFields', 'selfLink', 'uid', 'creationTimestamp', 'deletionTimestamp']

/**
 * The schema of a kind; undefined when the document has none. Without `status` and what the server keeps. A type that
 * holds itself ends where it would repeat, and beyond the bounds everything is `any`: nothing is then known there.
 */
export function findKindSchema(
  schemas: Readonly<Record<string, unknown>>,
  wanted: { group: string; version: string; kind: string },
): KindSchema | undefined {
  for (const value of Object.values(schemas)) {
    const parsed = Raw.safeParse(value)
    if (!parsed.success) continue
    const named = parsed.data['x-kubernetes-group-version-kind'] ?? []
    const isIt = named.some(
      ({ group, version, kind }) =>
        group === wanted.group && version === wanted.version && kind === wanted.kind,
    )
    if (!isIt) continue
    const budget = { nodes: SCHEMA_BOUNDS.nodes }
    const made = resolve(parsed.data, schemas, [], budget)
    return { ...made, ...(made.properties ? { properties: written(made.properties) } : {}) }
  }
  return undefined
}

function written(properties: Record<string, KindSchema>): Record<string, KindSchema> {
  const { metadata, ...rest } = without(properties)
  if (!metadata?.properties) return { ...(metadata ? { metadata } : {}), ...rest }
  return { metadata: { ...metadata, properties: without(metadata.properties) }, ...rest }
}

function without(properties: Record<string, KindSchema>): Record<string, KindSchema> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !NOT_WRITTEN.includes(name)))
}

function resolve(
  raw: Raw,
  schemas: Readonly<Record<string, unknown>>,
  above: readonly string[],
  budget: { nodes: number },
): KindSchema {
  budget.nodes -= 1
  const described = raw.description === undefined ? {} : { description: shortened(raw.description) }
  if (budget.nodes < 0 || above.length > SCHEMA_BOUNDS.depth) return { type: 'any', ...described }
  const reference = referenceOf(raw)
  if (reference !== undefined) {
    const target = Raw.safeParse(schemas[reference])
    if (!target.success || above.includes(reference)) return { type: 'any', ...described }
    return { ...resolve(target.data, schemas, [...above, reference], budget), ...described }
  }
  const next = (value: unknown): KindSchema | undefined => {
    const parsed = Raw.safeParse(value)
    // depth is counted in places as in references
    return parsed.success ? resolve(parsed.data, schemas, [...above, ''], budget) : undefined
  }
  const texts = (raw.enum ?? []).filter((one) => typeof one === 'string')
  const items = raw.items === undefined ? undefined : next(raw.items)
  const additional = raw.additionalProperties === undefined ? undefined : next(raw.additionalProperties)
  return {
    type: typeOf(raw),
    ...described,
    ...(raw.properties
      ? {
          properties: Object.fromEntries(
            Object.entries(raw.properties).flatMap(([name, value]) => {
              const made = next(value)
              return made ? [[name, made]] : []
            }),
          ),
        }
      : {}),
    ...(raw.required && raw.required.length > 0 ? { required: raw.required } : {}),
    ...(items ? { items } : {}),
    ...(additional ? { additional } : {}),
    ...(texts.length > 0 ? { enum: texts } : {}),
    ...(raw.format === undefined ? {} : { format: raw.format }),
  }
}

function referenceOf({ $ref, allOf }: Raw): string | undefined {
  const [only] = allOf?.length === 1 ? allOf : []
  const text = $ref ?? Raw.safeParse(only).data?.$ref
  return text?.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined
}

const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean'] as const

function typeOf({ type, properties, items, ...raw }: Raw): KindSchema['type'] {
  const known = TYPES.find((one) => one === type)
  if (known) return known
  if (properties) return 'object'
  if (items !== undefined) return 'array'
  return raw['x-kubernetes-int-or-string'] === true ? 'string' : 'any'
}

function shortened(text: string): string {
  const most = SCHEMA_BOUNDS.descriptionLength
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
