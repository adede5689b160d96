import type { KubernetesObject } from '@/lib/demo/model'
import type { StatusCause } from '../http/api-error'
import type { ResourceKind } from '../kinds'

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SERVICE_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/
const LABEL_VALUE = /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/
/** Kubernetes refuses annotations beyond this many bytes in all. */
const MAX_ANNOTATION_BYTES = 262_144

/**
 * What an object's name, labels and annotations break, in the words of an API server.
 * Rules: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function metadataProblems(object: KubernetesObject, resource: ResourceKind): StatusCause[] {
  const problems: StatusCause[] = []
  const { name, labels = {}, annotations = {} } = object.metadata
  const rule = nameRule(resource)
  if (name.length > rule.max) {
    problems.push(bad('metadata.name', name, `must be no more than ${rule.max} characters`))
  }
  if (!new RegExp(`^${rule.pattern}$`).test(name)) problems.push(bad('metadata.name', name, rule.message))
  for (const [key, value] of Object.entries(labels)) {
    if (!QUALIFIED.test(key)) problems.push(bad('metadata.labels', key, nameMessage('name part')))
    if (typeof value !== 'string' || value.length > 63 || !LABEL_VALUE.test(value)) {
      problems.push(bad('metadata.labels', String(value), labelMessage(String(value))))
    }
  }
  let bytes = 0
  for (const [key, value] of Object.entries(annotations)) {
    if (!QUALIFIED.test(key.toLowerCase()))
      problems.push(bad('metadata.annotations', key, nameMessage('name part')))
    bytes += Buffer.byteLength(key) + Buffer.byteLength(String(value))
  }
  if (bytes > MAX_ANNOTATION_BYTES) {
    problems.push({
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`,
      field: 'metadata.annotations',
    })
  }
  return problems
}

function nameRule(resource: ResourceKind): { pattern: string; max: number; message: string } {
  if (resource.kind === 'Namespace') {
    return {
      pattern: LABEL,
      max: 63,
      message: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
    }
  }
  if (resource.kind === 'Service' && resource.group === '') {
    return {
      pattern: SERVICE_LABEL,
      max: 63,
      message: `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${SERVICE_LABEL}')`,
    }
  }
  return {
    pattern: SUBDOMAIN,
    max: 253,
    message: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`,
  }
}

function nameMessage(what: string): string {
  return `${what} must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`
}

function labelMessage(value: string): string {
  if (value.length > 63) return 'must be no more than 63 bytes'
  return `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`
}

function bad(field: string, value: string, message: string): StatusCause {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${message}`,
    field,
  }
}
