/** What configuration does to services and workloads, as marks on the graph. */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isSelected } from '@/lib/mesh/labels'
import { dataPlaneOf, isOutOfMesh } from './data-plane'
import type { TrafficPolicy } from './schemas/networking'
import { rulesOfService, type RouteRules, type ServiceRules, type VirtualServiceRules } from './service-rules'

/** In the order in which they are shown. */
export const BADGES = [
  'missingSidecar',
  'ambient',
  'requestRouting',
  'trafficShifting',
  'faultInjection',
  'requestTimeout',
  'retries',
  'mirroring',
  'redirect',
  'circuitBreaker',
] as const
export type Badge = (typeof BADGES)[number]

/** Marks of a service: what is done to requests for it, and what part the workloads behind it have in the mesh. */
export function badgesOfService(
  index: InventoryIndex,
  namespace: string,
  name: string,
  host?: string,
): Badge[] {
  const rules = rulesOfService(index, namespace, name, host)
  const badges = new Set<Badge>(routingBadges(rules))
  if (rules.destinationRules.some((rule) => breaksCircuits(rule.spec))) badges.add('circuitBreaker')
  const workloads = index.workloadsOfService.get(`${namespace}/${name}`) ?? []
  if (workloads.some((workload) => isOutOfMesh(workload, index))) badges.add('missingSidecar')
  if (workloads.some((workload) => dataPlaneOf(workload, index) === 'ambient')) badges.add('ambient')
  return inOrder(badges)
}

/** Marks of a workload: its part in the mesh, and what holds for requests to the services in front of it. */
export function badgesOfWorkload(index: InventoryIndex, workload: WorkloadInventory): Badge[] {
  const badges = new Set<Badge>()
  if (isOutOfMesh(workload, index)) badges.add('missingSidecar')
  if (dataPlaneOf(workload, index) === 'ambient') badges.add('ambient')
  const services = index.servicesOfWorkload.get(`${workload.namespace}/${workload.name}`) ?? []
  for (const service of services) {
    const rules = rulesOfService(index, service.namespace, service.name)
    for (const badge of routingBadges(rules)) badges.add(badge)
    for (const { spec } of rules.destinationRules) {
      // a subset's policy is the business of the workloads in that subset
      const subsets = spec.subsets.filter((subset) => isSelected(subset.labels, workload.podLabels))
      if (breaksCircuits({ ...spec, subsets })) badges.add('circuitBreaker')
    }
  }
  return inOrder(badges)
}

/** The marks of several things as one. */
export function mergeBadges(lists: readonly (readonly Badge[])[]): Badge[] {
  return inOrder(new Set(lists.flat()))
}

function inOrder(badges: ReadonlySet<Badge>): Badge[] {
  return BADGES.filter((badge) => badges.has(badge))
}

const routing = new WeakMap<ServiceRules, readonly Badge[]>()

/** Worked out once for a service: in front of thousands of versions may stand thousands of rules. */
function routingBadges(rules: ServiceRules): readonly Badge[] {
  const known = routing.get(rules)
  if (known) return known
  const made = inOrder(
    new Set([...rules.virtualServices.flatMap(virtualServiceBadges), ...rules.routes.flatMap(routeBadges)]),
  )
  routing.set(rules, made)
  return made
}

function virtualServiceBadges({ http, plain }: VirtualServiceRules): Badge[] {
  const badges: Badge[] = []
  for (const rule of http) {
    if (rule.fault?.abort || rule.fault?.delay) badges.push('faultInjection')
    if (isTimeout(rule.timeout)) badges.push('requestTimeout')
    if ((rule.retries?.attempts ?? 0) > 0) badges.push('retries')
    if (rule.mirror || (rule.mirrors?.length ?? 0) > 0) badges.push('mirroring')
    if (rule.redirect) badges.push('redirect')
  }
  for (const rule of [...http, ...plain]) {
    const destinations = rule.route ?? []
    if (destinations.length > 1) badges.push('trafficShifting')
    const picksSubset = destinations.length === 1 && destinations[0]?.destination.subset !== undefined
    if ((rule.match?.length ?? 0) > 0 || picksSubset) badges.push('requestRouting')
  }
  return badges
}

function routeBadges({ rules }: RouteRules): Badge[] {
  const badges: Badge[] = []
  for (const rule of rules) {
    const filters = new Set((rule.filters ?? []).map((filter) => filter.type))
    if (filters.has('RequestMirror')) badges.push('mirroring')
    if (filters.has('RequestRedirect')) badges.push('redirect')
    if (isTimeout(rule.timeouts?.request) || isTimeout(rule.timeouts?.backendRequest))
      badges.push('requestTimeout')
    if ((rule.retry?.attempts ?? 0) > 0) badges.push('retries')
    if ((rule.backendRefs?.length ?? 0) > 1) badges.push('trafficShifting')
    if ((rule.matches ?? []).some(isRealMatch)) badges.push('requestRouting')
  }
  return badges
}

/** The API server writes the default match "every path" into routes that have none. */
function isRealMatch(match: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(match)
  if (keys.length !== 1 || keys[0] !== 'path') return keys.length > 0
  const path = match.path as { type?: unknown; value?: unknown } | undefined
  return !((path?.type ?? 'PathPrefix') === 'PathPrefix' && (path?.value ?? '/') === '/')
}

/** Zero switches a timeout off. */
function isTimeout(duration: string | undefined): boolean {
  return duration !== undefined && !/^0+(\.0+)?(ms|s|m|h)?$/.test(duration)
}

function breaksCircuits(spec: {
  trafficPolicy?: TrafficPolicy | undefined
  subsets: { trafficPolicy?: TrafficPolicy | undefined }[]
}): boolean {
  return [spec.trafficPolicy, ...spec.subsets.map((subset) => subset.trafficPolicy)].some(
    (policy) =>
      policy !== undefined && (isBreaker(policy) || (policy.portLevelSettings ?? []).some(isBreaker)),
  )
}

const LIMITS = [
  'maxConnections',
  'http1MaxPendingRequests',
  'http2MaxRequests',
  'maxRequestsPerConnection',
  'maxRetries',
]

/** Outlier ejection, or a limit of connections or requests; keep-alive and timeouts alone break nothing. */
function isBreaker(policy: Pick<TrafficPolicy, 'connectionPool' | 'outlierDetection'>): boolean {
  const { connectionPool, outlierDetection } = policy
  if (outlierDetection !== undefined) return true
  const keys = [...Object.keys(connectionPool?.tcp ?? {}), ...Object.keys(connectionPool?.http ?? {})]
  return keys.some((key) => LIMITS.includes(key))
}
