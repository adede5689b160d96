import { describe, expect, it } from 'vitest'
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import {
  drawnGraph as graphOf,
  graphEdge as edge,
  graphNode as node,
} from '@/tests/support/graph/drawn-graph'
import { boxesOf, foldBoxes } from './boxes'
import { edgeLabelParts } from './edge-labels'
import { pathOf, sceneOf, widthOf } from './scene'
import { nodeFigures } from './traffic'

const web = node('web')
const v1 = node('cart-v1', { app: 'cart', version: 'v1' })
const v2 = node('cart-v2', { app: 'cart', version: 'v2', health: { status: 'failing', reasons: [] } })
const db = node('db', { id: 'east/data/workload/db', namespace: 'data' })
const unknown = node('unknown', {
  id: 'unknown/unknown/unknown/unknown',
  kind: 'unknown',
  namespace: 'unknown',
})
const shop = graphOf(
  [db, v1, v2, web, unknown],
  [
    edge(unknown, web),
    edge(web, v1, { requestsPerSecond: 30 }),
    edge(web, v2, { requestsPerSecond: 10, errorRatio: 0.5 }),
    edge(v1, db),
    edge(v2, db),
  ],
)
const all = { boxes: ['namespace', 'app'] as const, collapsed: [], labels: ['rate', 'p99'] as const }

describe('boxesOf', () => {
  it('boxes by namespace, and by app only where it has several nodes', () => {
    const { boxes, parents } = boxesOf(shop, ['namespace', 'app'])
    expect(boxes.map((box) => box.id)).toEqual(['box:east/data', 'box:east/shop', 'box:east/shop/cart'])
    expect(parents.get(v1.id)).toBe('box:east/shop/cart')
    expect(parents.get(web.id)).toBe('box:east/shop')
    expect(boxes.find((box) => box.id === 'box:east/shop')?.members).toEqual([v1.id, v2.id, web.id])
  })

  it('leaves unknown callers outside of any namespace', () => {
    expect(boxesOf(shop, ['namespace']).parents.has(unknown.id)).toBe(false)
  })

  it('names the cluster when there is more than one', () => {
    const west = node('web', { id: 'west/shop/workload/web', cluster: 'west' })
    const titles = boxesOf(graphOf([web, west], []), ['namespace']).boxes.map((box) => box.title)
    expect(titles).toEqual(['east / shop', 'west / shop'])
  })
})

describe('foldBoxes', () => {
  const { boxes } = boxesOf(shop, ['namespace', 'app'])

  it('keeps the totals of what crosses the border and drops what stays inside', () => {
    const folded = foldBoxes(shop, boxes, ['box:east/shop/cart'])
    expect(folded.nodes.map((n) => n.id)).toContain('box:east/shop/cart')
    const entering = folded.edges.find((e) => e.target === 'box:east/shop/cart')
    expect(entering).toMatchObject({
      source: web.id,
      requestsPerSecond: 40,
      errorRatio: 0.125,
      latencyMs: null,
    })
    expect(folded.edges.filter((e) => e.source === 'box:east/shop/cart')).toHaveLength(1)
  })

  it('lets an outer box swallow its inner ones', () => {
    const folded = foldBoxes(shop, boxes, ['box:east/shop/cart', 'box:east/shop'])
    expect(folded.nodes.map((n) => n.id).sort()).toEqual(['box:east/shop', db.id, unknown.id].sort())
    expect(folded.edges.every((e) => folded.nodes.some((n) => n.id === e.source))).toBe(true)
  })

  it('takes the worst health of what it hides', () => {
    const folded = foldBoxes(shop, boxes, ['box:east/shop'])
    expect(folded.nodes.find((n) => n.id === 'box:east/shop')?.health.status).toBe('failing')
  })
})

