import type { JsonRecord } from '../../json'
import { ApiError, badRequest } from '../api-error'
import { MESSAGES } from './messages'

/** Typed clients of Kubernetes 1.32 and later send built-in objects in this form. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf'

/** First bytes of every such body: `k8s` and a zero. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0])

/**
 * The object a protobuf body holds, as JSON would. Throws ApiError 400 when it cannot be read, and 415 naming
 * the field when it sets one this server reads only as JSON, so that nothing is dropped silently.
 * Format: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
export function decodeProtobuf(body: Buffer): JsonRecord {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw badRequest('the body is not in the form of Kubernetes protobuf')
  const envelope = new Map(fieldsOf(body.subarray(MAGIC.length)).map((field) => [field.number, field]))
  const type = new Map(fieldsOf(bytesOf(envelope.get(1))).map((field) => [field.number, textOf(field)]))
  const apiVersion = type.get(1) ?? ''
  const kind = type.get(2) ?? ''
  if (MESSAGES[kind] === undefined) throw onlyJson(`${kind || 'objects of no kind'}`)
  return { apiVersion, kind, ...decodeMessage(kind, bytesOf(envelope.get(2)), kind) }
}

interface Field {
  number: number
  value: bigint | Buffer
}

function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at]
      if (byte === undefined) throw badRequest('the protobuf body ends in the middle of a field')
      at += 1
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
    throw badRequest('the protobuf body holds a number that does not end')
  }
  const take = (length: number) => {
    if (at + length > bytes.length) throw badRequest('the protobuf body ends in the middle of a field')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const wire = tag & 7
    let value: bigint | Buffer
    if (wire === 0) value = varint()
    else if (wire === 2) value = take(Number(varint()))
    else if (wire === 1) value = take(8)
    else if (wire === 5) value = take(4)
    else throw badRequest(`the protobuf body uses wire type ${wire}`)
    fields.push({ number: tag >>> 3, value })
  }
  return fields
}

function bytesOf(field: Field | undefined): Buffer {
  return Buffer.isBuffer(field?.value) ? field.value : Buffer.alloc(0)
}

function textOf(field: Field): string {
  return bytesOf(field).toString('utf8')
}

function onlyJson(what: string): ApiError {
  return new ApiError(
    415,
    'UnsupportedMediaType',
    `this server reads ${what} only as application/json or application/yaml, not as ${PROTOBUF}`,
  )
}

function decodeMessage(name: string, bytes: Buffer, path: string): JsonRecord {
  const known = MESSAGES[name] ?? {}
  const decoded: JsonRecord = {}
  for (const field of fieldsOf(bytes)) {
    const entry = known[field.number]
    if (entry === undefined) {
      // messages that are no pointers are sent even when empty
      if (isEmpty(field)) continue
      throw onlyJson(`field ${field.number} of ${path}`)
    }
    const [key = '', type = ''] = entry.split(':')
    if (type.endsWith('[]')) {
      const item = decodeValue(type.slice(0, -2), field, `${path}.${key}`) ?? {}
      const list = decoded[key]
      decoded[key] = Array.isArray(list) ? [...(list as unknown[]), item] : [item]
    } else if (type.endsWith('{}')) {
      const pair = new Map(fieldsOf(bytesOf(field)).map((part) => [part.number, part]))
      const value = decodeValue(
        type.slice(0, -2),
        pair.get(2) ?? { number: 2, value: Buffer.alloc(0) },
        `${path}.${key}`,
      )
      const entryKey = textOf(pair.get(1) ?? { number: 1, value: Buffer.alloc(0) })
      decoded[key] = { ...(decoded[key] as JsonRecord | undefined), [entryKey]: value ?? '' }
    } else {
      const value = decodeValue(type, field, `${path}.${key}`)
      if (value !== undefined) decoded[key] = value
    }
  }
  return decoded
}

function isEmpty(field: Field): boolean {
  if (Buffer.isBuffer(field.value)) return field.value.length === 0
  return field.value === 0n
}

/** Undefined for what stands for an absent field: Go sends empty texts, zeros and empty messages as they are. */
function decodeValue(type: string, field: Field, path: string): unknown {
  const number = Buffer.isBuffer(field.value) ? 0 : Number(BigInt.asIntN(64, field.value))
  switch (type) {
    case 'skip':
      return undefined
    case 'text':
      return textOf(field) === '' ? undefined : textOf(field)
    case 'bytes':
      return bytesOf(field).toString('base64')
    case 'flag':
      return number === 1 ? true : undefined
    case 'whole':
      return number === 0 ? undefined : number
    case 'number':
      return number
    case 'quantity':
      return textOf(fieldsOf(bytesOf(field))[0] ?? { number: 1, value: Buffer.alloc(0) })
    case 'port':
      return portOf(bytesOf(field))
    default: {
      const message = decodeMessage(type, bytesOf(field), path)
      return Object.keys(message).length === 0 ? undefined : message
    }
  }
}

/** IntOrString: type 1 (0 a number, 1 a text), number 2, text 3. A zero number stands for none. */
function portOf(bytes: Buffer): number | string | undefined {
  const parts = new Map(fieldsOf(bytes).map((field) => [field.number, field]))
  if (parts.get(1)?.value === 1n) return textOf(parts.get(3) ?? { number: 3, value: Buffer.alloc(0) })
  return Number(parts.get(2)?.value ?? 0n) || undefined
}
