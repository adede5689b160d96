/** Traces as they come from the wild: each must keep its spans, its time and its sense. */
import { describe, expect, it } from 'vitest'
import { assembleTrace } from './assemble'
import { boundedTrace } from './bound'
import { callGraph } from './views/call-graph'
import { compareTraces } from './views/compare'
import { criticalPath } from './views/critical-path'
import type { Span } from './span'
import { summarize } from './summarize'
import { span, trace } from './testing'
import { buildForest } from './tree'

/** A tree of so many spans: each calls five, one after the other. */
function large(count: number): Span[] {
  return Array.from({ length: count }, (_, n) =>
    span(`s${n}`, n === 0 ? null : `s${Math.floor((n - 1) / 5)}`, n, count - n, {
      service: `service-${n % 40}`,
      hasError: n % 1_000 === 999,
    }),
  )
}

interface Awkward {
  name: string
  spans: Span[]
  roots: string[]
  /** spans of the critical path in time order, each once */
  path: string[]
  warned: boolean
}

const CASES: Awkward[] = [
  {
    name: 'a parent that was never stored',
    spans: [span('kid', 'gone', 5, 5), span('root', null, 0, 20), span('own', 'root', 2, 3)],
    roots: ['root', 'kid'],
    path: ['root', 'own'],
    warned: true,
  },
  {
    name: 'no root at all',
    spans: [span('a', 'gone', 0, 10), span('b', 'lost', 4, 2)],
    roots: ['a', 'b'],
    path: ['a'],
    warned: true,
  },
  {
    name: 'several roots',
    spans: [span('one', null, 0, 4), span('two', null, 10, 30), span('three', 'two', 12, 5)],
    roots: ['one', 'two'],
    path: ['two', 'three'],
    warned: false,
  },
  {
    name: 'a callee whose clock runs before its caller’s',
    spans: [span('caller', null, 100, 20), span('callee', 'caller', 90, 5)],
    roots: ['caller'],
    path: ['caller'],
    warned: false,
  },
  {
    name: 'a callee whose clock runs behind, half outside',
    spans: [span('caller', null, 0, 20), span('callee', 'caller', 15, 10)],
    roots: ['caller'],
    path: ['caller', 'callee'],
    warned: false,
  },
  {
    name: 'asynchronous work that outlives its caller',
    spans: [
      span('request', null, 0, 10),
      span('enqueue', 'request', 2, 1, { kind: 'producer' }),
      span('consume', 'enqueue', 50, 100, { kind: 'consumer' }),
    ],
    roots: ['request'],
    path: ['request', 'enqueue'],
    warned: false,
  },
  {
    name: 'parallel calls of which the slowest counts',
    spans: [span('r', null, 0, 100), span('fast', 'r', 10, 20), span('slow', 'r', 10, 80)],
    roots: ['r'],
    path: ['r', 'slow'],
    warned: false,
  },
  {
    name: 'spans of no duration',
    spans: [span('r', null, 0, 0), span('c', 'r', 0, 0)],
    roots: ['r'],
    path: [],
    warned: false,
  },
  {
    name: 'a span that is its own parent',
    spans: [span('self', 'self', 0, 5)],
    roots: ['self'],
    path: ['self'],
    warned: false,
  },
]

describe('awkward traces', () => {
  it.each(CASES)('$name', ({ spans, roots, path, warned }) => {
    const forest = buildForest(spans)
    expect(forest.roots.map((node) => node.span.id)).toEqual(roots)
    expect(forest.order).toHaveLength(spans.length)
    expect(forest.warnings.length > 0).toBe(warned)
    const sections = criticalPath(forest)
    expect([...new Set(sections.map((section) => section.spanId))]).toEqual(path)
    expect(
      sections.every((one, n) => one.endMs > one.startMs && one.startMs >= (sections[n - 1]?.endMs ?? 0)),
    ).toBe(true)
    const { durationMs } = summarize(trace(spans))
    expect(durationMs).toBeGreaterThanOrEqual(0)
    expect(callGraph(trace(spans)).nodes.reduce((sum, node) => sum + node.spans, 0)).toBe(spans.length)
  })

  it('takes 10,000 spans in a blink', () => {
    const spans = large(10_000)
    const before = performance.now()
    const forest = buildForest(spans)
    expect(criticalPath(forest).length).toBeGreaterThan(0)
    expect(callGraph(trace(spans)).nodes).toHaveLength(40)
    // two cores shared with others: alone it is some 60 ms
    expect(performance.now() - before).toBeLessThan(1_500)
    expect(forest.order).toHaveLength(10_000)
  })

  it('takes 10,000 spans that bear one id in a blink, and keeps every one', () => {
    const spans = Array.from({ length: 10_000 }, (_, n) => span('0', null, n, 1))
    const before = performance.now()
    const made = assembleTrace('t', spans, { broken: 0, sent: spans.length, warnings: [] })
    expect(performance.now() - before).toBeLessThan(1_500)
    expect(new Set(made.spans.map(({ id }) => id)).size).toBe(10_000)
  })
})

