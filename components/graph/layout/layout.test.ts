import type { ElkNode } from 'elkjs/lib/elk-api'
import { describe, expect, it } from 'vitest'
import { arrange } from './arrange'
import type { Engines } from './engines'
import { forcePlacement } from './force'
import type { Item, LayoutInput, Placement } from './model'
import { itemOf } from './model'
import { concentric, flowOrder, grid, packTight, placeNewcomers } from './pack'

const ORIGIN = { x: 0, y: 0 }

const items = (count: number): Item[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `n${i}`,
    width: 40 + ((i * 37) % 120),
    height: 30 + ((i * 53) % 90),
  }))

function overlaps(list: readonly Item[], placement: Placement): string[] {
  const found: string[] = []
  for (const [i, a] of list.entries()) {
    for (const b of list.slice(i + 1)) {
      const p = placement.get(a.id)
      const q = placement.get(b.id)
      if (!p || !q) throw new Error(`${a.id} or ${b.id} was not placed`)
      const apart =
        p.x + a.width <= q.x || q.x + b.width <= p.x || p.y + a.height <= q.y || q.y + b.height <= p.y
      if (!apart) found.push(`${a.id} ${b.id}`)
    }
  }
  return found
}

describe('arrangements', () => {
  for (const count of [1, 2, 7, 60]) {
    it(`place ${count} rectangles of different size without overlap`, () => {
      const list = items(count)
      const links = list.slice(1).map((item) => ({ source: 'n0', target: item.id }))
      expect(overlaps(list, packTight(list, 1.6, { x: 10, y: 10 }))).toEqual([])
      expect(overlaps(list, grid(list, 1.6, 10))).toEqual([])
      expect(overlaps(list, concentric(list, links, 10))).toEqual([])
      expect(overlaps(list, forcePlacement(list, links))).toEqual([])
    })
  }

  it('come near the wished shape', () => {
    const list = items(80)
    const placement = packTight(list, 2, { x: 10, y: 10 })
    const width = Math.max(...list.map((item) => (placement.get(item.id)?.x ?? 0) + item.width))
    const height = Math.max(...list.map((item) => (placement.get(item.id)?.y ?? 0) + item.height))
    expect(width / height).toBeGreaterThan(1.5)
    expect(width / height).toBeLessThan(2.6)
  })
})

describe('flowOrder', () => {
  it('starts where traffic starts and keeps neighbours together', () => {
    const list = ['c', 'x', 'b', 'a'].map((id) => ({ id, width: 1, height: 1 }))
    const links = [
      { source: 'a', target: 'b' },
      { source: 'b', target: 'c' },
      { source: 'b', target: 'c' },
      { source: 'c', target: 'x' },
    ]
    expect(flowOrder(list, links).map((item) => item.id)).toEqual(['a', 'b', 'c', 'x'])
  })
})

describe('placeNewcomers', () => {
  const placed = new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 300, y: 0 }],
  ])

  it('puts a callee right of its caller and a caller left of its callee', () => {
    const added = placeNewcomers(
      ['callee', 'caller'],
      [
        { source: 'b', target: 'callee' },
        { source: 'caller', target: 'a' },
      ],
      placed,
    )
    expect(added.get('callee')?.x).toBeGreaterThan(300)
    expect(added.get('caller')?.x).toBeLessThan(0)
  })

  it('keeps newcomers apart from everything and from each other', () => {
    // as many as there are when the first layout of a large mesh is stopped
    const newcomers = Array.from({ length: 1_500 }, (_, i) => `n${i}`)
    const edges = newcomers.map((id) => ({ source: 'a', target: id }))
    const all = [...placed.values(), ...placeNewcomers(newcomers, edges, placed).values()]
    let nearest = Infinity
    for (const [i, p] of all.entries()) {
      for (const q of all.slice(i + 1)) {
        nearest = Math.min(nearest, Math.max(Math.abs(p.x - q.x), Math.abs(p.y - q.y)))
      }
    }
    expect(nearest).toBeGreaterThan(70)
  })

  it('stays within the box of the newcomer while there is room', () => {
    const box = { x: -100, y: -200, width: 600, height: 400 }
    const newcomers = ['n0', 'n1', 'n2', 'n3']
    const edges = newcomers.map((id) => ({ source: 'b', target: id }))
    for (const { x, y } of placeNewcomers(newcomers, edges, placed, () => box).values()) {
      expect(x).toBeLessThan(500)
      expect(Math.abs(y)).toBeLessThan(200)
    }
  })

  it('places chains of newcomers and those without neighbours', () => {
    const added = placeNewcomers(
      ['alone', 'far', 'near'],
      [
        { source: 'b', target: 'near' },
        { source: 'near', target: 'far' },
      ],
      placed,
    )
    expect([...added.keys()].sort()).toEqual(['alone', 'far', 'near'])
    expect(added.get('alone')?.y).toBeGreaterThan(0)
    expect(added.get('far')?.x).toBeGreaterThan(added.get('near')?.x ?? Infinity)
  })
})

