/** What a preflight comes to: a verdict that never says more than was seen. */
import { formatWindow } from '@/lib/units/window'
import type { PortUse } from './exposure'
import { askingWords, takesIdentity, type IdentityLoss } from './identity'
import type { Clash, Reach, RefusedCaller } from './preflight'
import type { ModeChange } from './proposal'

export type Verdict = 'safe' | 'breaks' | 'insufficient'

export interface Case {
  changes: readonly ModeChange[]
  callers: readonly RefusedCaller[]
  clashes: readonly Clash[]
  reached: readonly Reach[]
  ports: readonly PortUse[]
  losses: readonly IdentityLoss[]
  /** AuthorizationPolicies may not be read: whether they ask who calls is not known */
  hasUnreadPolicies: boolean
  /** DestinationRules may not be read: what callers' proxies send is not known */
  hasUnreadRules: boolean
  /** `coveredSeconds` null: telemetry was not asked, or did not answer */
  coverage: { windowSeconds: number; coveredSeconds: number | null; isAnswered: boolean }
}

/** Scrapes are missed now and then; more than this is a hole in which callers hide. */
const COVERED_ENOUGH = 0.95

/** The verdict and why, in sentences: what decides comes first. */
export function judge(of: Case): { verdict: Verdict; reasons: string[] } {
  const enforced = of.changes.filter(({ isEnforced }) => isEnforced)
  const also = [...of.clashes.map(({ reason }) => reason), ...asides(of)]
  if (of.changes.length === 0) return { verdict: 'safe', reasons: ['No mode changes anywhere.'] }
  if (enforced.length === 0) {
    return { verdict: 'safe', reasons: ['No proxy enforces a mode where it would change.', ...also] }
  }
  const probes = of.ports.filter(({ by, isRefused }) => by === 'probe' && isRefused)
  if (of.callers.length > 0 || probes.length > 0) {
    const why = [
      ...(of.callers.length > 0 ? [broken(of.callers)] : []),
      ...probes.map(({ reason }) => reason),
    ]
    return { verdict: 'breaks', reasons: [...why, ...doubts(of), ...also] }
  }
  if (enforced.every(({ after }) => after === 'PERMISSIVE')) {
    return { verdict: 'safe', reasons: ['PERMISSIVE accepts plain text and mutual TLS alike.', ...also] }
  }
  const why = [...doubts(of), ...identityDoubts(of)]
  if (of.clashes.length > 0)
    why.unshift('Nobody was seen to be turned away, but rules exist that would do it:')
  if (why.length > 0) return { verdict: 'insufficient', reasons: [...why, ...also] }
  const { windowSeconds } = of.coverage
  return {
    verdict: 'safe',
    reasons: [`No caller seen within ${formatWindow(windowSeconds)} would be refused.`, ...also],
  }
}

function broken(callers: readonly RefusedCaller[]): string {
  const unsure = callers.filter(({ certain }) => !certain).length
  const some = unsure === 0 ? '' : ` (${unsure} of them depending on the port, which telemetry does not tell)`
  return `${callers.length === 1 ? 'One caller' : `${callers.length} callers`} would be refused${some}.`
}

/** Why what was seen may not be all. */
function doubts({
  coverage,
  reached,
  callers,
  hasUnreadRules,
}: Pick<Case, 'coverage' | 'reached' | 'callers' | 'hasUnreadRules'>): string[] {
  const unread = hasUnreadRules
    ? ['What callers are told to send is not known: Heddle may not read DestinationRules.']
    : []
  const { windowSeconds, coveredSeconds, isAnswered } = coverage
  if (!isAnswered || coveredSeconds === null) return ['Telemetry did not answer.', ...unread]
  if (coveredSeconds <= 0) {
    return [`There is no telemetry within ${formatWindow(windowSeconds)}.`, ...unread]
  }
  const why = [...unread]
  if (coveredSeconds < windowSeconds * COVERED_ENOUGH) {
    why.push(
      `Telemetry covers ${formatWindow(coveredSeconds)} of the window of ${formatWindow(windowSeconds)}: who called outside it is not known.`,
    )
  }
  if (reached.length === 0) why.push('Nothing was called whose mode would change.')
  if (callers.length === 0 && reached.some(({ row }) => row.mutualTls === null)) {
    why.push('Metrics do not say how connections were secured.')
  }
  return why
}

/** Nobody was seen who is sure to be refused, but somebody may be, or be let in who should not. */
function identityDoubts({ changes, losses, hasUnreadPolicies }: Case): string[] {
  if (hasUnreadPolicies && changes.some(takesIdentity)) {
    return [
      'Whether anything asks for the identity of callers is not known: Heddle may not read AuthorizationPolicies.',
    ]
  }
  return losses.map(
    ({ workload, policies }) =>
      `${askingWords(policies)} for the identity of who calls ${workload.name}, which plain text does not prove.`,
  )
}

function asides({ changes, reached, coverage, losses }: Case): string[] {
  const said: string[] = []
  if (changes.some(takesIdentity) && reached.some(({ row }) => row.mutualTls === true)) {
    const then = losses.length === 0 ? '.' : ': authorization policies that ask for one do not know them.'
    said.push(`Callers that send mutual TLS now would send plain text and prove no identity${then}`)
  }
  const called = new Set(reached.map(({ workload }) => workload))
  const silent = new Set(
    changes.flatMap(({ workload, isEnforced }) =>
      isEnforced && !called.has(workload) ? [workload.name] : [],
    ),
  )
  if (called.size > 0 && silent.size > 0 && coverage.isAnswered) {
    said.push(
      `Nobody called ${listed([...silent])} within ${formatWindow(coverage.windowSeconds)}: callers that come more rarely are not known.`,
    )
  }
  const unproxied = changes.filter(({ isEnforced }) => !isEnforced).map(({ workload }) => workload.name)
  if (unproxied.length > 0) {
    said.push(`Nothing enforces a mode for ${listed([...new Set(unproxied)])}: their pods have no proxy.`)
  }
  return said
}

const MOST_NAMES = 5

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ')
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown
}
