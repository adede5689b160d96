/** In which order several objects may be written, so that no moment between two writes breaks traffic. */
import type { ConfigObject } from '@/lib/mesh/inventory'

/** What one step of a change does to an object; null is an object that does not exist. */
export interface Step {
  before: ConfigObject | null
  after: ConfigObject | null
}

const ROUTE_KINDS = new Set(['VirtualService', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'])

/** Servers that accept more come before callers change, servers that accept less after them. */
const RANK = { loosen: 0, define: 1, route: 2, withdraw: 3, tighten: 4 } as const

/**
 * The steps in an order that is safe at every moment, or the problem that leaves none: what routes refer to
 * (subsets, gateways, service entries) is defined before the routes that use it and withdrawn after them;
 * PeerAuthentication loosens before and tightens after everything else. Equal steps keep their order.
 */
export function orderSteps<S extends Step>(
  steps: readonly S[],
): { steps: S[] } | { problem: string; step: S } {
  const hasRoutes = steps.some((step) => isRoute(step))
  for (const step of steps) {
    const { gone, come } = subsetsChanged(step)
    if (hasRoutes && gone.length > 0 && come.length > 0) {
      const name = (step.after ?? step.before)?.metadata.name ?? ''
      return {
        step,
        problem: `DestinationRule ${name} adds the subset ${come.join(', ')} and removes ${gone.join(', ')} while routes change with it: whichever is written first, some requests find no subset; remove subsets in a second change`,
      }
    }
  }
  return { steps: steps.toSorted((a, b) => rankOf(a) - rankOf(b)) }
}

function rankOf(step: Step): number {
  const kind = (step.after ?? step.before)?.kind
  if (kind === 'PeerAuthentication') return tightens(step) ? RANK.tighten : RANK.loosen
  if (isRoute(step)) return RANK.route
  if (step.after === null || subsetsChanged(step).gone.length > 0) return RANK.withdraw
  return RANK.define
}

function isRoute({ before, after }: Step): boolean {
  return ROUTE_KINDS.has((after ?? before)?.kind ?? '')
}

function subsetsChanged({ before, after }: Step): { gone: string[]; come: string[] } {
  if ((after ?? before)?.kind !== 'DestinationRule') return { gone: [], come: [] }
  const [old, now] = [subsetNames(before), subsetNames(after)]
  return {
    gone: old.filter((name) => !now.includes(name)),
    come: now.filter((name) => !old.includes(name)),
  }
}

function subsetNames(rule: ConfigObject | null): string[] {
  const subsets = fields(rule?.spec).subsets
  if (!Array.isArray(subsets)) return []
  return subsets.flatMap((subset: unknown) => {
    const { name } = fields(subset)
    return typeof name === 'string' ? [name] : []
  })
}

/** A policy that allowed more and goes leaves its workloads to what stands above it, which may be STRICT. */
function tightens({ before, after }: Step): boolean {
  const [was, now] = [modesOf(before), modesOf(after)]
  if (now.includes('STRICT')) return true
  if (was.includes('STRICT')) return false
  // callers that are told to send mutual TLS must have stopped
  if (now.includes('DISABLE') && was.includes('PERMISSIVE')) return true
  return !now.includes('PERMISSIVE') && !now.includes('DISABLE')
}

function modesOf(policy: ConfigObject | null): unknown[] {
  const spec = fields(policy?.spec)
  return [spec.mtls, ...Object.values(fields(spec.portLevelMtls))].map((mtls) => fields(mtls).mode)
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
