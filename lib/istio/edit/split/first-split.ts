/** The first split of a service: the objects that let its requests be shared between versions. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, setAt, type Fields } from '../fields'
import { writtenBackend } from './rule'
import { withMirror, withTesters, isHeader } from './rule-extras'
import { weightProblems } from './weights'

interface ServiceName {
  namespace: string
  service: string
}

/** How the requests of a service are to be shared, and by what. */
export interface FirstSplit extends ServiceName {
  /** weights in the order of the versions; `service` is what a route of the Gateway API sends to */
  versions: readonly { subset: string; service: string | null; weight: number }[]
  /** of the service; routes of the Gateway API need it */
  port: number | null
  /** requests with this header go to that version (place), whatever the weights */
  testers: { header: string; value: string; place: number } | null
  /** `percent` of the requests are copied to that version (place) */
  mirror: { percent: number; place: number } | null
}

/** A virtual service for callers in the mesh that shares a service's requests between subsets. */
export function firstVirtualService(split: FirstSplit): ConfigObject {
  const { namespace, service } = split
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: service, namespace },
    spec: { hosts: [service], http: [...testersOf(split, 'istio'), sharedRule(split, 'istio')] },
  }
}

/** An HTTPRoute on the service itself that shares its requests between services of one version each. */
export function firstHttpRoute(split: FirstSplit): ConfigObject {
  const { namespace, service, port } = split
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: service, namespace },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: service, ...(port === null ? {} : { port }) }],
      rules: [...testersOf(split, 'gateway'), sharedRule(split, 'gateway')],
    },
  }
}

const EVERYTHING = { path: { type: 'PathPrefix', value: '/' } }

function testersOf(split: FirstSplit, api: 'istio' | 'gateway'): Fields[] {
  const { testers } = split
  if (!testers) return []
  const { header, value, place } = testers
  const to = backendAt(split, api, place)
  return api === 'istio'
    ? [{ name: 'testers', match: [{ headers: { [header.toLowerCase()]: { exact: value } } }], route: [to] }]
    : [
        {
          matches: [{ ...EVERYTHING, headers: [{ type: 'Exact', name: header, value }] }],
          backendRefs: [to],
        },
      ]
}

function sharedRule(split: FirstSplit, api: 'istio' | 'gateway'): Fields {
  const { versions, mirror } = split
  const shares = versions.map(({ weight }, place) => ({ ...backendAt(split, api, place), weight }))
  const copy = mirror && backendAt(split, api, mirror.place)
  if (api === 'istio') {
    return {
      route: shares,
      ...(mirror && copy ? { mirror: copy.destination, mirrorPercentage: { value: mirror.percent } } : {}),
    }
  }
  return {
    matches: [EVERYTHING],
    ...(mirror && copy
      ? {
          filters: [{ type: 'RequestMirror', requestMirror: { backendRef: copy, percent: mirror.percent } }],
        }
      : {}),
    backendRefs: shares,
  }
}

function backendAt({ service, versions, port }: FirstSplit, api: 'istio' | 'gateway', place: number): Fields {
  const version = versions[place]
  return api === 'istio'
    ? writtenBackend('istio', {
        host: service,
        namespace: null,
        subset: version?.subset ?? null,
        port: null,
      })
    : writtenBackend('gateway', {
        host: version?.service ?? `${service}-${version?.subset ?? ''}`,
        namespace: null,
        subset: null,
        port,
      })
}

/**
 * A virtual service whose rule at `path` sends everything to the service, made to share it between the versions. Host,
 * port, headers and all else the destination says stay; so does the rest of the rule.
 */
export function splitLoneRule(
  object: ConfigObject,
  path: string,
  split: FirstSplit,
): { object: ConfigObject } | { problem: string } {
  const index = Number(/^spec\.http\[(\d+)\]\.route$/.exec(path)?.[1] ?? Number.NaN)
  const rules = asFields(object.spec).http
  const rule = Array.isArray(rules) ? asFields(rules[index]) : {}
  const [entry, ...others] = Array.isArray(rule.route) ? rule.route.map(asFields) : []
  if (!entry || others.length > 0) {
    return { problem: 'The rule does not send to one place any more: somebody changed it. Load it again.' }
  }
  const { weight: _weight, ...kept } = entry
  const to = (subset: string): Fields => ({
    ...kept,
    destination: { ...asFields(entry.destination), subset },
  })
  let next = setAt(
    object,
    ['spec', 'http', index, 'route'],
    split.versions.map(({ subset, weight }) => ({ ...to(subset), weight })),
  )
  const backend = (place: number) => ({
    host: String(asFields(entry.destination).host ?? ''),
    namespace: null,
    subset: split.versions[place]?.subset ?? null,
    port: null,
  })
  if (split.mirror) {
    const { percent, place } = split.mirror
    const made = withMirror(next, path, { backend: backend(place), percent })
    if ('problem' in made) return made
    next = made.object
  }
  if (split.testers) {
    const { header, value, place } = split.testers
    const made = withTesters(next, path, { header, value, backend: backend(place) })
    if ('problem' in made) return made
    next = made.object
  }
  return { object: next }
}

/** A service of one version: what a route of the Gateway API needs in the place of a subset. */
export function versionService(
  { namespace, service }: ServiceName,
  version: { name: string; labels: Readonly<Record<string, string>> },
  ports: readonly { port: number; name: string | null; protocol: string }[],
): ConfigObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${service}-${version.name}`, namespace },
    spec: {
      selector: { ...version.labels },
      ports: ports.map(({ port, name, protocol }) => ({
        ...(name === null ? {} : { name }),
        port,
        protocol,
      })),
    },
  }
}

/** What somebody typed for a first split. */
export interface TypedSplit {
  /** of the chosen versions, in their order */
  weights: readonly string[]
  /** null: none */
  testers: { header: string; value: string } | null
  mirror: { percent: string } | null
}

export interface SplitProblem {
  field: 'weights' | 'header' | 'value' | 'percent'
  /** of a weight; null when it is about all of them */
  place: number | null
  message: string
}

/** What keeps it from being made; empty: nothing. */
export function firstSplitProblems({ weights, testers, mirror }: TypedSplit): SplitProblem[] {
  if (weights.length < 2) {
    return [{ field: 'weights', place: null, message: 'Choose two versions or more: one is no split.' }]
  }
  const problems = weightProblems(weights, 100).map(({ place, message }): SplitProblem => ({
    field: 'weights',
    place,
    message,
  }))
  const say = (field: SplitProblem['field'], message: string) =>
    problems.push({ field, place: null, message })
  if (testers && !isHeader(testers.header)) {
    say('header', 'Give the name of a header, such as end-user: letters, digits and hyphens.')
  }
  if (testers && testers.value === '') say('value', 'Give the value the header must have.')
  if (mirror) {
    const percent = mirror.percent.trim() === '' ? Number.NaN : Number(mirror.percent)
    if (!(percent > 0 && percent <= 100) || !Number.isInteger(percent)) {
      say('percent', 'Copy a whole percentage from 1 to 100 of the requests.')
    }
  }
  return problems
}
