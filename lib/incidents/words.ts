/** Incidents in sentences. Every claim carries its number. */
import { findGrpcStatusName } from '@/lib/mesh/outcome'
import { explainFlags } from '@/lib/mesh/response-flags'
import { formatDuration } from '@/lib/units/duration'
import { formatNumber } from '@/lib/units/number'
import { formatRatio } from '@/lib/units/ratio'
import { formatCount } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatWindow } from '@/lib/units/window'
import { isFailure, type EdgeSignal, type NodeSignal } from './signals'
import { flagged, isNowhere, isOfReplicas, type Origin } from './suspects'
import type { Evidence, FlagShare } from './types'

/** Callers named one by one; more are counted. */
const NAMED_CALLERS = 3
const NAMED_DEPENDENCIES = 3

/** `reviews-v3 fails 12 % of requests (limit 10 %)`. */
export function headlineOf(name: string, origin: Origin): string {
  const { signal } = origin
  switch (origin.symptom) {
    case 'latency':
      return slowHeadline(name, signal)
    case 'blocked':
      return `${blockedOf(signal)} to hosts outside the mesh are blocked (${name})`
    case 'no-endpoint':
      return noEndpointHeadline(name, origin)
    case 'refused':
      return `${name} breaks ${failedOf(origin)} before an answer${limitOf(origin)}`
    case 'no-route':
      return `${name} sends ${formatRate(lostOf(signal))} to where no route leads`
    case 'replicas':
      return signal.node.health.reasons.find(isOfReplicas)?.message ?? `${name} is not as it should be`
    case 'errors':
      return `${name} fails ${failedOf(origin)}${limitOf(origin)}`
  }
}

function slowHeadline(name: string, { slow }: NodeSignal): string {
  if (!slow) return `${name} is slow`
  return `${name} answers within ${formatDuration(slow.p95Ms)} at P95, usually ${formatDuration(slow.usualMs)}`
}

function noEndpointHeadline(name: string, origin: Origin): string {
  const { signal, deputies } = origin
  if (origin.isPart) return `${name} had no healthy endpoint for ${failedOf(origin)}`
  const { replicas } = signal.node
  const failed = [signal, ...deputies].reduce((sum, each) => sum + each.failed, 0)
  const carried = [signal, ...deputies].reduce((sum, each) => sum + each.carried, 0)
  const lost = carried > 0 ? `: ${formatRatio(failed / carried)} of requests fail` : ''
  return replicas
    ? `${name} has ${replicas.available} of ${replicas.desired} replicas available${lost}`
    : `${name} has no healthy endpoint${lost}`
}

/** `16 % of requests`, of connections where nothing else is carried; a rate where the whole is not known. */
function failedOf({ signal, isPart }: Origin): string {
  const { failed, carried, into } = signal
  const what = into.every(({ edge }) => edge.protocol === 'tcp') ? 'connections' : 'requests'
  if (isPart) return `${formatRate(failed)} ${what}`
  return `${formatRatio(carried > 0 ? failed / carried : 1)} of ${what}`
}

/**
 * The limit health holds it against. Not one the told share keeps: what one caller sees, or what it sees itself of
 * those it asks, may be far more than what all callers see together.
 */
function limitOf({ signal: { node, into, failed, carried }, isPart }: Origin): string {
  if (isPart) return ''
  const share = carried > 0 ? failed / carried : 1
  const reasons = [...node.health.reasons, ...into.flatMap(({ edge }) => edge.health.reasons)].filter(
    ({ code, threshold }) =>
      code !== 'latency-high' &&
      !isOfReplicas({ code, status: 'failing' }) &&
      threshold !== null &&
      threshold <= share,
  )
  const worst = reasons.find(({ status }) => status === 'failing') ?? reasons[0]
  if (worst?.threshold == null) return ''
  return worst.status === 'failing'
    ? ` (limit ${formatRatio(worst.threshold)})`
    : ` (degraded above ${formatRatio(worst.threshold)})`
}

