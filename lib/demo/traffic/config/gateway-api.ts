/**
 * Routes of the Gateway API in the form of `rules.ts`: bound to Services (mesh) or to Gateways.
 * Reference: https://gateway-api.sigs.k8s.io/reference/spec/
 */
import type { KubernetesObject } from '@/lib/demo/model'
import { serviceHost } from './hosts'
import {
  byAge,
  durationMs,
  fields,
  hasFields,
  isGatewayApi,
  items,
  labelsOf,
  number,
  strings,
  text,
} from './read'
import type { Fields } from './read'
import { DEFAULT_RETRIES, NO_EDIT } from './rules'
import type {
  Action,
  Backend,
  HeaderEdit,
  HttpMatch,
  HttpRule,
  Mirror,
  Rewrite,
  RouteObject,
  Test,
} from './rules'
import { regexTest } from './virtual-services'

/** Whether a route may send to a service: it is there, and its namespace lets the route's refer to it. */
type MayUse = (namespace: string, name: string) => boolean

/** One entry per parent, since every parent lends its own hosts and port. */
export function readGatewayRoutes(
  objects: readonly KubernetesObject[],
  grants: readonly KubernetesObject[],
  hasService: (host: string) => boolean,
): RouteObject[] {
  return objects
    .filter(isGatewayApi)
    .sort(byAge)
    .flatMap((object) =>
      routesOf(
        object,
        (namespace, name) =>
          hasService(serviceHost(namespace, name)) &&
          (namespace === object.metadata.namespace || isGranted(grants, object, namespace, name)),
      ),
    )
}

/** https://gateway-api.sigs.k8s.io/api-types/referencegrant/ */
function isGranted(
  grants: readonly KubernetesObject[],
  route: KubernetesObject,
  namespace: string,
  service: string,
): boolean {
  return grants.some((grant) => {
    const { from, to } = fields(grant.spec)
    return (
      grant.metadata.namespace === namespace &&
      items(from).some((one) => one.kind === route.kind && one.namespace === route.metadata.namespace) &&
      items(to).some((one) => one.kind === 'Service' && (one.name === undefined || one.name === service))
    )
  })
}

function routesOf(object: KubernetesObject, mayUse: MayUse): RouteObject[] {
  const kind = object.kind
  if (kind !== 'HTTPRoute' && kind !== 'GRPCRoute' && kind !== 'TCPRoute' && kind !== 'TLSRoute') return []
  const namespace = object.metadata.namespace ?? ''
  const spec = fields(object.spec)
  const rules = items(spec.rules)
  const isHttp = kind === 'HTTPRoute' || kind === 'GRPCRoute'
  const http = isHttp ? bySpecificity(rules.flatMap((rule) => httpRules(rule, kind, namespace, mayUse))) : []
  const l4 = isHttp
    ? []
    : rules.map((rule) => ({ matches: [], backends: backendsOf(rule, namespace, mayUse) }))
  const hostnames = strings(spec.hostnames)
  return items(spec.parentRefs).map((parent) => {
    const where = text(parent.namespace) ?? namespace
    const name = text(parent.name) ?? ''
    const isService = (text(parent.kind) ?? 'Gateway') === 'Service'
    const section = text(parent.sectionName)
    return {
      kind,
      namespace,
      name: object.metadata.name,
      createdAt: object.metadata.creationTimestamp ?? '',
      hosts: isService ? [serviceHost(where, name)] : hostnames.length > 0 ? hostnames : ['*'],
      exportTo: [],
      gateways: [isService ? 'mesh' : `k8s:${where}/${name}${section === undefined ? '' : `:${section}`}`],
      clientNamespace: isService && where !== namespace ? namespace : undefined,
      servicePort: isService ? number(parent.port) : undefined,
      listenerPort: isService ? undefined : number(parent.port),
      http,
      tcp: kind === 'TCPRoute' ? l4 : [],
      tls: kind === 'TLSRoute' ? l4.map((rule) => ({ ...rule, matches: [{ sniHosts: hostnames }] })) : [],
    }
  })
}

interface Ranked {
  rank: number[]
  rule: HttpRule
}

