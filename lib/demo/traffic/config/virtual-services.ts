/**
 * VirtualServices in the form of `rules.ts`.
 * Reference: https://istio.io/latest/docs/reference/config/networking/virtual-service/
 */
import { GRPC_STATUSES } from '@/lib/mesh/outcome'
import { inheriting, whyNoDelegate } from '@/lib/istio/delegates'
import type { KubernetesObject } from '@/lib/demo/model'
import { fullHost } from './hosts'
import {
  byAge,
  durationMs,
  fields,
  hasFields,
  isIstio,
  items,
  labelsOf,
  number,
  shareOf,
  strings,
  text,
} from './read'
import type { Fields } from './read'
import { DEFAULT_RETRIES } from './rules'
import type {
  Action,
  Backend,
  Fault,
  HeaderEdit,
  HttpMatch,
  HttpRule,
  L4Rule,
  Mirror,
  Retries,
  RouteObject,
  Test,
} from './rules'

/** Delegates are spliced into the services that name them and do not count on their own. */
export function readVirtualServices(objects: readonly KubernetesObject[]): RouteObject[] {
  const own = objects.filter(isIstio).sort(byAge)
  const byName = new Map(
    own.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]),
  )
  const routes: RouteObject[] = []
  for (const object of own) {
    const namespace = object.metadata.namespace ?? ''
    const spec = fields(object.spec)
    if (strings(spec.hosts).length === 0) continue
    const gateways = strings(spec.gateways).map((gateway) => gatewayName(gateway, namespace))
    routes.push({
      kind: 'VirtualService',
      namespace,
      name: object.metadata.name,
      createdAt: object.metadata.creationTimestamp ?? '',
      hosts: strings(spec.hosts).map((host) => fullHost(host, namespace)),
      exportTo: strings(spec.exportTo),
      gateways: gateways.length === 0 ? ['mesh'] : gateways,
      http: items(spec.http).flatMap((route) => httpRules(route, namespace, byName)),
      tcp: items(spec.tcp).map((route) => l4Rule(route, namespace)),
      tls: items(spec.tls).map((route) => l4Rule(route, namespace)),
    })
  }
  return routes
}

function gatewayName(gateway: string, namespace: string): string {
  return gateway === 'mesh' || gateway.includes('/') ? gateway : `${namespace}/${gateway}`
}

function httpRules(
  route: Fields,
  namespace: string,
  byName: ReadonlyMap<string, KubernetesObject>,
): HttpRule[] {
  const group = items(route.match).map((match) => httpMatch(match, namespace))
  if (!hasFields(route.delegate)) return [{ matches: [group], action: action(route, namespace) }]
  const where = text(route.delegate.namespace) ?? namespace
  const delegate = byName.get(`${where}/${text(route.delegate.name) ?? ''}`)
  const { hosts, exportTo, http } = fields(delegate?.spec)
  const found = delegate && { hosts: strings(hosts), exportTo: strings(exportTo), namespace: where }
  if (whyNoDelegate(found, namespace) !== null) return []
  return items(http).map((inner) => ({
    matches: [group, items(inner.match).map((match) => httpMatch(match, where))],
    action: action(inheriting(route, inner), where),
  }))
}

function httpMatch(match: Fields, namespace: string): HttpMatch {
  const gateways = strings(match.gateways).map((gateway) => gatewayName(gateway, namespace))
  return {
    path: stringTest(match.uri, match.ignoreUriCase === true),
    prefix: text(fields(match.uri).prefix),
    method: stringTest(match.method),
    authority: stringTest(match.authority),
    headers: tests(match.headers, true),
    withoutHeaders: tests(match.withoutHeaders, true),
    query: tests(match.queryParams, false),
    port: number(match.port),
    sourceLabels: hasFields(match.sourceLabels) ? labelsOf(match.sourceLabels) : undefined,
    sourceNamespace: text(match.sourceNamespace),
    gateways: gateways.length === 0 ? undefined : gateways,
  }
}

function tests(value: unknown, isHeader: boolean): [string, Test][] {
  return Object.entries(fields(value)).map(([name, match]) => [
    isHeader ? name.toLowerCase() : name,
    // an empty match asks for presence only
    stringTest(match) ?? (() => true),
  ])
}

/** Exact, prefix or RE2 regex over the whole value; undefined when nothing is asked. */
function stringTest(value: unknown, ignoreCase = false): Test | undefined {
  const match = fields(value)
  const fold = (word: string) => (ignoreCase ? word.toLowerCase() : word)
  const exact = text(match.exact)
  if (exact !== undefined) return (found) => fold(found) === fold(exact)
  const prefix = text(match.prefix)
  if (prefix !== undefined) return (found) => fold(found).startsWith(fold(prefix))
  const regex = text(match.regex)
  return regex === undefined ? undefined : regexTest(regex)
}