function blockedOf({ into }: NodeSignal): string {
  let requests = 0
  let connections = 0
  for (const { edge, failed } of into) {
    if (edge.protocol === 'tcp') connections += failed
    else requests += failed
  }
  return [
    requests > 0 ? `${formatNumber(requests)} requests/s` : '',
    connections > 0 ? `${formatNumber(connections)} connections/s` : '',
  ]
    .filter(Boolean)
    .join(' and ')
}

function lostOf({ outOf }: NodeSignal): number {
  return outOf.reduce((sum, { edge, failed }) => (isNowhere(edge.target) ? sum + failed : sum), 0)
}

/** What speaks for this origin, strongest first. */
export function evidenceOf(origin: Origin, windowSeconds: number): Evidence[] {
  const { signal, symptom, deputies } = origin
  const { node, failed, ownFailed, carried, slow, ownSlowness } = signal
  const over = ` over ${formatWindow(windowSeconds)}`
  const evidence: Evidence[] = []
  for (const reason of node.health.reasons.filter(isOfReplicas)) {
    evidence.push({ code: reason.code, message: reason.message, value: reason.value ?? 0, unit: 'count' })
  }
  for (const deputy of deputies) {
    evidence.push({
      code: 'requests-not-passed-on',
      message:
        `${formatRate(deputy.failed)} requests to service ${placeOf(deputy)} reached no workload` +
        `${flagsOf(deputy)}: ${node.name} stands behind it`,
      value: deputy.failed,
      unit: 'requests/s',
    })
  }
  if (slow && ownSlowness > 0) {
    evidence.push({
      code: 'own-latency',
      message: `P95 is ${formatDuration(slow.p95Ms)}, usually ${formatDuration(slow.usualMs)}${over}`,
      value: slow.p95Ms,
      unit: 'ms',
    })
    evidence.push(dependencyLatency(signal))
  }
  if (failed > 0 && ownFailed > 0) {
    const unit = signal.into.every(({ edge }) => edge.protocol === 'tcp') ? 'connections/s' : 'requests/s'
    const things = unit === 'requests/s' ? 'requests' : 'connections'
    evidence.push({
      code: 'own-failures',
      message:
        symptom === 'blocked'
          ? `${blockedOf(signal)} end here: no service and no ServiceEntry holds their hosts, and the mesh lets nothing else out`
          : node.kind === 'workload' || node.kind === 'app'
            ? `${formatRate(ownFailed)} of ${formatRate(failed)} failed ${things} begin here: ${explanationOf(signal)}`
            : `${formatRate(failed)} of ${formatRate(carried)} ${things} end here${flagsOf(signal)}`,
      value: ownFailed,
      unit,
    })
    evidence.push(...callerEvidence(signal))
  }
  if (symptom === 'refused' && node.mtls?.mode === 'STRICT') {
    evidence.push({
      code: 'strict-mtls',
      message: `It accepts mutual TLS only (${node.mtls.reason}); connections in plain text break (UC), ${formatRate(sumOf(signal.into, 'refused'))}`,
      value: sumOf(signal.into, 'refused'),
      unit: 'requests/s',
    })
  }
  const retried = flagged(signal, 'URX')
  if (retried > 0) {
    evidence.push({
      code: 'retries-used-up',
      message: `${formatRate(retried)} gave up after the allowed attempts (URX): every one of them was sent several times`,
      value: retried,
      unit: 'requests/s',
    })
  }
  if (symptom === 'no-route') {
    const lost = lostOf(signal)
    evidence.push({
      code: 'no-route',
      message: `${formatRate(lost)} requests found no destination${flagsOf({ into: signal.outOf })}`,
      value: lost,
      unit: 'requests/s',
    })
  }
  return evidence
}

function sumOf(edges: readonly EdgeSignal[], pick: 'refused' | 'failed'): number {
  return edges.reduce((sum, each) => sum + each[pick], 0)
}

function placeOf({ node }: NodeSignal): string {
  return `${node.cluster}/${node.namespace}/${node.name}`
}

