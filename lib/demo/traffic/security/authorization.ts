/**
 * AuthorizationPolicies: who may ask what of whom. A match of DENY wins; with any ALLOW policy, one must match.
 * Reference: https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
import type { KubernetesObject } from '@/lib/demo/model'
import { isDryRun } from '@/lib/istio/authorization'
import {
  byAge,
  fields,
  groupBy,
  hasFields,
  isIstio,
  items,
  labelsOf,
  selects,
  strings,
  text,
} from '../config/read'
import type { Fields } from '../config/read'
import type { WorkloadState } from '../config/registry'

/** What the enforcing proxy knows of a request. */
export interface Access {
  /** `spiffe://…`; null for a caller without mTLS */
  principal: string | null
  namespace: string | null
  ip: string
  port: number
  /** null where the proxy sees bytes only */
  http: { method: string; path: string; host: string; headers: Record<string, string> } | null
}

export interface Decision {
  allowed: boolean
  /** namespace/name of the policy that denied; null when none allowed */
  policy: string | null
}

interface PolicyState {
  name: string
  action: 'ALLOW' | 'DENY'
  rules: Fields[]
  /** a policy without rules: ALLOW that matches nothing */
  hasRules: boolean
}

export class AuthorizationPolicies {
  private readonly byNamespace: Map<string, KubernetesObject[]>
  private readonly rootNamespace: string

  constructor(objects: readonly KubernetesObject[], rootNamespace: string) {
    this.byNamespace = groupBy(
      objects.filter((object) => isIstio(object) && !isDryRun(object)).sort(byAge),
      (object) => object.metadata.namespace ?? '',
    )
    this.rootNamespace = rootNamespace
  }

  /** Enforced at the workload itself, by selector or for its namespace or the whole mesh. */
  atWorkload(workload: WorkloadState, access: Access): Decision {
    const policies = this.candidates(workload.spec.namespace).filter((object) => {
      const spec = fields(object.spec)
      if (targetsOf(spec).length > 0) {
        return targetsOf(spec).some((target) => isGatewayOf(target, object, workload))
      }
      // gateways of the Gateway API take policies by target only
      if (workload.spec.role === 'waypoint') return false
      return selects(labelsOf(fields(spec.selector).matchLabels), workload.labels)
    })
    return decide(policies.flatMap(policyState), access)
  }

  /** Enforced at the waypoint in front of a service. */
  atWaypoint(
    waypoint: WorkloadState,
    service: { namespace: string; name: string },
    access: Access,
  ): Decision {
    const policies = this.candidates(service.namespace).filter((object) =>
      targetsOf(fields(object.spec)).some(
        (target) =>
          isGatewayOf(target, object, waypoint) ||
          (target.kind === 'Service' &&
            target.name === service.name &&
            object.metadata.namespace === service.namespace) ||
          (target.kind === 'GatewayClass' && object.metadata.namespace === this.rootNamespace),
      ),
    )
    return decide(policies.flatMap(policyState), access)
  }

  private candidates(namespace: string): KubernetesObject[] {
    const own = this.byNamespace.get(namespace) ?? []
    if (namespace === this.rootNamespace) return own
    return [...(this.byNamespace.get(this.rootNamespace) ?? []), ...own]
  }
}

function targetsOf(spec: Fields): Fields[] {
  return hasFields(spec.targetRef) ? [spec.targetRef, ...items(spec.targetRefs)] : items(spec.targetRefs)
}

function isGatewayOf(target: Fields, object: KubernetesObject, workload: WorkloadState): boolean {
  const name = workload.labels['gateway.networking.k8s.io/gateway-name'] ?? workload.spec.name
  return (
    target.kind === 'Gateway' && target.name === name && object.metadata.namespace === workload.spec.namespace
  )
}

function policyState(object: KubernetesObject): PolicyState[] {
  const spec = fields(object.spec)
  const action = text(spec.action) ?? 'ALLOW'
  if (action !== 'ALLOW' && action !== 'DENY') return []
  return [
    {
      name: `${object.metadata.namespace}/${object.metadata.name}`,
      action,
      rules: items(spec.rules),
      hasRules: Array.isArray(spec.rules),
    },
  ]
}

function decide(policies: readonly PolicyState[], access: Access): Decision {
  for (const policy of policies) {
    if (policy.action === 'DENY' && policy.rules.some((rule) => ruleMatches(rule, access, 'DENY'))) {
      return { allowed: false, policy: policy.name }
    }
  }
  const allowing = policies.filter((policy) => policy.action === 'ALLOW')
  if (allowing.length === 0) return { allowed: true, policy: null }
  const allowed = allowing.some((policy) => policy.rules.some((rule) => ruleMatches(rule, access, 'ALLOW')))
  return { allowed, policy: null }
}

/**
 * Where HTTP is not seen, a rule that asks for HTTP never allows, and denies as if that part were not written:
 * the safer reading each time, as Istio builds its TCP filters.
 */
function ruleMatches(rule: Fields, access: Access, action: 'ALLOW' | 'DENY'): boolean {
  if (access.http === null && action === 'ALLOW' && asksForHttp(rule)) return false
  const from = items(rule.from)
  const to = items(rule.to)
  const when = items(rule.when)
  return (
    (from.length === 0 || from.some((one) => sourceMatches(fields(one.source), access))) &&
    (to.length === 0 || to.some((one) => operationMatches(fields(one.operation), access))) &&
    when.every((condition) => conditionMatches(condition, access))
  )
}

