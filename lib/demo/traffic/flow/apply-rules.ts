/** Routes applied to a request: the rule that takes it, and the call it makes of it. */
import { hostMatches } from '../config/hosts'
import { selects } from '../config/read'
import { NO_EDIT, findRule, plainAction } from '../config/rules'
import type { Action, Backend, HeaderEdit, HttpMatch, L4Rule, RouteObject } from '../config/rules'
import { local, namespaceOf, toBackend } from './branches'
import type { RoutingContext } from './branches'
import type { Call, Client, ServiceLabels, Target, WireRequest } from './call'

export const NO_RETRIES = { attempts: 0, perTryTimeoutMs: null, on: new Set<string>() }

export function routed(
  context: RoutingContext,
  client: Client,
  service: ServiceLabels,
  request: WireRequest,
  routes: readonly RouteObject[],
  gateway: string,
  hops: number,
): Call {
  const labels = client.workload?.labels ?? {}
  if (request.protocol === 'tcp') {
    const rules = routes.flatMap((route) => (route.tls.length > 0 ? [...route.tls, ...route.tcp] : route.tcp))
    const rule = rules.find((one) => matchesL4(one, request, labels, gateway))
    if (rule === undefined && gateway !== 'mesh') {
      return answeredLocally(client, service, request, { kind: 'local', status: 503, flags: 'NR' })
    }
    const backends = rule?.backends ?? [{ host: service.host, weight: 1, headers: NO_EDIT }]
    return assembled(context, client, service, request, plainAction([...backends]), null, hops)
  }
  const rules = routes.flatMap((route) => route.http)
  if (rules.length === 0 && gateway === 'mesh') {
    const whole = plainAction([{ host: service.host, weight: 1, headers: NO_EDIT }])
    return assembled(context, client, service, request, whole, null, hops)
  }
  const match = findRule(rules, {
    method: request.method,
    path: request.path,
    authority: request.host,
    headers: request.headers,
    port: request.port,
    labels,
    namespace: namespaceOf(client),
    gateway,
  })
  if (match === undefined) {
    return answeredLocally(client, service, request, { kind: 'local', status: 404, flags: 'NR' })
  }
  return assembled(context, client, service, request, match.rule.action, match.match, hops)
}

function matchesL4(
  rule: L4Rule,
  request: WireRequest,
  labels: Record<string, string>,
  gateway: string,
): boolean {
  if (rule.matches.length === 0) return true
  return rule.matches.some(
    (match) =>
      (match.port === undefined || match.port === request.port) &&
      (match.sniHosts === undefined || match.sniHosts.some((host) => hostMatches(host, request.host))) &&
      (match.sourceLabels === undefined || selects(match.sourceLabels, labels)) &&
      (match.gateways === undefined || match.gateways.includes(gateway)),
  )
}

function assembled(
  context: RoutingContext,
  client: Client,
  service: ServiceLabels,
  request: WireRequest,
  action: Action,
  match: HttpMatch | null,
  hops: number,
): Call {
  if (action.direct !== null) {
    return answeredLocally(client, service, request, {
      kind: 'local',
      status: action.direct.status,
      flags: '-',
    })
  }
  const rewritten = rewrite(request, action, match)
  const to = (backend: Backend) =>
    toBackend(context, client, backend, edited(rewritten, backend.headers), hops)
  const total = action.backends.reduce((sum, backend) => sum + Math.max(0, backend.weight), 0)
  const branches =
    total > 0
      ? action.backends
          .filter((backend) => backend.weight > 0)
          .map((backend) => ({ ...to(backend), share: backend.weight / total }))
      : [local(service, request, { kind: 'local', status: 503, flags: 'NC' })]
  const isL4 = request.protocol === 'tcp'
  return {
    client,
    request,
    service,
    fault: isL4 ? null : action.fault,
    timeoutMs: isL4 ? null : action.timeoutMs,
    retries: isL4 ? NO_RETRIES : action.retries,
    branches,
    mirrors: isL4 ? [] : action.mirrors.map(({ ratio, backend }) => ({ ratio, branch: to(backend) })),
  }
}

function rewrite(request: WireRequest, action: Action, match: HttpMatch | null): WireRequest {
  const change = action.rewrite
  const next = edited(request, action.headers)
  if (change === null) return next
  const [path = '', query] = request.path.split('?', 2)
  let changed = change.path ?? path
  if (change.prefix !== undefined) {
    const prefix = match?.prefix
    // without a prefix match the whole path is replaced
    const joined = prefix === undefined ? change.prefix : change.prefix + path.slice(prefix.length)
    changed = `/${joined}`.replace(/\/{2,}/g, '/')
  }
  return {
    ...next,
    host: change.authority ?? next.host,
    path: query === undefined ? changed : `${changed}?${query}`,
  }
}

function edited(request: WireRequest, edit: HeaderEdit): WireRequest {
  if (edit.remove.length === 0 && Object.keys(edit.set).length === 0) return request
  const headers = Object.entries({ ...request.headers, ...edit.set })
  return { ...request, headers: Object.fromEntries(headers.filter(([name]) => !edit.remove.includes(name))) }
}

/** The caller's proxy answers by itself. */
export function answeredLocally(
  client: Client,
  service: ServiceLabels,
  request: WireRequest,
  target: Target,
): Call {
  return {
    client,
    request,
    service,
    fault: null,
    timeoutMs: null,
    retries: NO_RETRIES,
    branches: [local(service, request, target)],
    mirrors: [],
  }
}
