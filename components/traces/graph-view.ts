/** Where on the graph a trace can be seen. Pure. */
import type { GraphView, Scope } from '@/lib/api/paths'
import type { Trace } from '@/lib/api/schemas/telemetry/traces'
import { parseNodeId } from '@/lib/mesh/identity'
import { parseWindow } from '@/lib/units/window'

/** A scrape later the counters have seen the trace's requests. */
const COUNTED_AFTER_MS = 15_000

export interface TracePlaces {
  id: string
  startMs: number
  endMs: number
  /** as a view names them */
  namespaces: string[]
}

/** When a trace was and which namespaces it passed, those with their cluster where there are several. */
export function placesOf(trace: Trace): TracePlaces {
  const ids = new Set(trace.spans.flatMap((span) => span.nodeId ?? []))
  const places = [...ids].flatMap((id) => parseNodeId(id) ?? [])
  const isOneCluster = new Set(places.map((place) => place.cluster)).size <= 1
  const names = places.map(({ cluster, namespace }) => (isOneCluster ? namespace : `${cluster}/${namespace}`))
  return {
    id: trace.id,
    startMs: trace.startMs,
    endMs: trace.startMs + trace.durationMs,
    namespaces: [...new Set(names)].sort(),
  }
}

/**
 * A time whose window holds a stretch: the one looked at where it does, live where the stretch is that young, else
 * just after its end.
 */
export function timeOf(
  { startMs, endMs }: Pick<TracePlaces, 'startMs' | 'endMs'>,
  scope: Scope,
  now: number,
): Pick<Scope, 'window' | 'at'> {
  const windowMs = (parseWindow(scope.window ?? '') ?? 0) * 1000
  const holds = (at: number) => startMs <= at && endMs >= at - windowMs + COUNTED_AFTER_MS
  const isSeen = holds(scope.at ?? now)
  const after = Math.min(now, Math.ceil((endMs + COUNTED_AFTER_MS) / 1000) * 1000)
  return {
    ...(scope.window ? { window: scope.window } : {}),
    at: isSeen ? (scope.at ?? null) : after,
  }
}

/** The graph of the trace's namespaces at a time whose window holds the trace. */
export function graphViewOf(
  { namespaces, id, ...stretch }: TracePlaces,
  scope: Scope,
  now: number,
): GraphView & { trace: string } {
  return { ...timeOf(stretch, scope, now), namespaces, trace: id }
}

/** Traces are compared with those of an hour and a half before and after. */
const BESIDE_MS = 90 * 60_000

/** The end of the time in which others like a trace are looked for; null: live, where it is that young. */
export function comparedUntil({ startMs }: Pick<Trace, 'startMs'>, now: number): number | null {
  return startMs + BESIDE_MS >= now ? null : startMs + BESIDE_MS
}
