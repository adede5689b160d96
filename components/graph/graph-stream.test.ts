import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import { diffGraph } from '@/lib/graph/diff'
import { drawnGraph, graphEdge, graphNode } from '@/tests/support/graph/drawn-graph'
import { FLOWING, followGraph, type StreamState } from './graph-stream'

/** Connections in the order in which they were opened. */
let opened: FakeSource[]

class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  readyState = 1
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null

  constructor() {
    super()
    opened.push(this)
  }

  send(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }))
  }

  close(): void {
    this.readyState = FakeSource.CLOSED
  }
}

beforeEach(() => {
  opened = []
  vi.stubGlobal('EventSource', FakeSource)
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const [a, b] = [graphNode('a'), graphNode('b')]
const at = (instant: number, requestsPerSecond: number): Graph => ({
  ...drawnGraph([a, b], [graphEdge(a, b, { requestsPerSecond })]),
  at: instant,
})

function follow() {
  const graphs: Graph[] = []
  let state: StreamState | undefined
  const end = followGraph('/stream', {
    graph: (graph) => graphs.push(graph),
    state: (next) => {
      state = typeof next === 'function' ? next(state ?? FLOWING) : next
    },
  })
  return { graphs, end, state: () => state }
}

it('puts each patch onto what the feed itself sent before', () => {
  const { graphs, state } = follow()
  opened[0]?.send('graph', at(1, 10))
  opened[0]?.send('patch', diffGraph(at(1, 10), at(2, 20)))
  opened[0]?.send('patch', diffGraph(at(2, 20), { ...at(3, 20), nodes: [a] }))
  expect(graphs).toEqual([at(1, 10), at(2, 20), { ...at(3, 20), nodes: [a] }])
  expect(state()).toBe(FLOWING)
})

it('begins again where a patch comes first, and where the server refused', () => {
  const { graphs, state, end } = follow()
  opened[0]?.send('patch', diffGraph(at(1, 10), at(2, 20)))
  vi.advanceTimersByTime(0)
  expect([graphs.length, opened.length, opened[0]?.readyState]).toEqual([0, 2, FakeSource.CLOSED])
  opened[1]?.close()
  opened[1]?.onerror?.()
  expect(state()).toMatchObject({ failures: 1, isOpen: false })
  vi.advanceTimersByTime(5_000)
  expect(opened).toHaveLength(3)
  opened[2]?.send('graph', at(3, 30))
  expect(graphs).toEqual([at(3, 30)])
  end()
  expect(opened[2]?.readyState).toBe(FakeSource.CLOSED)
})

it('takes a feed of which nothing is heard any more for dead, asks meanwhile, and opens it anew', () => {
  const { graphs, state, end } = follow()
  opened[0]?.send('graph', at(1, 10))
  vi.advanceTimersByTime(170_000)
  opened[0]?.send('patch', diffGraph(at(1, 10), at(2, 20)))
  vi.advanceTimersByTime(170_000)
  expect([opened.length, state()]).toEqual([1, FLOWING])
  vi.advanceTimersByTime(10_001)
  expect([opened.length, opened[0]?.readyState]).toEqual([2, FakeSource.CLOSED])
  expect(state()).toMatchObject({ failures: 2, isOpen: false })
  opened[1]?.send('graph', at(3, 30))
  expect([graphs.at(-1), state()]).toEqual([at(3, 30), FLOWING])
  end()
  vi.advanceTimersByTime(180_000)
  expect(opened).toHaveLength(2)
})

it('gives a long window, which is refreshed every few minutes, more time', () => {
  const { end } = follow()
  opened[0]?.send('graph', { ...at(1, 10), windowSeconds: 86_400 })
  vi.advanceTimersByTime(600_000)
  expect(opened).toHaveLength(1)
  vi.advanceTimersByTime(120_001)
  expect(opened).toHaveLength(2)
  end()
})