describe('boundedTrace', () => {
  it('leaves a trace alone that fits', () => {
    const small = trace(large(10))
    expect(boundedTrace(small, 10)).toBe(small)
  })

  it('keeps of 50,000 spans those near the root, every parent with its children, and says so', () => {
    const whole = trace(large(50_000))
    const cut = boundedTrace(whole, 20_000)
    expect(cut.spans).toHaveLength(20_000)
    expect(cut.durationMs).toBe(whole.durationMs)
    expect(cut.warnings[0]).toMatch(/50000 spans; the 20000 nearest/)
    const ids = new Set(cut.spans.map((one) => one.id))
    expect(cut.spans.every((one) => one.parentId === null || ids.has(one.parentId))).toBe(true)
    expect(buildForest(cut.spans).warnings).toEqual([])
  })
})

describe('compareTraces', () => {
  const call = (
    id: string,
    parentId: string | null,
    startMs: number,
    durationMs: number,
    service: string,
    rest?: Partial<Span>,
  ) => span(id, parentId, startMs, durationMs, { service, operation: 'GET', ...rest })

  it('sets the same steps side by side, and names what only one did', () => {
    const fast = trace([
      call('1', null, 0, 20, 'page'),
      call('2', '1', 1, 5, 'reviews'),
      call('3', '1', 8, 2, 'details'),
    ])
    const slow = trace([
      call('a', null, 0, 90, 'page'),
      call('b', 'a', 1, 70, 'reviews', { hasError: true }),
      call('c', 'b', 2, 60, 'ratings'),
    ])
    expect(compareTraces(fast, slow).map((one) => [one.service, one.depth, one.differenceMs])).toEqual([
      ['page', 0, 70],
      ['reviews', 1, 65],
      ['details', 1, null],
      ['ratings', 2, null],
    ])
    expect(compareTraces(fast, slow)[1]?.b).toEqual({ calls: 1, durationMs: 70, failed: 1 })
    expect(compareTraces(fast, slow)[3]?.a).toBeNull()
  })

  it('counts repeated calls as one step, and tells calls of one name at two places apart', () => {
    const a = trace([
      call('1', null, 0, 50, 'x'),
      call('2', '1', 0, 10, 'y'),
      call('3', '1', 10, 10, 'y'),
      call('4', '2', 1, 2, 'y'),
    ])
    const steps = compareTraces(a, a)
    expect(steps.map((one) => [one.service, one.a?.calls])).toEqual([
      ['x', 1],
      ['y', 2],
      ['y', 1],
    ])
    expect(steps.every((one) => one.differenceMs === 0)).toBe(true)
  })

  it('takes a chain of ten thousand calls without writing down the whole way to each', () => {
    const chain = trace(
      Array.from({ length: 10_000 }, (_, n) =>
        call(`s${n}`, n === 0 ? null : `s${n - 1}`, n, 10_000 - n, `some-service-${n % 40}.namespace`),
      ),
    )
    const steps = compareTraces(chain, chain)
    expect(steps.map(({ depth }) => depth)).toEqual(chain.spans.map((_, n) => n))
    expect(Math.max(...steps.map(({ key }) => key.length))).toBeLessThan(10)
  })
})

it('draws a trace as a graph, by workloads where they are known', () => {
  const at = (name: string) => ({ nodeId: `east/b/workload/${name}`, service: name })
  const { nodes, edges } = callGraph(
    trace([
      span('1', null, 0, 100, at('page')),
      span('2', '1', 5, 60, { ...at('page'), kind: 'client' }),
      span('3', '2', 6, 50, { ...at('reviews-v1'), hasError: true }),
      span('4', '1', 70, 20, at('reviews-v10')),
      span('5', '3', 10, 5, { service: 'mongo' }),
    ]),
  )
  expect(nodes.map((node) => [node.name, node.layer])).toEqual([
    ['page', 0],
    ['reviews-v1', 1],
    ['reviews-v10', 1],
    ['mongo', 2],
  ])
  expect(edges.find((edge) => edge.target.endsWith('reviews-v1'))).toMatchObject({
    calls: 1,
    failed: 1,
    longestMs: 50,
  })
})

it('leaves who is called back in its column', () => {
  const { nodes } = callGraph(
    trace([
      span('1', null, 0, 100, { service: 'page' }),
      span('2', '1', 5, 60, { service: 'orders' }),
      span('3', '2', 6, 50, { service: 'page' }),
      span('4', '3', 7, 40, { service: 'stock' }),
      span('5', '4', 8, 30, { service: 'orders' }),
    ]),
  )
  expect(nodes.map(({ id, layer }) => [id, layer])).toEqual([
    ['page', 0],
    ['stock', 1],
    ['orders', 2],
  ])
})
