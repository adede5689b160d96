import { asList, asRecord, asRecords, asText } from '../json'
import type { JsonRecord } from '../json'

/**
 * An OpenAPI v2 document as the protobuf message kubectl before 1.27 insists on.
 * Message: openapiv2.Document of github.com/google/gnostic-models, OpenAPIv2.proto; only fields our documents use.
 */
export function encodeOpenApiV2(document: JsonRecord): Buffer {
  return message([
    text(1, document.swagger),
    nested(2, message([text(1, asRecord(document.info).title), text(2, asRecord(document.info).version)])),
    nested(8, message(entries(document.paths).map(([path, item]) => nested(2, named(path, pathItem(item)))))),
    nested(9, namedSchemas(document.definitions)),
  ])
}

type Part = Buffer | undefined

function message(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.filter((part): part is Buffer => part !== undefined))
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

function nested(field: number, body: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body])
}

function text(field: number, value: unknown): Part {
  return typeof value === 'string' && value !== '' ? nested(field, Buffer.from(value)) : undefined
}

function flag(field: number, value: unknown): Part {
  return value === true ? Buffer.concat([varint(field * 8), varint(1)]) : undefined
}

function whole(field: number, value: unknown): Part {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? Buffer.concat([varint(field * 8), varint(value)])
    : undefined
}

function double(field: number, value: unknown): Part {
  if (typeof value !== 'number') return undefined
  const body = Buffer.alloc(8)
  body.writeDoubleLE(value)
  return Buffer.concat([varint(field * 8 + 1), body])
}

function entries(value: unknown): [string, JsonRecord][] {
  return Object.entries(asRecord(value)).map(([name, item]) => [name, asRecord(item)])
}

function named(name: string, body: Buffer): Buffer {
  return message([text(1, name), nested(2, body)])
}

/** `x-…` fields, each as YAML text (JSON is YAML). */
function extensions(field: number, value: JsonRecord): Part[] {
  return Object.entries(value)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, item]) => nested(field, named(name, message([text(2, JSON.stringify(item))]))))
}

function namedSchemas(schemas: unknown): Buffer {
  return message(entries(schemas).map(([name, item]) => nested(1, named(name, schema(item)))))
}

function schema(value: JsonRecord): Buffer {
  const items = asRecord(value.items)
  const values = asRecord(value.additionalProperties)
  return message([
    text(1, value.$ref),
    text(2, value.format),
    text(4, value.description),
    double(7, value.maximum),
    double(9, value.minimum),
    whole(11, value.maxLength),
    whole(12, value.minLength),
    text(13, value.pattern),
    whole(14, value.maxItems),
    whole(15, value.minItems),
    ...asList(value.required).map((name) => text(19, name)),
    ...asList(value.enum).map((item) => nested(20, message([text(2, JSON.stringify(item))]))),
    value.additionalProperties === undefined ? undefined : nested(21, message([nested(1, schema(values))])),
    asText(value.type) === '' ? undefined : nested(22, message([text(1, value.type)])),
    value.items === undefined ? undefined : nested(23, message([nested(1, schema(items))])),
    value.properties === undefined ? undefined : nested(25, namedSchemas(value.properties)),
    ...extensions(31, value),
  ])
}

const OPERATIONS: readonly [string, number][] = [
  ['get', 2],
  ['put', 3],
  ['post', 4],
  ['delete', 5],
  ['patch', 8],
]

function pathItem(item: JsonRecord): Buffer {
  return message([
    ...OPERATIONS.map(([method, field]) =>
      item[method] === undefined ? undefined : nested(field, operation(asRecord(item[method]))),
    ),
    ...asRecords(item.parameters).map((parameter) => nested(9, parameterItem(parameter))),
  ])
}

function operation(value: JsonRecord): Buffer {
  const responses = entries(value.responses).map(([code, response]) =>
    nested(
      1,
      named(
        code,
        message([
          nested(
            1,
            message([
              text(1, response.description),
              nested(2, message([nested(1, schema(asRecord(response.schema)))])),
            ]),
          ),
        ]),
      ),
    ),
  )
  return message([
    text(5, value.operationId),
    ...asList(value.consumes).map((type) => text(7, type)),
    ...asRecords(value.parameters).map((parameter) => nested(8, parameterItem(parameter))),
    nested(9, message(responses)),
    ...extensions(13, value),
  ])
}

/** Query and path parameters; nothing else occurs. */
function parameterItem(parameter: JsonRecord): Buffer {
  const isQuery = parameter.in === 'query'
  const body = message([
    flag(1, parameter.required),
    text(2, parameter.in),
    text(3, parameter.description),
    text(4, parameter.name),
    text(isQuery ? 6 : 5, parameter.type),
  ])
  return message([nested(1, message([nested(2, message([nested(isQuery ? 3 : 4, body)]))]))])
}
