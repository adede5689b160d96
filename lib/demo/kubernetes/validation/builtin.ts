import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, asRecords, asStrings, at, canonicalJson, deepEqual } from '../json'
import type { StatusCause } from '../http/api-error'
import type { ResourceKind } from '../kinds'
import { missingFields } from '../schema/check'
import { schemaOf } from '../schema/schemas'

const WORKLOADS = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'])

/**
 * What a built-in object breaks: missing fields, and the rules people meet with workloads and services.
 * `before` is the stored object of an update. Wording follows the API server's.
 */
export function builtinProblems(
  object: KubernetesObject,
  before: KubernetesObject | undefined,
  resource: ResourceKind,
): StatusCause[] {
  const problems: StatusCause[] = []
  const schema = schemaOf(resource)
  if (schema !== undefined) {
    const { status: _status, ...desired } = object
    for (const field of missingFields(desired, schema)) {
      problems.push({ reason: 'FieldValueRequired', message: 'Required value', field })
    }
  }
  const spec = asRecord(object.spec)
  if (WORKLOADS.has(resource.kind)) problems.push(...workloadProblems(spec, before))
  if (resource.kind === 'Service' && resource.group === '') problems.push(...serviceProblems(spec, before))
  if (typeof spec.replicas === 'number' && spec.replicas < 0) {
    problems.push(invalid('spec.replicas', spec.replicas, 'must be greater than or equal to 0'))
  }
  return problems
}

function workloadProblems(
  spec: Record<string, unknown>,
  before: KubernetesObject | undefined,
): StatusCause[] {
  const problems: StatusCause[] = []
  const selector = asStrings(at(spec.selector, 'matchLabels'))
  const labels = asStrings(at(spec.template, 'metadata', 'labels'))
  if (
    spec.selector !== undefined &&
    Object.keys(selector).length === 0 &&
    !at(spec.selector, 'matchExpressions')
  ) {
    problems.push(invalid('spec.selector', {}, 'empty selector is invalid for deployment'))
  }
  if (Object.entries(selector).some(([key, value]) => labels[key] !== value)) {
    problems.push(
      invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    )
  }
  if (before !== undefined && !deepEqual(asRecord(before.spec).selector, spec.selector)) {
    problems.push(invalid('spec.selector', spec.selector, 'field is immutable'))
  }
  const containers = at(spec.template, 'spec', 'containers')
  if (Array.isArray(containers)) {
    if (containers.length === 0) {
      problems.push({
        reason: 'FieldValueRequired',
        message: 'Required value',
        field: 'spec.template.spec.containers',
      })
    }
    asRecords(containers).forEach((container, index) => {
      if (typeof container.image === 'string' && container.image !== '') return
      const field = `spec.template.spec.containers[${index}].image`
      problems.push({ reason: 'FieldValueRequired', message: 'Required value', field })
    })
  }
  return problems
}

function serviceProblems(spec: Record<string, unknown>, before: KubernetesObject | undefined): StatusCause[] {
  const problems: StatusCause[] = []
  const ports = asRecords(spec.ports)
  if (ports.length === 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName') {
    problems.push({ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.ports' })
  }
  ports.forEach((port, index) => {
    const number = port.port
    if (typeof number === 'number' && (number < 1 || number > 65_535)) {
      problems.push(invalid(`spec.ports[${index}].port`, number, 'must be between 1 and 65535, inclusive'))
    }
    if (ports.length > 1 && typeof port.name !== 'string') {
      problems.push({
        reason: 'FieldValueRequired',
        message: 'Required value',
        field: `spec.ports[${index}].name`,
      })
    }
  })
  const old = asRecord(before?.spec).clusterIP
  if (
    typeof old === 'string' &&
    spec.clusterIP !== undefined &&
    spec.clusterIP !== old &&
    spec.type !== 'ExternalName'
  ) {
    problems.push(invalid('spec.clusterIPs[0]', [spec.clusterIP], 'may not change once set'))
  }
  return problems
}

function invalid(field: string, value: unknown, message: string): StatusCause {
  const shown = typeof value === 'object' && value !== null ? canonicalJson(value) : JSON.stringify(value)
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: ${message}`, field }
}
