/** What is measured wavers; findings must not come and go with it. */
import type {
  Observed,
  ObservedSplit,
  PlaintextTraffic,
  ServiceCall,
  ServiceLatency,
  WorkloadCalls,
} from './observed'

/** A share moves this far, a latency or rate by this much of itself, before it counts as another. */
const SHARE_STEP = 0.03
const RELATIVE_STEP = 0.2

/**
 * The newer of two measurements, keeping of the older each part that is nearly the same, down to the identity of lists
 * that did not change: rules about it then answer as before and need not run again.
 */
export function steady(before: Observed | null, next: Observed): Observed {
  if (!before) return next
  const kept: Observed = {
    ...next,
    plaintext: keepAll(before.plaintext, next.plaintext, plaintextKey, isSamePlaintext),
    splits: keepAll(before.splits, next.splits, splitKey, isSameSplit),
    latencies: keepAll(before.latencies, next.latencies, latencyKey, isSameLatency),
    calls: keepAll(before.calls, next.calls, callKey, () => true),
    outgoing: keepAll(before.outgoing, next.outgoing, outgoingKey, isSameText),
    certificates: keepAll(
      before.certificates,
      next.certificates,
      (one) => JSON.stringify(one),
      () => true,
    ),
    unread: isSameSet(before.unread, next.unread) ? before.unread : next.unread,
  }
  const isSame =
    before.windowSeconds === kept.windowSeconds &&
    (
      [
        'plaintext',
        'splits',
        'latencies',
        'calls',
        'outgoing',
        'certificates',
        'accountsElsewhere',
        'unread',
      ] as const
    ).every((part) => before[part] === kept[part])
  return isSame ? before : kept
}

function keepAll<T>(
  before: readonly T[] | null,
  next: readonly T[] | null,
  keyOf: (one: T) => string,
  isSame: (a: T, b: T) => boolean,
): readonly T[] | null {
  if (!before || !next) return next
  const known = new Map(before.map((one) => [keyOf(one), one]))
  const kept = next.map((one) => {
    const old = known.get(keyOf(one))
    return old !== undefined && isSame(old, one) ? old : one
  })
  return kept.length === before.length && kept.every((one, at) => one === before[at]) ? before : kept
}

const plaintextKey = ({ namespace, workload }: PlaintextTraffic) => `${namespace}/${workload}`
const splitKey = ({ kind, namespace, name, path }: ObservedSplit) =>
  `${kind} ${namespace}/${name} ${path.join('.')}`
const callKey = ({ caller, callee }: ServiceCall) =>
  `${caller.namespace}/${caller.service} ${callee.namespace}/${callee.service}`
const outgoingKey = ({ namespace, workload }: WorkloadCalls) => `${namespace}/${workload}`
const latencyKey = ({ namespace, service }: ServiceLatency) => `${namespace}/${service}`

function isSameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function isSamePlaintext(a: PlaintextTraffic, b: PlaintextTraffic): boolean {
  return isSameText([a.callers, a.labels], [b.callers, b.labels]) && isNear(a.perSecond, b.perSecond)
}

function isSameSplit(a: ObservedSplit, b: ObservedSplit): boolean {
  return (
    isNear(a.requests, b.requests) &&
    a.backends.length === b.backends.length &&
    a.backends.every((one, at) => {
      const other = b.backends[at]
      return (
        other !== undefined &&
        one.name === other.name &&
        one.configuredShare === other.configuredShare &&
        Math.abs(one.observedShare - other.observedShare) <= SHARE_STEP
      )
    })
  )
}

function isSameLatency(a: ServiceLatency, b: ServiceLatency): boolean {
  return isNear(a.p99Ms, b.p99Ms) && isNear(a.requests, b.requests)
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= RELATIVE_STEP * Math.max(Math.abs(a), Math.abs(b))
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one))
}