/** A pattern over the whole value; one that cannot be read matches nothing. */
export function regexTest(pattern: string): Test {
  try {
    const regex = new RegExp(`^(?:${pattern})$`)
    return (found) => regex.test(found)
  } catch {
    return () => false
  }
}

function action(route: Fields, namespace: string): Action {
  const backends = destinations(items(route.route), namespace)
  const direct = hasFields(route.redirect)
    ? { status: number(route.redirect.redirectCode) ?? 301 }
    : hasFields(route.directResponse)
      ? { status: number(route.directResponse.status) ?? 200 }
      : null
  const timeout = durationMs(route.timeout)
  return {
    backends,
    direct,
    fault: fault(route.fault),
    timeoutMs: timeout === undefined || timeout === 0 ? null : timeout,
    retries: retries(route.retries),
    mirrors: mirrors(route, namespace),
    rewrite: hasFields(route.rewrite)
      ? {
          authority: text(route.rewrite.authority),
          prefix: text(route.rewrite.uri),
        }
      : null,
    headers: headerEdit(fields(route.headers).request),
  }
}

function destinations(routes: Fields[], namespace: string): Backend[] {
  return routes.map((route) => ({
    ...destination(fields(route.destination), namespace),
    weight: number(route.weight) ?? (routes.length === 1 ? 100 : 0),
    headers: headerEdit(fields(route.headers).request),
  }))
}

function destination(value: Fields, namespace: string): Omit<Backend, 'weight' | 'headers'> {
  return {
    host: fullHost(text(value.host) ?? '', namespace),
    port: number(fields(value.port).number),
    subset: text(value.subset),
  }
}

function headerEdit(value: unknown): HeaderEdit {
  const edit = fields(value)
  const set: Record<string, string> = {}
  for (const part of [edit.add, edit.set]) {
    for (const [name, header] of Object.entries(labelsOf(part))) set[name.toLowerCase()] = header
  }
  return { set, remove: strings(edit.remove).map((name) => name.toLowerCase()) }
}

function fault(value: unknown): Fault | null {
  const { abort, delay } = fields(value)
  if (!hasFields(abort) && !hasFields(delay)) return null
  const grpc = text(fields(abort).grpcStatus)
  const grpcCode =
    grpc === undefined ? -1 : GRPC_STATUSES.findIndex((status) => status === grpc.toUpperCase())
  return {
    abort: hasFields(abort)
      ? {
          ratio: shareOf(abort.percentage, abort.percent) ?? 0,
          httpStatus: number(abort.httpStatus) ?? 200,
          grpcStatus: grpc === undefined ? null : String(grpcCode < 0 ? (number(grpc) ?? 2) : grpcCode),
        }
      : null,
    delay: hasFields(delay)
      ? { ratio: shareOf(delay.percentage, delay.percent) ?? 0, ms: durationMs(delay.fixedDelay) ?? 0 }
      : null,
  }
}

function retries(value: unknown): Retries {
  if (!hasFields(value)) return DEFAULT_RETRIES
  const on = text(value.retryOn)
  const perTry = durationMs(value.perTryTimeout)
  return {
    attempts: number(value.attempts) ?? DEFAULT_RETRIES.attempts,
    perTryTimeoutMs: perTry === undefined || perTry === 0 ? null : perTry,
    on: on === undefined ? DEFAULT_RETRIES.on : new Set(on.split(',').map((word) => word.trim())),
  }
}

function mirrors(route: Fields, namespace: string): Mirror[] {
  const found: Mirror[] = []
  const add = (value: unknown, ratio: number) => {
    if (!hasFields(value)) return
    found.push({
      ratio,
      backend: { ...destination(value, namespace), weight: 1, headers: { set: {}, remove: [] } },
    })
  }
  add(route.mirror, shareOf(route.mirrorPercentage, route.mirrorPercent ?? route.mirror_percent) ?? 1)
  for (const mirror of items(route.mirrors)) add(mirror.destination, shareOf(mirror.percentage) ?? 1)
  return found
}

function l4Rule(route: Fields, namespace: string): L4Rule {
  return {
    matches: items(route.match).map((match) => ({
      port: number(match.port),
      sniHosts: Array.isArray(match.sniHosts) ? strings(match.sniHosts) : undefined,
      sourceLabels: hasFields(match.sourceLabels) ? labelsOf(match.sourceLabels) : undefined,
      gateways: Array.isArray(match.gateways)
        ? strings(match.gateways).map((gateway) => gatewayName(gateway, namespace))
        : undefined,
    })),
    backends: destinations(items(route.route), namespace),
  }
}