describe('arrange', () => {
  const input = (algorithm: LayoutInput['algorithm'], boxes: number, perBox: number): LayoutInput => ({
    algorithm,
    sceneSize: boxes * perBox,
    window: { width: 1600, height: 1000 },
    boxes: Array.from({ length: boxes }, (_, b) => ({ id: `box${b}`, parent: null, titleWidth: 120 })),
    nodes: Array.from({ length: boxes * perBox }, (_, i) => ({
      id: `n${i}`,
      parent: `box${Math.floor(i / perBox)}`,
      isFolded: false,
      diameter: 42,
      labelWidth: 60 + (i % 5) * 12,
      labelHeight: 32,
    })),
    edges: Array.from({ length: boxes * perBox - 1 }, (_, i) => ({
      id: `e${i}`,
      source: `n${Math.floor(i / 2)}`,
      target: `n${i + 1}`,
    })),
  })
  // stands in for the workers: real code, same thread
  const engines: Engines = {
    elk: (graph) =>
      Promise.resolve({
        ...graph,
        children: graph.children?.map((child, i) => ({ ...child, x: 0, y: i * 400 })) ?? [],
      }),
    force: (list, links) => Promise.resolve(forcePlacement(list, links)),
  }

  for (const algorithm of ['layered', 'force', 'grid', 'concentric'] as const) {
    it(`keeps names apart and boxes disjoint (${algorithm})`, async () => {
      const asked = input(algorithm, 10, 15)
      const seen: number[] = []
      const { positions } = await arrange(asked, engines, (done) => seen.push(done))
      const corners: Placement = new Map(
        asked.nodes.map((node) => {
          const at = positions.get(node.id) ?? { x: NaN, y: NaN }
          return [node.id, { x: at.x - itemOf(node).width / 2, y: at.y - node.diameter / 2 }]
        }),
      )
      expect(overlaps(asked.nodes.map(itemOf), corners)).toEqual([])
      const hulls = asked.boxes.map((box) => {
        const inside = asked.nodes.filter((node) => node.parent === box.id)
        const at = inside.map((node) => positions.get(node.id) ?? { x: NaN, y: NaN })
        const x = Math.min(...at.map((p) => p.x))
        const y = Math.min(...at.map((p) => p.y))
        return {
          item: {
            id: box.id,
            width: Math.max(...at.map((p) => p.x)) - x,
            height: Math.max(...at.map((p) => p.y)) - y,
          },
          at: { x, y },
        }
      })
      expect(
        overlaps(
          hulls.map((h) => h.item),
          new Map(hulls.map((h) => [h.item.id, h.at])),
        ),
      ).toEqual([])
      expect(seen.at(-1)).toBe(asked.boxes.length + 1)
    })
  }

  it('places the boxes within a box as wholes in a large scene, a line into one sharing the way of its twins', async () => {
    const flat = input('layered', 1, 9)
    const asked: LayoutInput = {
      ...flat,
      sceneSize: 1_000,
      boxes: [...flat.boxes, { id: 'app', parent: 'box0', titleWidth: 80 }],
      // n7 and n8 are two versions of what n3 calls, and n8 calls n2
      nodes: flat.nodes.map((node) => (['n7', 'n8'].includes(node.id) ? { ...node, parent: 'app' } : node)),
      edges: [...flat.edges, { id: 'back', source: 'n8', target: 'n2' }],
    }
    const graphs: ElkNode[] = []
    const { positions, routes } = await arrange(
      asked,
      {
        ...engines,
        elk: async (graph) => {
          graphs.push(graph)
          const answer = await engines.elk(graph)
          const edges = graph.edges?.map((edge) => ({
            ...edge,
            sections: [{ id: '', startPoint: ORIGIN, endPoint: ORIGIN, bendPoints: [ORIGIN] }],
          }))
          return { ...answer, edges }
        },
      },
      () => {},
    )
    expect(graphs).toHaveLength(1)
    expect(graphs[0]?.children?.map((child) => child.id).sort()).toEqual(
      ['app', ...Array.from({ length: 7 }, (_, i) => `n${i}`)].sort(),
    )
    expect(graphs[0]?.children?.flatMap((child) => child.children ?? [])).toEqual([])
    // e6 and e7 lead from n3 to n7 and n8
    expect(graphs[0]?.edges?.map((edge) => edge.id)).not.toContain('e7')
    expect(routes.get('e7')).toEqual(routes.get('e6'))
    expect([...routes.keys()].sort()).toEqual(asked.edges.map((edge) => edge.id).sort())
    const corners: Placement = new Map(
      asked.nodes.map((node) => {
        const at = positions.get(node.id) ?? { x: NaN, y: NaN }
        return [node.id, { x: at.x - itemOf(node).width / 2, y: at.y - node.diameter / 2 }]
      }),
    )
    expect(overlaps(asked.nodes.map(itemOf), corners)).toEqual([])
    expect(positions.get('n7')?.x).toBe(positions.get('n8')?.x)
  })

  it('leaves no failure unheard when its engines are given up', async () => {
    const givenUp = () => Promise.reject(new DOMException('Layout cancelled', 'AbortError'))
    const unheard: unknown[] = []
    const hear = (reason: unknown) => unheard.push(reason)
    process.on('unhandledRejection', hear)
    const answer = arrange(input('layered', 3, 4), { elk: givenUp, force: givenUp }, () => {})
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    // an unheard rejection is said once the microtasks are done
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', hear)
    expect(unheard).toEqual([])
  })

  it('lays nothing out without nodes', async () => {
    const answer = await arrange(input('grid', 0, 0), engines, () => {})
    expect(answer.positions.size).toBe(0)
  })
})
