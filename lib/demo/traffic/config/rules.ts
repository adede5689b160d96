/** Routing in one form, whichever kind of object it was written in. */

export type Test = (value: string) => boolean

export interface HttpMatch {
  path?: Test
  /** prefix that a rewrite replaces */
  prefix?: string
  method?: Test
  authority?: Test
  headers: [name: string, test: Test][]
  /** headers that must be absent or different */
  withoutHeaders: [name: string, test: Test][]
  query: [name: string, test: Test][]
  port?: number
  sourceLabels?: Record<string, string>
  sourceNamespace?: string
  /** gateways this match is limited to, in full names */
  gateways?: string[]
}

export interface Backend {
  host: string
  port?: number
  subset?: string
  weight: number
  /** the object names something that cannot be: answered with this status */
  invalid?: number
  headers: HeaderEdit
}

export interface HeaderEdit {
  set: Record<string, string>
  remove: string[]
}

export interface Fault {
  abort: { ratio: number; httpStatus: number; grpcStatus: string | null } | null
  delay: { ratio: number; ms: number } | null
}

export interface Retries {
  attempts: number
  perTryTimeoutMs: number | null
  on: ReadonlySet<string>
}

export interface Mirror {
  ratio: number
  backend: Backend
}

export interface Rewrite {
  authority?: string
  path?: string
  /** replaces the matched prefix */
  prefix?: string
}

export interface Action {
  backends: Backend[]
  /** answered by the proxy itself: redirects and direct responses */
  direct: { status: number } | null
  fault: Fault | null
  timeoutMs: number | null
  retries: Retries
  mirrors: Mirror[]
  rewrite: Rewrite | null
  headers: HeaderEdit
}

export interface HttpRule {
  /** every group must hold; a group holds when one of its matches does, or when it is empty */
  matches: HttpMatch[][]
  action: Action
}

export interface L4Rule {
  matches: {
    port?: number
    sniHosts?: string[]
    sourceLabels?: Record<string, string>
    gateways?: string[]
  }[]
  backends: Backend[]
}

/** One VirtualService, or one route of the Gateway API. */
export interface RouteObject {
  kind: 'VirtualService' | 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute'
  namespace: string
  name: string
  createdAt: string
  /** full hosts */
  hosts: string[]
  exportTo: string[]
  /** `mesh`, Istio gateways as `namespace/name`, Gateway API gateways as `k8s:namespace/name[:section]` */
  gateways: string[]
  /** a route in another namespace than its service counts for callers of its own namespace only */
  clientNamespace?: string
  /** a route bound to one port of its service */
  servicePort?: number
  /** a route bound to those listeners of its gateway that have this port */
  listenerPort?: number
  http: HttpRule[]
  tcp: L4Rule[]
  tls: L4Rule[]
}

/**
 * What Istio retries when nobody says otherwise: failures before the request was sent, and gRPC unavailable.
 * https://istio.io/latest/docs/concepts/traffic-management/#retries
 */
export const DEFAULT_RETRIES: Retries = {
  attempts: 2,
  perTryTimeoutMs: null,
  on: new Set(['connect-failure', 'refused-stream', 'unavailable', 'cancelled']),
}

export const NO_EDIT: HeaderEdit = { set: {}, remove: [] }

export function plainAction(backends: Backend[]): Action {
  return {
    backends,
    direct: null,
    fault: null,
    timeoutMs: null,
    retries: DEFAULT_RETRIES,
    mirrors: [],
    rewrite: null,
    headers: NO_EDIT,
  }
}

/** What a request shows to routing. Header names are in lower case. */
export interface Attributes {
  method: string
  path: string
  authority: string
  headers: Record<string, string>
  port: number
  labels: Record<string, string>
  namespace: string
  /** `mesh`, or the full name of the gateway it came in by */
  gateway: string
}

export function matchesHttp(match: HttpMatch, at: Attributes): boolean {
  const [path = '', query = ''] = at.path.split('?', 2)
  if (match.gateways !== undefined && !match.gateways.includes(at.gateway)) return false
  if (match.port !== undefined && match.port !== at.port) return false
  if (match.path !== undefined && !match.path(path)) return false
  if (match.method !== undefined && !match.method(at.method)) return false
  if (match.authority !== undefined && !match.authority(at.authority)) return false
  if (match.sourceNamespace !== undefined && match.sourceNamespace !== at.namespace) return false
  for (const name in match.sourceLabels ?? {}) {
    if (at.labels[name] !== match.sourceLabels?.[name]) return false
  }
  for (const [name, test] of match.headers) {
    const value = at.headers[name]
    if (value === undefined || !test(value)) return false
  }
  for (const [name, test] of match.withoutHeaders) {
    const value = at.headers[name]
    if (value !== undefined && test(value)) return false
  }
  if (match.query.length > 0) {
    const params = new URLSearchParams(query)
    for (const [name, test] of match.query) {
      const value = params.get(name)
      if (value === null || !test(value)) return false
    }
  }
  return true
}

/** The first rule that takes a request, and the match that did (null when the rule takes everything). */
export function findRule(
  rules: readonly HttpRule[],
  at: Attributes,
): { rule: HttpRule; match: HttpMatch | null } | undefined {
  for (const rule of rules) {
    let taken: HttpMatch | null = null
    const holds = rule.matches.every((group) => {
      if (group.length === 0) return true
      const match = group.find((one) => matchesHttp(one, at))
      taken = match ?? taken
      return match !== undefined
    })
    if (holds) return { rule, match: taken }
  }
  return undefined
}
