/**
 * Writes the JSON schemas the embedded Kubernetes API publishes and validates by, from the types of two
 * packages: `@kubernetes/client-node` (built-in kinds, Kubernetes' own OpenAPI) and `@kubernetes-models/*`
 * (Istio and Gateway API, from their CRDs). Run after either is updated:
 *
 *   npx tsx scripts/generate-kubernetes-schemas.ts
 */
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import { RESOURCE_KINDS } from '@/lib/demo/kubernetes/kinds'
import { LIST_KEYS } from '@/lib/demo/kubernetes/schema/list-keys'

interface Schema {
  [key: string]: unknown
  properties?: Record<string, Schema>
  required?: string[]
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const MODELS = join(root, 'node_modules/@kubernetes/client-node/dist/gen/models')
const CUSTOM: Record<string, string> = {
  'gateway.networking.k8s.io': 'gateway-api',
}
/** Built-in kinds that are no stored resource but are posted or answered. */
const MORE_BUILTINS = [
  'V1SelfSubjectAccessReview',
  'V1SelfSubjectRulesReview',
  'V1SelfSubjectReview',
  'V1TokenReview',
  'V1Scale',
  'V1DeleteOptions',
  'V1Status',
  'V1ListMeta',
]

const builtinClasses = RESOURCE_KINDS.filter((resource) => !resource.custom).map((resource) =>
  resource.kind === 'Event' ? 'CoreV1Event' : `V1${resource.kind}`,
)
const roots = [...new Set([...builtinClasses, ...MORE_BUILTINS])]
const customs = RESOURCE_KINDS.filter((resource) => resource.custom).map((resource) => {
  const version = resource.versions[0] ?? 'v1'
  const folder = CUSTOM[resource.group] ?? 'istio'
  const file = join(
    root,
    'node_modules/@kubernetes-models',
    folder,
    resource.group,
    version,
    `${resource.kind}.d.ts`,
  )
  if (!existsSync(file)) throw new Error(`no types for ${resource.kind} ${version} at ${file}`)
  return { resource, file }
})

const program = ts.createProgram(
  [...roots.map((name) => join(MODELS, `${name}.d.ts`)), ...customs.map((custom) => custom.file)],
  {
    strict: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
    skipLibCheck: true,
  },
)
const checker = program.getTypeChecker()

function exported(file: string, name: string): ts.Type {
  const source = program.getSourceFile(file)
  const exporter = source && checker.getSymbolAtLocation(source)
  const symbol = exporter && checker.getExportsOfModule(exporter).find((candidate) => candidate.name === name)
  if (symbol === undefined) throw new Error(`${file} exports no ${name}`)
  return checker.getDeclaredTypeOfSymbol(symbol)
}

function documentation(symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim()
}

/** The class of client-node a type names, e.g. `V1PodSpec`. */
function modelName(type: ts.Type): string | undefined {
  const declaration = type.symbol?.declarations?.[0]
  if (declaration === undefined || !ts.isClassDeclaration(declaration)) return undefined
  return declaration.getSourceFile().fileName.includes('/client-node/dist/gen/models/')
    ? type.symbol.name
    : undefined
}

const formats = new Map<string, Map<string, string>>()

async function formatsOf(model: string): Promise<Map<string, string>> {
  let known = formats.get(model)
  if (known === undefined) {
    const loaded = (await import(pathToFileURL(join(MODELS, `${model}.js`)).href)) as Record<
      string,
      { getAttributeTypeMap(): { baseName: string; name: string; format: string }[] }
    >
    known = new Map(loaded[model]?.getAttributeTypeMap().map((field) => [field.name, field.format]))
    formats.set(model, known)
  }
  return known
}

const definitionName = (model: string) => model.replace(/^(Core)?V1/, '')
const wanted: string[] = []

function schemaOf(type: ts.Type, format = ''): Schema {
  const parts = type.isUnion() ? type.types.filter((part) => !(part.flags & ts.TypeFlags.Undefined)) : [type]
  const literals = parts.filter((part): part is ts.StringLiteralType => part.isStringLiteral())
  if (literals.length === parts.length)
    return { type: 'string', enum: literals.map((literal) => literal.value) }
  if (parts.every((part) => part.flags & ts.TypeFlags.BooleanLike)) return { type: 'boolean' }
  if (parts.length > 1) {
    const isIntOrString = parts.every((part) => part.flags & (ts.TypeFlags.String | ts.TypeFlags.Number))
    if (isIntOrString) return { 'x-kubernetes-int-or-string': true }
    const numbers = parts.filter((part): part is ts.NumberLiteralType => part.isNumberLiteral())
    if (numbers.length === parts.length)
      return { type: 'integer', enum: numbers.map((number) => number.value) }
    const isChoice = parts.every((part) => part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))
    return isChoice ? choiceSchema(parts) : { 'x-kubernetes-preserve-unknown-fields': true }
  }
  let only = parts[0] as ts.Type
  // choices around a list repeat its type: any one of them says all
  if (only.isIntersection()) only = only.types.find((part) => checker.isArrayType(part)) ?? only
  if (only.flags & ts.TypeFlags.String) return format === '' ? { type: 'string' } : { type: 'string', format }
  if (only.flags & ts.TypeFlags.Number) {
    return /^int\d+$/.test(format) ? { type: 'integer', format } : { type: 'number' }
  }
  const name = only.symbol?.name
  if (name === 'Date' || name === 'V1MicroTime') return { type: 'string', format: 'date-time' }
  if (name === 'IObjectMeta' || name === 'IIoK8sApimachineryPkgApisMetaV1ObjectMeta')
    return referTo('V1ObjectMeta')
  if (checker.isArrayType(only)) {
    const [item] = checker.getTypeArguments(only as ts.TypeReference)
    return { type: 'array', items: item === undefined ? {} : schemaOf(item) }
  }
  if (only.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) {
    return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  }
  const model = modelName(only)
  if (model !== undefined) return referTo(model)
  const index = checker.getIndexInfoOfType(only, ts.IndexKind.String)
  if (index !== undefined && only.getProperties().length === 0) {
    return { type: 'object', additionalProperties: schemaOf(index.type) }
  }
  return objectSchema(only, new Map())
}

