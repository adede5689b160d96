/** Two traces of one request side by side: what took longer, and what only one of them did. */
import type { Span, Trace } from '../span'
import { buildForest, type SpanNode } from '../tree'

export interface StepDifference {
  /** unique within the comparison */
  key: string
  service: string
  operation: string
  depth: number
  /** null: only the other trace has it */
  a: StepFigures | null
  b: StepFigures | null
  /** b minus a; null where only one has it */
  differenceMs: number | null
}

export interface StepFigures {
  /** spans of this step: calls repeated in a row are one step */
  calls: number
  /** summed over its calls */
  durationMs: number
  failed: number
}

/**
 * Steps of both traces in the order of the first, those only in the second after. A step is a service and operation
 * under the same steps: names alone would take one call for another that happens elsewhere.
 */
export function compareTraces(a: Trace, b: Trace): StepDifference[] {
  const places = new Map<string, string>()
  const left = stepsOf(a, places)
  const right = stepsOf(b, places)
  const keys = [...left.keys(), ...[...right.keys()].filter((key) => !left.has(key))]
  return keys.map((key) => {
    const one = left.get(key) ?? null
    const two = right.get(key) ?? null
    const named = one ?? two
    return {
      key,
      service: named?.service ?? '',
      operation: named?.operation ?? '',
      depth: named?.depth ?? 0,
      a: figures(one),
      b: figures(two),
      differenceMs: one && two ? two.durationMs - one.durationMs : null,
    }
  })
}

interface Step extends StepFigures {
  service: string
  operation: string
  depth: number
}

/** `places` numbers each name under each place, for both traces alike: whole paths of deep chains would be megabytes. */
function stepsOf(trace: Trace, places: Map<string, string>): Map<string, Step> {
  const placeOf = (parent: string, span: Span) => {
    const key = `${parent}\n${nameOf(span)}`
    const known = places.get(key) ?? String(places.size)
    places.set(key, known)
    return known
  }
  const steps = new Map<string, Step>()
  const parents = new Map<SpanNode, string>()
  for (const node of buildForest(trace.spans).order) {
    const path = placeOf(parents.get(node) ?? '', node.span)
    for (const child of node.children) parents.set(child, path)
    const step = steps.get(path)
    if (step) {
      step.calls += 1
      step.durationMs += node.span.durationMs
      step.failed += Number(node.span.hasError)
    } else {
      steps.set(path, {
        service: node.span.service,
        operation: node.span.operation,
        depth: node.depth,
        calls: 1,
        durationMs: node.span.durationMs,
        failed: Number(node.span.hasError),
      })
    }
  }
  return steps
}

/** Client and server spans of one call bear one operation. */
function nameOf(span: Span): string {
  return `${span.service} ${span.operation} ${span.kind ?? ''}`
}

function figures(step: Step | null): StepFigures | null {
  return step && { calls: step.calls, durationMs: step.durationMs, failed: step.failed }
}
