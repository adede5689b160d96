import type { KubernetesObject } from '@/lib/demo/model'
import { asStrings, at } from '../json'
import type { ResourceKind } from '../kinds'
import { badRequest } from './api-error'

export type Matcher = (object: KubernetesObject) => boolean

const EVERYTHING: Matcher = () => true

/**
 * A label selector in its URL form: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by
 * commas. Throws a 400 ApiError when it cannot be read.
 * Grammar: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api
 */
export function parseLabelSelector(text: string | null): Matcher {
  const terms = splitTerms(text ?? '')
  if (terms.length === 0) return EVERYTHING
  const matchers = terms.map(labelTerm)
  return (object) => {
    const labels = object.metadata.labels ?? {}
    return matchers.every((matches) => matches(labels))
  }
}

function labelTerm(term: string): (labels: Record<string, string>) => boolean {
  const set = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^()]*)\)$/.exec(term)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = new Set(list.split(',').map((value) => value.trim()))
    return operator === 'in'
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key])
  }
  const equality = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/.exec(term)
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value
  }
  const existence = /^(!?)\s*([^\s!=,()]+)$/.exec(term)
  if (existence !== null) {
    const [, not, key = ''] = existence
    return not === '!' ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined
  }
  throw badRequest(`unable to parse requirement: invalid label selector term ${JSON.stringify(term)}`)
}

/** Splits at commas outside parentheses. */
function splitTerms(text: string): string[] {
  const terms = text.split(/,(?![^(]*\))/).map((term) => term.trim())
  return terms.filter((term) => term !== '')
}

/** Fields every kind can be selected by, and those of single kinds. Others are a 400, as in Kubernetes. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '*': ['metadata.name', 'metadata.namespace'],
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Secret: ['type'],
  Job: ['status.successful'],
  ReplicaSet: ['status.replicas'],
}

/** A field selector: `metadata.name=x,status.phase!=Running`. Throws a 400 ApiError for fields a kind has not. */
export function parseFieldSelector(text: string | null, resource: ResourceKind): Matcher {
  const terms = splitTerms(text ?? '')
  if (terms.length === 0) return EVERYTHING
  const known = new Set([...(FIELDS['*'] ?? []), ...(resource.custom ? [] : (FIELDS[resource.kind] ?? []))])
  const matchers = terms.map((term): Matcher => {
    const parsed = /^([\w.]+)\s*(==|=|!=)(.*)$/.exec(term)
    const [, field = '', operator = '', value = ''] = parsed ?? []
    if (parsed === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`)
    if (!known.has(field)) throw badRequest(`field label not supported: ${field}`)
    const path = field === 'source' ? ['source', 'component'] : field.split('.')
    const wanted = value.trim()
    return (object) => {
      const found = at(object, ...path)
      const actual =
        found === undefined || found === null ? (field === 'spec.hostNetwork' ? 'false' : '') : String(found)
      return operator === '!=' ? actual !== wanted : actual === wanted
    }
  })
  return (object) => matchers.every((matches) => matches(object))
}

/** Both selectors of a list or watch. */
export function parseSelectors(query: URLSearchParams, resource: ResourceKind): Matcher {
  const labels = parseLabelSelector(query.get('labelSelector'))
  const fields = parseFieldSelector(query.get('fieldSelector'), resource)
  return (object) => labels(object) && fields(object)
}

/** The URL form of a workload's `spec.selector`, as the scale subresource reports it. */
export function selectorText(selector: unknown): string {
  return Object.entries(asStrings(at(selector, 'matchLabels')))
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',')
}
