/** What the cluster says of the fields of a kind, and how an editor finds its way in it. */

/** What an editor needs to know of a place in an object. */
export interface KindSchema {
  type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'any'
  description?: string
  properties?: Record<string, KindSchema>
  required?: string[]
  items?: KindSchema
  /** what values of other keys are like */
  additional?: KindSchema
  enum?: string[]
  format?: string
}

/** A place in an object: keys, and `[]` for any item of a list. */
export type SchemaPath = readonly string[]

export const ITEM = '[]'

/** What is known of a place; undefined where the schema says nothing. */
export function findSchemaAt(schema: KindSchema, path: SchemaPath): KindSchema | undefined {
  let place: KindSchema | undefined = schema
  for (const part of path) {
    if (part === ITEM) place = place?.items
    else
      place =
        (place?.properties && Object.hasOwn(place.properties, part) ? place.properties[part] : undefined) ??
        place?.additional
  }
  return place
}

/** A field in words: `list of objects`, `text, one of STRICT, PERMISSIVE`. */
export function typeWords({ type, items, enum: values, format, additional, properties }: KindSchema): string {
  if (values && values.length > 0) return `one of ${values.join(', ')}`
  if (type === 'array') return `list of ${items ? typeWords(items) : 'anything'}`
  if (type === 'object' && additional && !properties) return `map of ${typeWords(additional)}`
  const word = {
    object: 'object',
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
    any: 'anything',
  }[type]
  return format === undefined || type !== 'string' ? word : `${word} (${format})`
}
