import cytoscape from 'cytoscape'
import { describe, expect, it } from 'vitest'
import { fitOf, Viewport } from './viewport'

describe('fitting', () => {
  const size = { width: 696, height: 704 }
  const extent = { x: 100, y: -50, width: 1296, height: 600 }

  it('fills the width of a wide graph, in the middle between what lies above and below', () => {
    const { zoom, pan } = fitOf(extent, size)
    expect(zoom).toBe(0.5)
    expect(pan.x + extent.x * zoom).toBe(24)
    const [top, bottom] = [pan.y + extent.y * zoom, pan.y + (extent.y + extent.height) * zoom]
    expect(top - 30).toBeCloseTo(size.height - 56 - bottom)
  })

  it('keeps clear of what lies above and below a high graph', () => {
    const { zoom, pan } = fitOf({ x: 0, y: 0, width: 100, height: 1236 }, size)
    expect(zoom).toBe(0.5)
    expect(pan.y).toBe(30)
  })

  it('magnifies a few nodes only a little, and shrinks no graph to nothing', () => {
    expect(fitOf({ x: 0, y: 0, width: 10, height: 10 }, size).zoom).toBe(1.25)
    expect(fitOf({ x: 0, y: 0, width: 1e6, height: 10 }, size).zoom).toBe(0.04)
    expect(fitOf({ x: 0, y: 0, width: 10, height: 10 }, { width: 10, height: 10 }).zoom).toBe(0.04)
  })
})

/** Without a page there is no size to ask for: the window is given one. */
function viewportAt(zoom: number) {
  const cy = cytoscape({ headless: true, zoom, pan: { x: 0, y: 0 } })
  cy.width = () => 800
  cy.height = () => 600
  return { cy, viewport: new Viewport(cy) }
}

describe('bringing into view', () => {
  it('moves nothing when it is in view and large enough', () => {
    const { cy, viewport } = viewportAt(0.5)
    viewport.reveal({ x: 400, y: 400 }, 0.5)
    expect([cy.zoom(), cy.pan()]).toEqual([0.5, { x: 0, y: 0 }])
  })

  it('centres what is out of view, or too close to the edge, at the zoom that is', () => {
    const { cy, viewport } = viewportAt(0.5)
    viewport.reveal({ x: 100, y: 400 }, 0)
    expect(viewport.screenPlaceOf({ x: 100, y: 400 })).toEqual({ x: 400, y: 300 })
    expect(cy.zoom()).toBe(0.5)
  })

  it('comes closer to what is too small to read', () => {
    const { cy, viewport } = viewportAt(0.5)
    viewport.reveal({ x: 400, y: 400 }, 0.85)
    expect(cy.zoom()).toBe(0.85)
    expect(viewport.screenPlaceOf({ x: 400, y: 400 })).toEqual({ x: 400, y: 300 })
  })
})

it('zooms about the middle of the window', () => {
  const { cy, viewport } = viewportAt(0.5)
  viewport.zoomBy(2)
  expect(cy.zoom()).toBe(1)
  expect(viewport.screenPlaceOf({ x: 800, y: 600 })).toEqual({ x: 400, y: 300 })
})