function asksForHttp(rule: Fields): boolean {
  const httpOnly = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths']
  return (
    items(rule.from).some((one) =>
      ['requestPrincipals', 'notRequestPrincipals', 'remoteIpBlocks', 'notRemoteIpBlocks'].some(
        (name) => name in fields(one.source),
      ),
    ) ||
    items(rule.to).some((one) => httpOnly.some((name) => name in fields(one.operation))) ||
    items(rule.when).some((condition) => (text(condition.key) ?? '').startsWith('request.'))
  )
}

function sourceMatches(source: Fields, access: Access): boolean {
  const principal = access.principal?.replace(/^spiffe:\/\//, '') ?? null
  const account = principal === null ? null : (/\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(principal) ?? null)
  const serviceAccount = account === null ? null : `${account[1]}/${account[2]}`
  const trustDomain = principal?.split('/', 1)[0] ?? null
  return (
    asked(source, 'principals', 'notPrincipals', principal, wordMatches) &&
    asked(source, 'namespaces', 'notNamespaces', access.namespace, wordMatches) &&
    asked(source, 'serviceAccounts', 'notServiceAccounts', serviceAccount, accountMatches(access)) &&
    asked(source, 'trustDomains', 'notTrustDomains', trustDomain, wordMatches) &&
    // no request of this world carries a token
    asked(source, 'requestPrincipals', 'notRequestPrincipals', null, wordMatches) &&
    asked(source, 'ipBlocks', 'notIpBlocks', access.ip, inBlock) &&
    asked(source, 'remoteIpBlocks', 'notRemoteIpBlocks', access.ip, inBlock)
  )
}

/** A service account without a namespace is one of the policy's; callers of the same namespace suffice here. */
function accountMatches(access: Access): (pattern: string, value: string) => boolean {
  return (pattern, value) =>
    pattern.includes('/') ? pattern === value : value === `${access.namespace ?? ''}/${pattern}`
}

function operationMatches(operation: Fields, access: Access): boolean {
  if (!asked(operation, 'ports', 'notPorts', String(access.port), (a, b) => a === b)) return false
  const http = access.http
  if (http === null) return true
  const path = http.path.split('?', 1)[0] ?? ''
  return (
    asked(operation, 'methods', 'notMethods', http.method, wordMatches) &&
    asked(operation, 'hosts', 'notHosts', http.host, (pattern, host) =>
      wordMatches(pattern.toLowerCase(), host.toLowerCase()),
    ) &&
    asked(operation, 'paths', 'notPaths', path, pathMatches)
  )
}

function conditionMatches(condition: Fields, access: Access): boolean {
  const key = text(condition.key) ?? ''
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1]
  if (header !== undefined) {
    if (access.http === null) return true
    return asked(
      condition,
      'values',
      'notValues',
      access.http.headers[header.toLowerCase()] ?? null,
      wordMatches,
    )
  }
  if (key === 'source.namespace')
    return asked(condition, 'values', 'notValues', access.namespace, wordMatches)
  if (key === 'source.principal') {
    const principal = access.principal?.replace(/^spiffe:\/\//, '') ?? null
    return asked(condition, 'values', 'notValues', principal, wordMatches)
  }
  if (key === 'source.ip' || key === 'remote.ip') {
    return asked(condition, 'values', 'notValues', access.ip, inBlock)
  }
  if (key === 'destination.port') {
    return asked(condition, 'values', 'notValues', String(access.port), (a, b) => a === b)
  }
  return asked(condition, 'values', 'notValues', null, wordMatches)
}

/** A value that is unknown meets no list, and is never among the excluded. */
function asked(
  part: Fields,
  wanted: string,
  unwanted: string,
  value: string | null,
  matches: (pattern: string, value: string) => boolean,
): boolean {
  const yes = strings(part[wanted])
  const no = strings(part[unwanted])
  if (yes.length > 0 && (value === null || !yes.some((pattern) => matches(pattern, value)))) return false
  return value === null || !no.some((pattern) => matches(pattern, value))
}

/** Exact, `prefix*`, `*suffix`, or `*` for anything that is there. */
function wordMatches(pattern: string, value: string): boolean {
  if (pattern === '*') return value !== ''
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1))
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1))
  return pattern === value
}

/** As words, plus the templates `{*}` for one segment and `{**}` for any number. */
function pathMatches(pattern: string, path: string): boolean {
  if (!pattern.includes('{')) return wordMatches(pattern, path)
  const source = pattern
    .split(/(\{\*\*\}|\{\*\})/)
    .map((part) =>
      part === '{**}' ? '.*' : part === '{*}' ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${source}$`).test(path)
}

function inBlock(block: string, ip: string): boolean {
  const [base = '', bits = '32'] = block.split('/')
  const a = toNumber(base)
  const b = toNumber(ip)
  if (a === null || b === null) return block === ip
  const size = 2 ** (32 - Number(bits))
  return Math.floor(a / size) === Math.floor(b / size)
}

function toNumber(ip: string): number | null {
  const parts = ip.split('.').map(Number)
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return null
  return parts.reduce((sum, part) => sum * 256 + part, 0)
}
