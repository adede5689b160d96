/**
 * Single requests, walked through the same routes, shares and latencies as the totals: what tracing would
 * have sampled. Proxies report spans, so callers and callees without an L7 proxy leave none.
 */
import type { SimulatedSpan } from '@/lib/demo/model'
import type { Random } from '@/lib/statistics/random'
import type { WorkloadState } from '../config/registry'
import { STATUS_FOR, said } from '../flow/answers'
import type { WorkloadFault } from '../flow/answers'
import { attempt } from '../flow/attempt'
import type { Branch, Call } from '../flow/call'
import type { FlowEntry, FlowGraph, FlowNode } from '../flow/flow-graph'
import { lognormal, stretch, valueAt } from '../flow/latency'
import { failsCaller, failureKind, proxyAnswer } from '../flow/outcome'
import type { Outcome } from '../flow/outcome'
import { isRetried } from '../flow/policies'
import { failureEvent, handlerOf } from './program-spans'
import type { Failed } from './program-spans'

/** A trace stays readable: what fans out further is cut. */
const MAX_SPANS = 120
const MAX_REPEATS = 4
const MAX_DEPTH = 24

interface Ended {
  code: string
  grpc: string | null
  flags: string
  durationMs: number
  outcome: Outcome
}

interface Walk {
  graph: FlowGraph
  faultOf: (workloadId: string) => WorkloadFault | undefined
  random: Random
  traceId: string
  spans: SimulatedSpan[]
}

/** Spans of one request of an entry that begins at this instant; none when nobody on its way reports spans. */
export function sampleTrace(
  graph: FlowGraph,
  faultOf: (workloadId: string) => WorkloadFault | undefined,
  entry: FlowEntry,
  startMs: number,
  random: Random,
): SimulatedSpan[] {
  const walk: Walk = { graph, faultOf, random, traceId: random.hex(32), spans: [] }
  walkCall(walk, entry.call, startMs, null, 0)
  return walk.spans
}

function walkCall(
  walk: Walk,
  call: Call,
  startMs: number,
  parent: string | null,
  depth: number,
): Ended | null {
  const { random } = walk
  if (depth > MAX_DEPTH || walk.spans.length >= MAX_SPANS) return null
  const reporter =
    call.client.waypoint ??
    (call.client.via === 'sidecar' || call.client.via === 'gateway' ? call.client.workload : null)
  const span =
    reporter === null || call.request.protocol === 'tcp' ? null : open(walk, reporter, 'client', parent)
  const ended = settle(walk, call, startMs, span?.spanId ?? parent, depth)
  if (span !== null) {
    close(span, ended.outcome.branch, ended, startMs, ended.durationMs)
    span.peerAddress = ended.outcome.member?.workload.podIp ?? ''
  }
  // a copy goes its own way; nobody waits for it
  for (const mirror of call.mirrors) {
    if (random.chance(mirror.ratio))
      walkBranch(walk, call, mirror.branch, startMs, span?.spanId ?? parent, depth)
  }
  return ended
}

function settle(walk: Walk, call: Call, startMs: number, parent: string | null, depth: number): Ended {
  const { random } = walk
  const { fault } = call
  const waits = fault?.delay != null && random.chance(fault.delay.ratio)
  const wait = waits ? (fault.delay?.ms ?? 0) : 0
  if (fault?.abort != null && random.chance(fault.abort.ratio)) {
    const aborted = walk.graph
      .planOf(call)
      .outcomes.find((outcome) => outcome.flags.split(',').includes('FI'))
    if (aborted !== undefined) {
      const durationMs = wait + valueAt(aborted.latency, random.next() * 0.5)
      return { ...pick(aborted), durationMs, outcome: aborted }
    }
  }
  const limit = call.timeoutMs ?? Infinity
  let spent = 0
  for (let tries = 0; ; tries++) {
    const branch = call.branches[random.pickIndex(call.branches.map((one) => one.share))]
    if (branch === undefined) throw new Error('a call without a branch')
    const one = walkBranch(walk, call, branch, startMs + wait + spent, parent, depth)
    const perTry = call.retries.perTryTimeoutMs ?? Infinity
    const outcome = one.durationMs > perTry ? timedOut(one, perTry) : one
    spent += outcome.durationMs
    if (spent > limit) {
      const cut = timedOut(outcome, limit)
      return { ...cut, flags: withDelay(cut.flags, waits), durationMs: wait + limit }
    }
    const again = isRetried({ ...outcome.outcome, ...pick(outcome) }, call.retries.on)
    if (!again || tries >= call.retries.attempts) {
      const gaveUp = again && call.retries.attempts > 0
      const flags = gaveUp ? (outcome.flags === '-' ? 'URX' : `${outcome.flags},URX`) : outcome.flags
      return { ...outcome, flags: withDelay(flags, waits), durationMs: wait + spent }
    }
    spent += 25
  }
}