/** CRDs say "exactly one of these fields" with oneOf; structurally that is one object with all of the fields. */
function choiceSchema(choices: readonly ts.Type[]): Schema {
  const properties: Record<string, Schema> = {}
  let required: string[] | undefined
  for (const choice of choices) {
    const schema = objectSchema(choice, new Map())
    for (const [name, property] of Object.entries(schema.properties ?? {})) properties[name] ??= property
    required = (required ?? schema.required ?? []).filter((name) => schema.required?.includes(name))
  }
  return { type: 'object', properties, ...(required?.length ? { required } : {}) }
}

function referTo(model: string): Schema {
  if (!wanted.includes(model)) wanted.push(model)
  return { $ref: `#/definitions/${definitionName(model)}` }
}

function objectSchema(type: ts.Type, fieldFormats: ReadonlyMap<string, string>): Schema {
  const schema: Schema = { type: 'object' }
  const properties: Record<string, Schema> = {}
  const required: string[] = []
  for (const symbol of type.getProperties()) {
    if (symbol.flags & ts.SymbolFlags.Method) continue
    // client-node renames fields that are words of JavaScript
    const name = symbol.name.replace(/^_/, '')
    const own = schemaOf(checker.getTypeOfSymbol(symbol), fieldFormats.get(symbol.name) ?? '')
    const description = documentation(symbol)
    const isReference = own.$ref !== undefined
    properties[name] =
      description === '' ? own : isReference ? { description, allOf: [own] } : { description, ...own }
    if (!(symbol.flags & ts.SymbolFlags.Optional)) required.push(name)
  }
  if (Object.keys(properties).length > 0) schema.properties = properties
  else schema['x-kubernetes-preserve-unknown-fields'] = true
  if (required.length > 0) schema.required = required
  return schema
}

/** Marks lists whose items are told apart by a key, see LIST_KEYS. */
function addListKeys(definition: string, schema: Schema): void {
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    const keys = LIST_KEYS[`${definition}.${field}`] ?? LIST_KEYS[`*.${field}`]
    if (keys === undefined) continue
    if (keys.retainKeys === true && keys.merge === undefined) {
      property['x-kubernetes-patch-strategy'] = 'retainKeys'
      continue
    }
    if (property.type !== 'array') continue
    property['x-kubernetes-list-type'] = keys.map === undefined ? 'set' : 'map'
    if (keys.map !== undefined) property['x-kubernetes-list-map-keys'] = keys.map
    property['x-kubernetes-patch-strategy'] = keys.retainKeys === true ? 'merge,retainKeys' : 'merge'
    if (keys.merge !== undefined) property['x-kubernetes-patch-merge-key'] = keys.merge
  }
}

function addListKeysDeep(name: string, schema: Schema): void {
  addListKeys(name, schema)
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    addListKeysDeep(`${name}.${field}`, property)
    const items = property.items
    if (typeof items === 'object' && items !== null) addListKeysDeep(`${name}.${field}`, items as Schema)
  }
}

type Validate = ((document: unknown) => boolean) & {
  errors: { instancePath: string; keyword: string; params: Record<string, unknown> }[] | null
}

