/**
 * Requests a caller counted without knowing the workload that answered them, while the workload's own proxy
 * (or the waypoint in front of it) knows both. Pair by pair the two look different; they are the same requests.
 */
import { hasArrived } from '@/lib/mesh/response-flags'
import { quantizeRate } from '../quantum'
import type { EndTable } from './ends'
import { MANY } from './intern'
import { rankOf } from './reporter'
import type { Row } from './rows'

/** Two proxies' rates over one window differ by a few percent; less than this is no traffic of its own. */
const NOISE = 0.1

/**
 * Lowers `kept` of rows that other rows repeat. Untouched stay requests that never arrived (no healthy endpoint,
 * refused connection): nobody else can have counted them. What the caller counted beyond the others' total
 * stays too (some of the workloads have no proxy), so the caller's total is the total.
 */
export function dropRepeated(table: EndTable, rows: readonly Row[]): void {
  const groups = new Map<string, { open: Row[]; known: Row[] }>()
  const keyOf = (row: Row) =>
    `${table.identities[row.place.source] ?? -1}:${row.place.service}:${row.protocol}`
  const isCounted = (row: Row) =>
    row.kept > 0 && row.weight > 0 && row.place.service >= 0 && row.layer === 'l7'
  for (const row of rows) {
    if (!isUnresolved(table, row) || row.reporter === 'destination') continue
    if (!isCounted(row) || !hasArrived(row.flags)) continue
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.open.push(row)
    else groups.set(key, { open: [row], known: [] })
  }
  if (groups.size === 0) return
  for (const row of rows) {
    if (row.reporter === 'source' || !isCounted(row)) continue
    // a waypoint that had nobody to hand a request on to has answered it: its caller counted it as well
    const isOfWaypoint = row.reporter === 'waypoint' && row.place.target < 0
    if (isOfWaypoint || !isUnresolved(table, row)) groups.get(keyOf(row))?.known.push(row)
  }
  for (const { open, known } of groups.values()) {
    // the waypoint first: what is left of its rows is then known to the caller's
    for (const reporter of ['waypoint', 'source'] as const) {
      settle(
        open.filter((row) => row.reporter === reporter),
        known.filter((row) => row.kept > 0 && rankOf(row.reporter) > rankOf(reporter)),
      )
    }
  }
}

/**
 * Drops what a workload's own proxy says of requests a waypoint handed on: the waypoint has reported them from
 * their real caller already.
 */
export function dropSecondLegs(table: EndTable, rows: readonly Row[]): void {
  const behindWaypoint = new Set<number | undefined>()
  for (const row of rows) {
    if (row.kept === 0 || row.weight === 0 || row.reporter !== 'waypoint') continue
    behindWaypoint.add(table.identities[row.place.target])
  }
  if (behindWaypoint.size === 0) return
  for (const row of rows) {
    if (row.layer === 'l4' || row.reporter === 'waypoint') continue
    if (!table.ends[row.place.source]?.isWaypoint) continue
    if (behindWaypoint.has(table.identities[row.place.target])) row.kept = 0
  }
}

/**
 * Drops what the called side says of a caller that speaks for itself, under whatever name: of several services of one
 * workload (a canary's beside the one that is asked for) the called proxy names the oldest, the caller the one its
 * route led to (https://github.com/istio/istio/issues/33940).
 */
export function dropOtherNames(table: EndTable, rows: readonly Row[]): void {
  const told = rows.filter((row) => row.kept > 0 && row.reporter === 'destination' && row.place.target >= 0)
  if (told.length === 0) return
  const sourceOf = ({ place }: Row) => table.identities[place.source] ?? -1
  const keyOf = (row: Row) =>
    (sourceOf(row) * MANY + (table.identities[row.place.target] ?? -1)) * 2 + (row.layer === 'l7' ? 1 : 0)
  // few callers are told of by others, most of them unknown ones: the rows of all others need no look
  const callers = new Set(told.map(sourceOf))
  const spoken = new Set<number>()
  for (const row of rows) {
    if (row.kept === 0 || row.weight === 0 || row.reporter === 'destination' || row.place.target < 0) continue
    if (callers.has(sourceOf(row))) spoken.add(keyOf(row))
  }
  for (const row of told) if (spoken.has(keyOf(row))) row.kept = 0
}

/** True when the row does not tell which workload did the work: none named, or only the waypoint before it. */
function isUnresolved(table: EndTable, row: Row): boolean {
  return row.place.target < 0 || table.ends[row.place.target]?.isWaypoint === true
}

function settle(open: readonly Row[], known: readonly Row[]): void {
  const openByCode = sumByCode(open)
  const knownByCode = sumByCode(known)
  const total = sum(openByCode)
  const excess = total - sum(knownByCode)
  if (open.length === 0 || known.length === 0) return
  if (excess < total * NOISE) {
    for (const row of open) row.kept = 0
    return
  }
  // what the others counted is taken off code by code, so the mix of what stays is right
  const left = new Map<string, number>()
  for (const [code, weight] of openByCode) left.set(code, Math.max(0, weight - (knownByCode.get(code) ?? 0)))
  const scale = Math.min(1, excess / sum(left))
  for (const row of open) row.kept = ((left.get(row.code) ?? 0) / (openByCode.get(row.code) ?? 1)) * scale
}

function sumByCode(rows: readonly Row[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { code, weight, kept } of rows) {
    sums.set(code, (sums.get(code) ?? 0) + (kept === 1 ? weight : quantizeRate(weight * kept)))
  }
  return sums
}

function sum(weights: ReadonlyMap<string, number>): number {
  let total = 0
  for (const weight of weights.values()) total += weight
  return total
}