function httpRules(
  rule: Fields,
  kind: 'HTTPRoute' | 'GRPCRoute',
  namespace: string,
  mayUse: MayUse,
): Ranked[] {
  const action = actionOf(rule, namespace, mayUse)
  const matches = items(rule.matches)
  if (matches.length === 0) return [{ rank: [0, 1, 0, 0, 0], rule: { matches: [], action } }]
  return matches.map((match) => {
    const { http, rank } = kind === 'HTTPRoute' ? httpMatch(match) : grpcMatch(match)
    return { rank, rule: { matches: [[http]], action } }
  })
}

/** Exact path, then the longest prefix, then method, headers, query; the order written decides the rest. */
function bySpecificity(rules: Ranked[]): HttpRule[] {
  return rules
    .map((ranked, order) => ({ ...ranked, order }))
    .sort((a, b) => {
      for (const [index, value] of a.rank.entries()) {
        const other = b.rank[index] ?? 0
        if (value !== other) return other - value
      }
      return a.order - b.order
    })
    .map(({ rule }) => rule)
}

function httpMatch(match: Fields): { http: HttpMatch; rank: number[] } {
  const path = fields(match.path)
  const value = text(path.value) ?? '/'
  const type = text(path.type) ?? 'PathPrefix'
  const method = text(match.method)
  const headers = namedTests(match.headers, true)
  const query = namedTests(match.queryParams, false)
  return {
    http: {
      path:
        type === 'Exact'
          ? (found) => found === value
          : type === 'RegularExpression'
            ? regexTest(value)
            : prefixTest(value),
      prefix: type === 'PathPrefix' ? value : undefined,
      method: method === undefined ? undefined : (found) => found === method,
      headers,
      withoutHeaders: [],
      query,
    },
    rank: [
      type === 'Exact' ? 2 : type === 'RegularExpression' ? 1 : 0,
      value.length,
      method === undefined ? 0 : 1,
      headers.length,
      query.length,
    ],
  }
}

function grpcMatch(match: Fields): { http: HttpMatch; rank: number[] } {
  const wanted = fields(match.method)
  const service = text(wanted.service)
  const method = text(wanted.method)
  const headers = namedTests(match.headers, true)
  const asRegex = wanted.type === 'RegularExpression'
  const literal = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const part = (word: string | undefined) => (word === undefined ? '[^/]+' : asRegex ? word : literal(word))
  return {
    http: {
      path:
        service === undefined && method === undefined
          ? undefined
          : regexTest(`/${part(service)}/${part(method)}`),
      headers,
      withoutHeaders: [],
      query: [],
    },
    rank: [
      0,
      (service?.length ?? 0) + (method?.length ?? 0),
      method === undefined ? 0 : 1,
      headers.length,
      0,
    ],
  }
}

/** Path prefixes match whole segments: `/shop` takes `/shop/cart`, not `/shopping`. */
function prefixTest(prefix: string): Test {
  const bare = prefix.replace(/\/+$/, '')
  return (path) => path === bare || path.startsWith(`${bare}/`)
}

function namedTests(value: unknown, isHeader: boolean): [string, Test][] {
  return items(value).map((match) => {
    const name = text(match.name) ?? ''
    const wanted = text(match.value) ?? ''
    return [
      isHeader ? name.toLowerCase() : name,
      match.type === 'RegularExpression' ? regexTest(wanted) : (found) => found === wanted,
    ]
  })
}

function actionOf(rule: Fields, namespace: string, mayUse: MayUse): Action {
  const backends = backendsOf(rule, namespace, mayUse)
  const timeouts = fields(rule.timeouts)
  const request = durationMs(timeouts.request)
  const backendRequest = durationMs(timeouts.backendRequest)
  const filters = items(rule.filters)
  let direct: Action['direct'] = null
  let rewrite: Rewrite | null = null
  let headers: HeaderEdit = NO_EDIT
  const mirrors: Mirror[] = []
  for (const filter of filters) {
    if (filter.type === 'RequestRedirect') {
      direct = { status: number(fields(filter.requestRedirect).statusCode) ?? 302 }
    } else if (filter.type === 'URLRewrite') {
      const path = fields(fields(filter.urlRewrite).path)
      rewrite = {
        authority: text(fields(filter.urlRewrite).hostname),
        path: text(path.replaceFullPath),
        prefix: text(path.replacePrefixMatch),
      }
    } else if (filter.type === 'RequestHeaderModifier') {
      headers = headerEdit(filter.requestHeaderModifier)
    } else if (filter.type === 'RequestMirror') {
      const mirror = fields(filter.requestMirror)
      const fraction = fields(mirror.fraction)
      const ratio =
        number(mirror.percent) === undefined
          ? (number(fraction.numerator) ?? 1) /
            (number(fraction.denominator) ?? (hasFields(mirror.fraction) ? 100 : 1))
          : (number(mirror.percent) ?? 100) / 100
      mirrors.push({ ratio, backend: backend(fields(mirror.backendRef), namespace, mayUse) })
    }
  }
  // a rule without a backend, or with every weight at 0, answers 500 by the specification
  const isEmpty = backends.every((one) => one.weight === 0)
  const retry = fields(rule.retry)
  return {
    backends,
    direct: direct ?? (isEmpty ? { status: 500 } : null),
    fault: null,
    timeoutMs: request === undefined || request === 0 ? null : request,
    retries: hasFields(rule.retry)
      ? {
          attempts: number(retry.attempts) ?? 1,
          perTryTimeoutMs: backendRequest ?? null,
          on: new Set([
            ...DEFAULT_RETRIES.on,
            ...(Array.isArray(retry.codes) ? retry.codes.map((code) => String(code)) : []),
          ]),
        }
      : { ...DEFAULT_RETRIES, perTryTimeoutMs: backendRequest ?? null },
    mirrors,
    rewrite,
    headers,
  }
}