function withDelay(flags: string, delayed: boolean): string {
  if (!delayed) return flags
  return flags === '-' ? 'DI' : `DI,${flags}`
}

function timedOut(ended: Ended, limitMs: number): Ended {
  return {
    ...ended,
    ...proxyAnswer(ended.outcome.branch.request.protocol, 504),
    flags: 'UT',
    durationMs: limitMs,
  }
}

function pick(outcome: { code: string; grpc: string | null; flags: string }) {
  return { code: outcome.code, grpc: outcome.grpc, flags: outcome.flags }
}

/** One try: where it goes is drawn from the same shares; what comes back is what the callee really does. */
function walkBranch(
  walk: Walk,
  call: Call,
  branch: Branch,
  startMs: number,
  parent: string | null,
  depth: number,
): Ended {
  const { random, graph } = walk
  const outcomes = attempt(call.client, branch, graph)
  const outcome = outcomes[random.pickIndex(outcomes.map((one) => one.ratio))]
  if (outcome === undefined) throw new Error('a branch without an outcome')
  const { member } = outcome
  const drawn = { ...pick(outcome), durationMs: valueAt(outcome.latency, random.next()), outcome }
  if (member === null) return drawn
  const wire = 0.3 + random.next() * 0.7
  const reports = member.workload.hasProxy && member.workload.spec.role === undefined
  const span =
    reports && outcome.far !== null && branch.request.protocol !== 'tcp'
      ? open(walk, member.workload, 'server', parent)
      : null
  const at = startMs + wire / 2
  let inner: { code: string; grpc: string | null; flags: string; durationMs: number } = drawn
  if (outcome.reaches && member.next !== null) {
    const next = walkCall(walk, member.next, at, span?.spanId ?? parent, depth + 1)
    if (next !== null) inner = { ...next, flags: '-' }
  } else if (outcome.reaches && typeof member.node === 'number') {
    inner = { ...walkNode(walk, member.node, at, span?.spanId ?? parent, depth + 1, branch), flags: '-' }
  }
  if (span !== null) {
    const far = outcome.reaches ? inner : { ...inner, ...outcome.far }
    close(span, branch, far, at, inner.durationMs)
    span.upstreamCluster = `inbound|${portOf(member.workload, branch)}||`
    span.peerAddress = (call.client.waypoint ?? call.client.workload)?.podIp ?? '203.0.113.80'
  }
  return { ...pick(inner), durationMs: inner.durationMs + wire, outcome }
}

function portOf(workload: WorkloadState, branch: Branch): number {
  const { request } = branch
  return workload.spec.endpoints.find((one) => one.path === request.path)?.port ?? request.port
}

