/** One try of a call: to a workload by its ready pods, and what that one makes of it. */
import type { Branch, Client, Member } from './call'
import { fixed, lognormal, plus } from './latency'
import type { Latency } from './latency'
import { proxyAnswer, scaled } from './outcome'
import type { Answer, Outcome, PlanContext } from './outcome'

/** Both proxies of a call together, and the way between two clusters. */
const PROXIES = lognormal(0.55, 3)
const BARE_WIRE = fixed(0.2)
const BETWEEN_CLUSTERS = fixed(9)
/** What a proxy takes to answer by itself. */
export const AT_PROXY = lognormal(0.3, 1.5)
const NEGLIGIBLE = 1e-9

/** One try at one branch; ratios add up to 1. */
export function attempt(client: Client, branch: Branch, context: PlanContext): Outcome[] {
  const protocol = branch.request.protocol
  const own = (status: number, flags: string, ratio = 1, member: Member | null = null): Outcome => ({
    ...proxyAnswer(protocol, status),
    flags,
    ratio,
    latency: AT_PROXY,
    branch,
    member,
    far: null,
    reaches: false,
  })
  const { target } = branch
  if (target.kind === 'local') return [own(target.status, target.flags)]
  if (target.kind === 'external') {
    const { spec } = target
    if (spec === null || !target.accepts) return [own(503, 'UF')]
    const base = {
      ...own(200, '-'),
      latency: plus(PROXIES, lognormal(spec.latencyMs.median, spec.latencyMs.p99)),
    }
    const good: Outcome = { ...base, ratio: 1 - spec.errorRatio, grpc: protocol === 'grpc' ? '0' : null }
    if (spec.errorRatio <= 0) return [good]
    const bad = protocol === 'tcp' ? { flags: 'UF' } : { code: '500' }
    return [good, { ...base, ...bad, ratio: spec.errorRatio }]
  }
  const state = target.feedbackKey === null ? undefined : context.stateOf(target.feedbackKey)
  const overflow = state?.overflow ?? 0
  const outcomes: Outcome[] = overflow > 0 ? [own(503, 'UO', overflow)] : []
  const ejected = target.members.map((member) => state?.ejected.get(member.workload.id) ?? 0)
  const noneLeft = target.members.reduce(
    (share, member, index) => share * (ejected[index] ?? 0) ** member.workload.ready,
    1,
  )
  if (noneLeft > 0) outcomes.push(own(503, 'UH', (1 - overflow) * noneLeft))
  const weights = target.members.map((member, index) => member.workload.ready * (1 - (ejected[index] ?? 0)))
  const weight = weights.reduce((sum, one) => sum + one, 0)
  for (const [index, member] of target.members.entries()) {
    const share = ((weights[index] ?? 0) / weight) * (1 - overflow) * (1 - noneLeft)
    if (!(share > NEGLIGIBLE)) continue
    for (const one of atMember(client, branch, member, context, own)) outcomes.push(scaled(one, share))
  }
  return outcomes
}

function atMember(
  client: Client,
  branch: Branch,
  member: Member,
  context: PlanContext,
  own: (status: number, flags: string, ratio?: number, member?: Member | null) => Outcome,
): Outcome[] {
  const protocol = branch.request.protocol
  const isTcp = protocol === 'tcp'
  if (member.connection === 'failed') return [own(503, 'UF', 1, member)]
  // closed by the server before an answer; a TCP caller only sees the connection end
  if (member.connection === 'refused') return [own(503, isTcp ? 'UF' : 'UC', 1, member)]
  if (member.denied === 'connection') {
    const flags = member.workload.hasProxy ? 'UAEX' : 'DENY'
    const far = { code: '', grpc: null, flags, latency: AT_PROXY }
    return [{ ...own(503, isTcp ? 'UF' : 'UC', 1, member), far }]
  }
  const wire = wireTo(client, member)
  if (member.denied === 'http') {
    const answer = proxyAnswer(protocol, 403)
    const far = { ...answer, flags: '-', latency: AT_PROXY }
    return [{ ...own(403, '-', 1, member), latency: plus(wire, AT_PROXY), far }]
  }
  if (member.next !== null) {
    return context.planOf(member.next).outcomes.map((inner) => ({
      ...own(200, '-', inner.ratio, member),
      code: isTcp ? '' : inner.code,
      grpc: inner.grpc,
      // the gateway's reasons stay its own; a broken TCP connection is seen through
      flags: isTcp ? inner.flags : '-',
      latency: plus(wire, inner.latency),
      reaches: true,
    }))
  }
  if (member.node === null) {
    // nothing listens: with a proxy in front it is that one which fails to connect
    if (!member.workload.hasProxy || isTcp) return [own(503, 'UF', 1, member)]
    const far = { ...proxyAnswer(protocol, 503), flags: 'UF', latency: AT_PROXY }
    return [{ ...own(503, '-', 1, member), far }]
  }
  const answers: readonly Answer[] =
    member.node === 'unknown'
      ? [{ ...proxyAnswer(protocol, 404), ratio: 1, latency: AT_PROXY }]
      : context.answersOf(member.node)
  return answers.map((answer) => {
    const seen = {
      code: isTcp ? '' : answer.code,
      grpc: protocol === 'grpc' ? answer.grpc : null,
      flags: '-',
    }
    return {
      ...own(200, '-', answer.ratio, member),
      ...seen,
      latency: plus(wire, answer.latency),
      far: { ...seen, latency: plus(AT_PROXY, answer.latency) },
      reaches: true,
    }
  })
}

function wireTo(client: Client, member: Member): Latency {
  const base = client.via === 'none' && !member.workload.hasProxy ? BARE_WIRE : PROXIES
  const from = client.workload?.spec.cluster
  return from !== undefined && from !== member.workload.spec.cluster ? plus(base, BETWEEN_CLUSTERS) : base
}