function backendsOf(rule: Fields, namespace: string, mayUse: MayUse): Backend[] {
  return items(rule.backendRefs).map((ref) => backend(ref, namespace, mayUse))
}

function backend(ref: Fields, namespace: string, mayUse: MayUse): Backend {
  const name = text(ref.name) ?? ''
  // Istio's own kind for a host that a ServiceEntry registers
  const where = text(ref.namespace) ?? namespace
  const host = ref.kind === 'Hostname' ? name : serviceHost(where, name)
  const filters = items(ref.filters).filter((filter) => filter.type === 'RequestHeaderModifier')
  return {
    host,
    port: number(ref.port),
    weight: number(ref.weight) ?? 1,
    invalid: ref.kind === 'Hostname' || mayUse(where, name) ? undefined : 500,
    headers: filters[0] === undefined ? NO_EDIT : headerEdit(filters[0].requestHeaderModifier),
  }
}

function headerEdit(value: unknown): HeaderEdit {
  const edit = fields(value)
  const set: Record<string, string> = {}
  for (const header of [...items(edit.add), ...items(edit.set)]) {
    const name = text(header.name)
    if (name !== undefined) set[name.toLowerCase()] = text(header.value) ?? ''
  }
  return { set, remove: strings(edit.remove).map((name) => name.toLowerCase()) }
}

export interface ListenerState {
  /** name by which routes bind: `namespace/name` or `k8s:namespace/name` */
  gateway: string
  section: string | null
  port: number
  protocol: string
  hosts: string[]
  tlsMode: string | null
  httpsRedirect: boolean
  /** may a route of this namespace bind here? */
  allows: (namespace: string, labels: Record<string, string>) => boolean
}

/** Listeners of the Gateway API's Gateways that one gateway workload serves. */
export function k8sListeners(
  objects: readonly KubernetesObject[],
  workload: { namespace: string; labels: Record<string, string> },
): ListenerState[] {
  const name = workload.labels['gateway.networking.k8s.io/gateway-name']
  return objects
    .filter(
      (object) =>
        isGatewayApi(object) &&
        object.metadata.namespace === workload.namespace &&
        object.metadata.name === name,
    )
    .flatMap((object) =>
      items(fields(object.spec).listeners).map((listener) => {
        const allowed = fields(fields(listener.allowedRoutes).namespaces)
        const from = text(allowed.from) ?? 'Same'
        const selector = labelsOf(fields(allowed.selector).matchLabels)
        return {
          gateway: `k8s:${object.metadata.namespace}/${object.metadata.name}`,
          section: text(listener.name) ?? null,
          port: number(listener.port) ?? 0,
          protocol: (text(listener.protocol) ?? 'HTTP').toUpperCase(),
          hosts: [text(listener.hostname) ?? '*'],
          tlsMode: text(fields(listener.tls).mode) ?? null,
          httpsRedirect: false,
          allows: (namespace: string, labels: Record<string, string>) =>
            from === 'All' ||
            (from === 'Same' && namespace === workload.namespace) ||
            (from === 'Selector' &&
              Object.entries({ ...selector }).every(([key, value]) => labels[key] === value)),
        }
      }),
    )
}