/** The application's own work, with its calls one after the other. */
function walkNode(
  walk: Walk,
  node: number,
  startMs: number,
  parent: string | null,
  depth: number,
  branch: Branch,
): Worked {
  const at = walk.graph.nodes[node]
  if (at === undefined) return { ...proxyAnswer(branch.request.protocol, 404), durationMs: 0.2 }
  const { tracer } = at.workload.spec
  if (tracer === undefined) return work(walk, at, startMs, parent, depth)
  const span = open(walk, at.workload, 'internal', parent)
  const worked = work(walk, at, startMs, span.spanId, depth)
  close(span, branch, { ...worked, flags: '-' }, startMs, worked.durationMs)
  span.program = { operation: handlerOf(at.endpoint, at.workload.spec.app, tracer), tracer }
  const failed = worked.failed
  if (failed !== undefined) {
    span.events = [
      failureEvent(tracer, failed, { app: at.workload.spec.app, atMs: startMs + worked.durationMs }),
    ]
  }
  return worked
}

interface Worked {
  code: string
  grpc: string | null
  durationMs: number
  /** why it answers with a failure; absent when it does not */
  failed?: Failed
}

function work(walk: Walk, at: FlowNode, startMs: number, parent: string | null, depth: number): Worked {
  const { random } = walk
  const { endpoint, workload } = at
  const fault = walk.faultOf(workload.id)
  const own = valueAt(
    stretch(lognormal(endpoint.latencyMs.median, endpoint.latencyMs.p99), fault?.latencyFactor ?? 1),
    random.next(),
  )
  const step = own / (at.calls.length + 1)
  let spent = step
  for (const [index, call] of at.calls.entries()) {
    const spec = endpoint.calls[index]
    if (spec === undefined) break
    const whole = Math.floor(spec.perRequest)
    const repeats = whole + (random.chance(spec.perRequest - whole) ? 1 : 0)
    for (let turn = 0; turn < Math.min(repeats, MAX_REPEATS); turn++) {
      const ended = walkCall(walk, call, startMs + spent, parent, depth)
      if (ended === null) break
      spent += ended.durationMs
      const outcome = { ...ended.outcome, ...pick(ended) }
      if (spec.required !== false && failsCaller(outcome)) {
        const failed = { callee: call.request.host, code: ended.code, flags: ended.flags }
        return { ...said(endpoint, STATUS_FOR[failureKind(outcome)]), durationMs: spent, failed }
      }
    }
    spent += step
  }
  const errors = Math.min(1, endpoint.errorRatio + (fault?.errorRatio ?? 0))
  if (random.chance(errors)) {
    const failed = { callee: null, code: '', flags: '-' }
    return { ...said(endpoint, fault?.errorStatus ?? 500), durationMs: spent, failed }
  }
  const isMissing = endpoint.protocol === 'http' && random.chance(endpoint.clientErrorRatio ?? 0)
  return { ...said(endpoint, isMissing ? 404 : 200), durationMs: spent }
}

function open(
  walk: Walk,
  workload: WorkloadState,
  side: SimulatedSpan['side'],
  parent: string | null,
): SimulatedSpan {
  const { spec } = workload
  const span: SimulatedSpan = {
    traceId: walk.traceId,
    spanId: walk.random.hex(16),
    parentSpanId: parent,
    startMs: 0,
    durationMs: 0,
    side,
    cluster: spec.cluster,
    namespace: spec.namespace,
    workload: spec.name,
    app: spec.app,
    version: spec.version,
    podName: workload.podName,
    podIp: workload.podIp,
    upstreamCluster: '',
    host: '',
    method: '',
    path: '',
    protocol: 'http',
    responseCode: '',
    grpcStatus: null,
    flags: '-',
    peerAddress: '',
  }
  walk.spans.push(span)
  return span
}

function close(
  span: SimulatedSpan,
  branch: Branch,
  ended: { code: string; grpc: string | null; flags: string },
  startMs: number,
  durationMs: number,
): void {
  const { request } = branch
  span.startMs = startMs
  span.durationMs = durationMs
  span.upstreamCluster = branch.clusterName
  span.host = request.host === branch.service.host ? `${request.host}:${request.port}` : request.host
  span.method = request.method
  span.path = request.path
  span.protocol = request.protocol
  span.responseCode = ended.code
  span.grpcStatus = ended.grpc
  span.flags = ended.flags
}
