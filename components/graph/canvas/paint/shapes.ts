import type { Shape } from '../../scene/scene'

/** An outline round the origin that begins at twelve o'clock and runs clockwise, with its length. */
export interface Outline {
  path: Path2D
  length: number
}

const cache = new Map<string, Outline>()

export function outlineOf(shape: Shape, diameter: number): Outline {
  const key = `${shape} ${diameter}`
  const known = cache.get(key)
  if (known) return known
  const made = make(shape, diameter / 2)
  cache.set(key, made)
  return made
}

function make(shape: Shape, r: number): Outline {
  const path = new Path2D()
  switch (shape) {
    case 'circle':
    case 'dashedCircle':
    case 'dottedCircle':
      path.arc(0, 0, r, -Math.PI / 2, 1.5 * Math.PI)
      path.closePath()
      return { path, length: 2 * Math.PI * r }
    case 'roundSquare':
    case 'stack': {
      const half = r * 0.92
      const corner = half * 0.36
      path.moveTo(0, -half)
      path.arcTo(half, -half, half, half, corner)
      path.arcTo(half, half, -half, half, corner)
      path.arcTo(-half, half, -half, -half, corner)
      path.arcTo(-half, -half, half, -half, corner)
      path.closePath()
      return { path, length: 8 * half - 8 * corner + 2 * Math.PI * corner }
    }
    case 'diamond':
      return polygon(path, [
        [0, -r],
        [r, 0],
        [0, r],
        [-r, 0],
      ])
    case 'hexagon': {
      const x = r * 0.58
      const y = r * 0.94
      return polygon(path, [
        [0, -y],
        [x, -y],
        [r * 1.08, 0],
        [x, y],
        [-x, y],
        [-r * 1.08, 0],
        [-x, -y],
      ])
    }
  }
}

function polygon(path: Path2D, points: [number, number][]): Outline {
  let length = 0
  for (const [index, [x, y]] of points.entries()) {
    if (index === 0) path.moveTo(x, y)
    else path.lineTo(x, y)
    const [nextX, nextY] = points[(index + 1) % points.length] ?? [x, y]
    length += Math.hypot(nextX - x, nextY - y)
  }
  path.closePath()
  return { path, length }
}

/** The nearest of Cytoscape's own shapes: it cuts edges off there and catches the pointer. */
export const HIT_SHAPE: Record<Shape, 'ellipse' | 'round-rectangle' | 'diamond' | 'hexagon'> = {
  circle: 'ellipse',
  dashedCircle: 'ellipse',
  dottedCircle: 'ellipse',
  roundSquare: 'round-rectangle',
  stack: 'round-rectangle',
  diamond: 'diamond',
  hexagon: 'hexagon',
}
