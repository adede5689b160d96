import type { Badge } from '@/lib/api/schemas/mesh/graph'
import type { SceneNode } from '../../scene/scene'

// stroked in a square of 24; the same drawings serve canvas and legend
export const GLYPHS = {
  workload: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5',
  app: 'M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4',
  service: 'M4 12h15M14 7l5 5-5 5',
  gateway: 'M3 12h11M10 8l4 4-4 4M19 4v16',
  waypoint: 'M12 21s-6-5-6-10a6 6 0 0 1 12 0c0 5-6 10-6 10zM10 11a2 2 0 1 0 4 0a2 2 0 1 0-4 0',
  cloud: 'M7.5 18a4.2 4.2 0 0 1-.4-8.4A5.4 5.4 0 0 1 17.4 9a4.6 4.6 0 0 1-.4 9z',
  unknown: 'M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .6-1.5 1.2-1.5 2.3M12 18v.2',
  blackHole: 'M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M6 6l12 12',
  passthrough: 'M3 12h17M15 7l5 5-5 5',
  openLock: 'M6 11h12v9H6zM9 11V7a3.4 3.4 0 0 1 6.6-1.2',
  missingSidecar: 'M4 4l16 16M8 5h11v11M16 19H5V8',
  ambient: 'M3 9c3-3 6-3 9 0s6 3 9 0M3 15c3-3 6-3 9 0s6 3 9 0',
  requestRouting: 'M4 12h5l6-6h5M9 12l6 6h5M17 3l3 3-3 3M17 15l3 3-3 3',
  trafficShifting:
    'M6 18L18 6M5.5 8a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M13.5 16a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0',
  faultInjection: 'M13 3L5 14h6l-1 7 9-12h-6z',
  requestTimeout: 'M4 13a8 8 0 1 0 16 0a8 8 0 1 0-16 0M12 13V8M9 2h6',
  retries: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
  mirroring: 'M12 3v18M8 8l-5 4 5 4M16 8l5 4-5 4',
  redirect: 'M4 18v-4a4 4 0 0 1 4-4h12M16 6l4 4-4 4',
  circuitBreaker: 'M3 16h5l7-7M15 16h6M12 16a2 2 0 1 0 .1 0',
  bell: 'M5.5 17h13l-2-3v-4a4.5 4.5 0 0 0-9 0v4zM10.5 20.5h3',
  bellRinging:
    'M5.5 17h13l-2-3v-4a4.5 4.5 0 0 0-9 0v4zM10.5 20.5h3M2.5 9a9 9 0 0 1 3-5.5M21.5 9a9 9 0 0 0-3-5.5',
} as const
export type GlyphName = keyof typeof GLYPHS

export const BADGE_WORDS: Record<Badge, { name: string; meaning: string }> = {
  missingSidecar: { name: 'Not in the mesh', meaning: 'no proxy beside its pods: no identity, no policies' },
  ambient: { name: 'Ambient', meaning: 'traffic runs through the node’s proxy instead of a sidecar' },
  requestRouting: { name: 'Routing rule', meaning: 'requests are routed by path, header or other matches' },
  trafficShifting: { name: 'Traffic split', meaning: 'requests are split by weight between versions' },
  faultInjection: { name: 'Fault injection', meaning: 'configuration delays or fails requests on purpose' },
  requestTimeout: { name: 'Timeout', meaning: 'requests are cut off after a configured time' },
  retries: { name: 'Retries', meaning: 'failed requests are tried again' },
  mirroring: { name: 'Mirroring', meaning: 'a copy of the traffic is sent elsewhere' },
  redirect: { name: 'Redirect', meaning: 'callers are sent to another address' },
  circuitBreaker: { name: 'Circuit breaker', meaning: 'connection limits or ejection of failing endpoints' },
}

const paths = new Map<GlyphName, Path2D>()

export function glyphPath(name: GlyphName): Path2D {
  const known = paths.get(name)
  if (known) return known
  const made = new Path2D(GLYPHS[name])
  paths.set(name, made)
  return made
}

export function glyphOf({ node, folded }: SceneNode): GlyphName {
  if (folded) return 'app'
  if (node.roles.includes('waypoint')) return 'waypoint'
  if (node.roles.includes('gateway')) return 'gateway'
  if (node.roles.includes('blackHole')) return 'blackHole'
  if (node.roles.includes('passthrough')) return 'passthrough'
  switch (node.kind) {
    case 'workload':
      return 'workload'
    case 'app':
      return 'app'
    case 'service':
      return 'service'
    case 'external':
      return 'cloud'
    case 'unknown':
      return 'unknown'
  }
}

export type Corner = 'northWest' | 'southEast' | 'southWest'

// one badge a corner, the most telling first; the panel lists them all
const CORNERS: Record<Corner, Badge[]> = {
  northWest: ['missingSidecar', 'ambient'],
  southEast: ['trafficShifting', 'requestRouting', 'mirroring', 'redirect'],
  southWest: ['faultInjection', 'circuitBreaker', 'requestTimeout', 'retries'],
}

export function badgeAt(badges: readonly Badge[], corner: Corner): Badge | undefined {
  return CORNERS[corner].find((badge) => badges.includes(badge))
}