describe('sceneOf', () => {
  it('has both ends of every edge and the box of every parent', () => {
    for (const collapsed of [
      [],
      ['box:east/shop'],
      ['box:east/shop/cart'],
      ['box:east/data', 'box:east/shop'],
    ]) {
      const scene = sceneOf(shop, { ...all, collapsed })
      const ids = new Set(scene.nodes.map((n) => n.id))
      const boxes = new Set(scene.boxes.map((b) => b.id))
      for (const e of scene.edges) expect([ids.has(e.source), ids.has(e.target)]).toEqual([true, true])
      for (const n of scene.nodes) if (n.parent) expect(boxes.has(n.parent)).toBe(true)
      for (const b of scene.boxes) if (b.parent) expect(boxes.has(b.parent)).toBe(true)
    }
  })

  it('says the version once: in the second line, not in the name too', () => {
    const at = (boxes: ('namespace' | 'app')[]) =>
      sceneOf(shop, { ...all, boxes }).nodes.find((n) => n.id === v1.id)
    expect(at(['namespace'])).toMatchObject({ title: 'cart', subtitle: 'v1', fullName: 'cart v1' })
    expect(at(['app'])).toMatchObject({ title: 'v1', subtitle: null, fullName: 'cart v1' })
  })

  it('draws no ring where nothing flows', () => {
    expect(sceneOf(graphOf([web], []), all).nodes[0]?.ring).toBeNull()
  })

  it('splits the ring into success, client errors and errors', () => {
    const http = { requestsPerSecond: 8, errorRatio: 0.25, clientErrorRatio: 0.5, latencyMs: null }
    const busy = node('busy', { inbound: { http, grpc: null, tcp: null } })
    expect(sceneOf(graphOf([busy], []), all).nodes[0]?.ring).toEqual({
      success: 0.25,
      clientErrors: 0.5,
      errors: 0.25,
    })
  })

  it('makes the same object of what a patch left alone', () => {
    const before = sceneOf(shop, all)
    const touched = {
      ...shop,
      edges: shop.edges.map((e, i) => (i === 0 ? { ...e, requestsPerSecond: 3 } : e)),
    }
    const after = sceneOf(touched, all)
    expect(after.edges.filter((e, i) => e !== before.edges[i])).toHaveLength(1)
    expect(after.nodes.every((n, i) => n === before.nodes[i])).toBe(true)
    expect(sceneOf(shop, { ...all, labels: ['errors'] }).edges[0]).not.toBe(before.edges[0])
    expect(sceneOf(shop, { ...all, boxes: [] }).nodes.find((n) => n.id === v1.id)).toMatchObject({
      title: 'cart',
    })
  })
})

describe('pathOf', () => {
  it('walks up and down from a node, not sideways', () => {
    const path = pathOf(sceneOf(shop, all), [v1.id])
    expect(path).toContain(unknown.id)
    expect(path).toContain(db.id)
    expect(path).not.toContain(v2.id)
  })

  it('follows an edge up from its source and down from its target, not into siblings', () => {
    const path = pathOf(sceneOf(shop, all), [`${web.id}>${v2.id}#http`])
    expect(path).toContain(unknown.id)
    expect(path).toContain(db.id)
    expect(path).not.toContain(v1.id)
  })

  it('ends in a mesh of circles', () => {
    const a = node('a')
    const b = node('b')
    const ring = sceneOf(graphOf([a, b], [edge(a, b), edge(b, a)]), all)
    expect(pathOf(ring, [a.id]).size).toBe(4)
  })
})

describe('edgeLabelParts', () => {
  const texts = (e: GraphEdge, ...labels: Parameters<typeof edgeLabelParts>[1]) =>
    edgeLabelParts(e, labels).map((part) => part.text)

  it('leaves out what was not measured instead of writing zero', () => {
    expect(texts(edge(web, v1, { latencyMs: null }), 'rate', 'p99')).toEqual(['10.0/s'])
  })

  it('calls a mean a mean', () => {
    const latencyMs = { p50: null, p90: null, p95: null, p99: null, mean: 12 }
    expect(texts(edge(web, v1, { latencyMs }), 'p99')).toEqual(['avg 12.0 ms'])
  })

  it('says the error share of a failing edge even when not asked to, within two figures', () => {
    const failing = edge(web, v2, { errorRatio: 0.12, health: { status: 'failing', reasons: [] } })
    expect(texts(failing, 'rate', 'p99')).toEqual(['10.0/s', '12 % err'])
    expect(texts(failing)).toEqual([])
  })

  it('shows bytes where there are no requests', () => {
    const tcp = edge(web, db, {
      protocol: 'tcp',
      requestsPerSecond: null,
      sentBytesPerSecond: 1500,
      receivedBytesPerSecond: 500,
    })
    expect(texts(tcp, 'rate')).toEqual(['2.00 kB/s'])
  })
})

describe('nodeFigures', () => {
  it('weighs ratios by requests over both protocols', () => {
    const side = (requestsPerSecond: number, errorRatio: number) => ({
      requestsPerSecond,
      errorRatio,
      clientErrorRatio: 0,
      latencyMs: null,
    })
    const both = node('both', { inbound: { http: side(30, 0), grpc: side(10, 0.4), tcp: null } })
    expect(nodeFigures(both)).toMatchObject({ requestsPerSecond: 40, errorRatio: 0.1, direction: 'in' })
  })
})

describe('widthOf', () => {
  it('grows with traffic within its limits', () => {
    const at = (requestsPerSecond: number) => widthOf(edge(web, v1, { requestsPerSecond }))
    expect(at(0)).toBe(1.5)
    expect(at(100)).toBeGreaterThan(at(10))
    expect(at(1e9)).toBe(6)
  })
})
