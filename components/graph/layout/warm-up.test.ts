import { expect, it } from 'vitest'
import { warmUpInputs } from './warm-up'

it('holds graphs an engine can arrange: edges between nodes that are there, boxes that hold some in each second', () => {
  const inputs = warmUpInputs()
  expect(inputs.length).toBeGreaterThan(10)
  for (const [step, { nodes, boxes, edges }] of inputs.entries()) {
    const ids = new Set(nodes.map(({ id }) => id))
    expect(edges.filter(({ source, target }) => !ids.has(source) || !ids.has(target))).toEqual([])
    expect(new Set(edges.map(({ id }) => id)).size).toBe(edges.length)
    const held = boxes.map((box) => nodes.filter(({ parent }) => parent === box.id).length)
    expect(held.length > 0).toBe(step % 2 === 0)
    expect(held.filter((count) => count < 2)).toEqual([])
  }
})