/** `VirtualService` of `networking.istio.io` at `v1`: the validator compiled from its CRD. */
async function validatorOf(group: string, version: string, kind: string): Promise<Validate> {
  const isGatewayApi = CUSTOM[group] !== undefined
  const words = (text: string) =>
    text.replace(/(^|[.-])(\w)/g, (_all, _dot, letter: string) => letter.toUpperCase())
  const name = isGatewayApi
    ? `IoK8sSigsGatewayApiApis${words(version)}${kind}`
    : `${words(group)}${words(version)}${kind}`
  const file = join(
    root,
    'node_modules/@kubernetes-models',
    CUSTOM[group] ?? 'istio',
    '_schemas',
    `${name}.js`,
  )
  return ((await import(pathToFileURL(file).href)) as { validate: Validate }).validate
}

const WILD_TEXTS = ['', '\u0001'.repeat(70_000)]
const WILD_NUMBERS = [0.5, -1e17, 1e17]
const MANY = 5_000

/**
 * Types do not carry bounds and patterns, but a validator names the one a value breaks: every field is tried
 * with values that break all bounds, and what is said about that field goes into its schema.
 */
function addBounds(schema: Schema, path: readonly string[], validate: Validate): void {
  const ask = (value: unknown) => {
    const pointer = `/${path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
    validate(documentWith(path, value))
    return (validate.errors ?? []).filter((error) => error.instancePath === pointer)
  }
  const take = (errors: ReturnType<typeof ask>) => {
    for (const { keyword, params } of errors) {
      if (keyword === 'type' && params.type === 'integer') schema.type = 'integer'
      else if (keyword === 'pattern') schema.pattern = params.pattern
      else if (keyword === 'format' && typeof params.format === 'string') schema.format = params.format
      else if (/^(min|max)(Length|Items|Properties|imum)$/.test(keyword)) schema[keyword] = params.limit
    }
  }
  if (schema.$ref !== undefined || schema.allOf !== undefined) return
  if (schema.type === 'string' && schema.enum === undefined) WILD_TEXTS.forEach((text) => take(ask(text)))
  if (schema.type === 'number') WILD_NUMBERS.forEach((number) => take(ask(number)))
  const items = schema.items as Schema | undefined
  if (items !== undefined) {
    take(ask([]))
    take(ask(Array.from({ length: MANY }, () => null)))
    addBounds(items, [...path, '0'], validate)
  }
  const values = schema.additionalProperties as Schema | undefined
  if (values !== undefined) {
    take(ask({}))
    take(ask(Object.fromEntries(Array.from({ length: MANY }, (_none, index) => [`k${index}`, null]))))
    addBounds(values, [...path, 'key'], validate)
  }
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    addBounds(property, [...path, name], validate)
}

function documentWith(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, part) => (part === '0' ? [inner] : { [part]: inner }), value)
}

const definitions: Record<string, Schema> = {}
for (const model of roots) referTo(model)
const crds: Record<string, Schema> = {}
for (const { resource, file } of customs) {
  const type = exported(file, `I${resource.kind}`)
  const schema = objectSchema(type, new Map())
  const { apiVersion: _version, kind: _kind, ...properties } = schema.properties ?? {}
  const required = schema.required?.filter((name) => name !== 'apiVersion' && name !== 'kind')
  const description = type.symbol === undefined ? '' : documentation(type.symbol)
  const whole: Schema = {
    ...(description === '' ? {} : { description }),
    type: 'object',
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...properties },
    ...(required === undefined || required.length === 0 ? {} : { required }),
  }
  addListKeysDeep(resource.kind, whole)
  const validate = await validatorOf(resource.group, resource.versions[0] ?? 'v1', resource.kind)
  for (const part of ['spec', 'status']) {
    const property = whole.properties?.[part]
    if (property !== undefined) addBounds(property, [part], validate)
  }
  crds[`${resource.kind}.${resource.group}`] = whole
}
for (let next = wanted.shift(), done = new Set<string>(); next !== undefined; next = wanted.shift()) {
  if (done.has(next)) continue
  done.add(next)
  const type = exported(join(MODELS, `${next}.d.ts`), next)
  const schema = objectSchema(type, await formatsOf(next))
  const description = documentation(type.symbol)
  const name = definitionName(next)
  definitions[name] = description === '' ? schema : { description, ...schema }
  addListKeys(name, definitions[name])
}

const target = join(root, 'lib/demo/kubernetes/schema/definitions.json')
const sorted = (record: Record<string, Schema>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(target, `${JSON.stringify({ builtin: sorted(definitions), custom: sorted(crds) })}\n`)
console.log(
  `${Object.keys(definitions).length} built-in definitions, ${Object.keys(crds).length} custom kinds`,
)