function explanationOf({ outOf }: NodeSignal): string {
  const asked = outOf.filter(({ carried }) => carried > 0)
  if (asked.length === 0) return 'it asks nobody else'
  const failed = asked.reduce((sum, each) => sum + each.failed, 0)
  const count =
    asked.length === 1 ? 'its one dependency fails' : `its ${formatCount(asked.length)} dependencies fail`
  return `${count} ${failed > 0 ? `${formatRate(failed)} requests` : 'none'}`
}

function dependencyLatency({ outOf, ownSlowness }: NodeSignal): Evidence {
  const asked = outOf
    .filter(({ edge, carried }) => carried > 0 && edge.latencyMs?.p95 != null)
    .sort((a, b) => (b.edge.latencyMs?.p95 ?? 0) - (a.edge.latencyMs?.p95 ?? 0))
  const named = asked
    .slice(0, NAMED_DEPENDENCIES)
    .map(({ edge }) => `${nameOfId(edge.target)} ${formatDuration(edge.latencyMs?.p95)}`)
  const message =
    named.length === 0
      ? 'It asks nobody whose latency is known, so all of it begins here'
      : `${formatRatio(ownSlowness)} of the excess begins here: P95 of what it asks is ${named.join(', ')}`
  return { code: 'dependency-latency', message, value: ownSlowness, unit: 'ratio' }
}

/** Which callers see the failure, and which do not: a cause between the two shows here. */
function callerEvidence({ into }: NodeSignal): Evidence[] {
  const asking = into.filter(({ carried }) => carried > 0)
  const hurt = asking.filter(({ failed }) => failed > 0).sort((a, b) => b.failed - a.failed)
  if (asking.length < 2 || hurt.length === 0) return []
  const named = hurt
    .slice(0, NAMED_CALLERS)
    .map(
      ({ edge, failed, carried }) =>
        `${nameOfId(edge.source)} ${formatRatio(carried > 0 ? failed / carried : 1)}`,
    )
  const more = hurt.length > NAMED_CALLERS ? ` and ${formatCount(hurt.length - NAMED_CALLERS)} more` : ''
  const spared = asking.length - hurt.length
  const rest =
    spared === 0
      ? ''
      : `; ${formatCount(spared)} other ${spared === 1 ? 'caller sees' : 'callers see'} no failure`
  return [
    {
      code: 'callers-failing',
      message: `${formatCount(hurt.length)} of ${formatCount(asking.length)} callers see failures: ${named.join(', ')}${more}${rest}`,
      value: hurt.length,
      unit: 'count',
    },
  ]
}

function flagsOf(signal: Pick<NodeSignal, 'into'>): string {
  const [most] = flagShares(signal.into).filter(({ words }) => words !== '')
  return most ? `, mostly ${most.words}` : ''
}

/** How the failed requests on these edges ended, most frequent first. */
export function flagShares(edges: readonly EdgeSignal[]): FlagShare[] {
  const shares = new Map<string, FlagShare>()
  for (const { edge, failed } of edges) {
    if (failed === 0) continue
    for (const { code, flags, requestsPerSecond } of edge.responses) {
      if (requestsPerSecond <= 0 || !isFailure(edge, code, flags)) continue
      const shown = edge.protocol === 'grpc' && /^\d{1,2}$/.test(code) ? `${nameOfStatus(code)}` : code
      const key = `${shown} ${flags}`
      const known = shares.get(key)
      if (known) known.perSecond += requestsPerSecond
      else shares.set(key, { flags, words: explainFlags(flags), code: shown, perSecond: requestsPerSecond })
    }
  }
  return [...shares.values()].sort(
    (a, b) => b.perSecond - a.perSecond || (a.code + a.flags < b.code + b.flags ? -1 : 1),
  )
}

function nameOfStatus(code: string): string {
  const name = findGrpcStatusName(code)
  return name ? `${name} (${code})` : code
}

/** Name of a node from its id, as people say it. */
export function nameOfId(id: string): string {
  const name = id.split('/')[3] ?? id
  if (isNowhere(id)) return 'unknown'
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
