/** Spans as a store gave them, one after the other, to one trace. */
import type { Span, Trace } from './span'
import { extentOf } from './summarize'

/**
 * Spans sorted by start, then id. A span that came twice counts once; a server that shares its caller's id (Zipkin)
 * becomes its child under an id of its own. Clock skew is left as measured. `broken` of `sent` could not be read.
 */
export function assembleTrace(
  id: string,
  spans: Iterable<Span>,
  { broken, sent, warnings }: { broken: number; sent: number; warnings: Iterable<string> },
): Trace {
  const byId = new Map<string, Span>()
  // where the search for a free name goes on: senders that give every span one id are real
  const nextOf = new Map<string, number>()
  const freeId = (id: string): string => {
    for (let n = nextOf.get(id) ?? 2; ; n += 1) {
      if (byId.has(`${id}-${n}`)) continue
      nextOf.set(id, n + 1)
      return `${id}-${n}`
    }
  }
  let repeated = 0
  for (const span of spans) {
    const same = byId.get(span.id)
    if (!same) byId.set(span.id, span)
    else if (isTwin(same, span)) repeated += 1
    else {
      const [caller, callee] = span.kind === 'client' ? [span, same] : [same, span]
      const free = freeId(caller.id)
      byId.set(caller.id, caller)
      byId.set(free, { ...callee, id: free, parentId: caller.id })
    }
  }
  const said = new Set(warnings)
  if (broken > 0) said.add(`${broken} of ${sent} spans could not be read and are left out`)
  if (repeated > 0) said.add(`${repeated} spans came twice`)
  const sorted = [...byId.values()].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1))
  return { id, ...extentOf(sorted), spans: sorted, warnings: [...said] }
}

function isTwin(a: Span, b: Span): boolean {
  return (
    a.kind === b.kind && a.service === b.service && a.startMs === b.startMs && a.durationMs === b.durationMs
  )
}
