import { expectTypeOf, it } from 'vitest'
import type * as model from '@/lib/trace/span'
import type { Span, Trace, TraceSummary } from './traces'

// held by the type check: the answer of the HTTP API is the span model
it('sends the span model as it is', () => {
  expectTypeOf<Span>().toEqualTypeOf<model.Span>()
  expectTypeOf<Trace>().toEqualTypeOf<model.Trace>()
  expectTypeOf<TraceSummary>().toEqualTypeOf<model.TraceSummary>()
})
