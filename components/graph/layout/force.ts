/** A force-directed arrangement of rectangles. Pure and deterministic: starting places follow from the order. */
import type { SimulationLinkDatum, SimulationNodeDatum } from 'd3-force'
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force'
import type { Item, Link, Placement, Point } from './model'

export interface ForceRequest {
  id: number
  items: readonly Item[]
  links: readonly Link[]
}
export interface ForceAnswer {
  id: number
  placement: [string, Point][]
}

interface Body extends SimulationNodeDatum {
  id: string
  radius: number
}

const TICKS = 300

export function forcePlacement(items: readonly Item[], links: readonly Link[]): Placement {
  const bodies: Body[] = items.map((item) => ({
    id: item.id,
    radius: Math.hypot(item.width, item.height) / 2,
  }))
  const known = new Set(items.map((item) => item.id))
  const springs: SimulationLinkDatum<Body>[] = links
    .filter((link) => known.has(link.source) && known.has(link.target) && link.source !== link.target)
    .map((link) => ({ source: link.source, target: link.target }))
  const simulation = forceSimulation(bodies)
    .force(
      'link',
      forceLink<Body, SimulationLinkDatum<Body>>(springs)
        .id((body) => body.id)
        .distance((link) => 70 + radiusOf(link.source) + radiusOf(link.target)),
    )
    .force(
      'charge',
      forceManyBody<Body>().strength((body) => -12 * body.radius),
    )
    .force('collide', forceCollide<Body>((body) => body.radius + 12).iterations(2))
    .force('x', forceX<Body>().strength(0.04))
    .force('y', forceY<Body>().strength(0.06))
    .stop()
  simulation.tick(items.length > 600 ? TICKS / 2 : TICKS)
  return new Map(
    items.map((item, index) => {
      const body = bodies[index]
      return [item.id, { x: (body?.x ?? 0) - item.width / 2, y: (body?.y ?? 0) - item.height / 2 }]
    }),
  )
}

function radiusOf(end: string | number | Body): number {
  return typeof end === 'object' ? end.radius : 0
}
