import type { StylesheetJson } from 'cytoscape'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { Palette } from '../paint/palette'
import { edgeColor } from '../paint/palette'

const STATUSES: HealthStatus[] = ['healthy', 'degraded', 'failing', 'idle', 'unknown']

/**
 * How Cytoscape draws lines. Its nodes are invisible: they hold places, cut lines off and catch the pointer.
 */
export function stylesheetOf(palette: Palette): StylesheetJson {
  return [
    { selector: 'core', style: { 'active-bg-opacity': 0, 'selection-box-opacity': 0 } as never },
    {
      selector: 'node',
      style: {
        width: 'data(width)',
        height: 'data(height)',
        shape: 'data(shape)' as never,
        // not drawn at all: a picture of nothing takes as long to copy as one of something
        opacity: 0,
        'overlay-opacity': 0,
        'z-index-compare': 'manual',
        'z-index': 3,
      },
    },
    { selector: 'node.title', style: { 'z-index': 1 } },
    {
      selector: 'edge',
      style: {
        width: 'data(width)',
        'curve-style': 'bezier',
        'control-point-step-size': 44,
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.75,
        'source-distance-from-node': 2,
        'target-distance-from-node': 3,
        'overlay-opacity': 0,
        'overlay-padding': 6,
        'z-index-compare': 'manual',
        'z-index': 2,
        'loop-direction': '-45deg',
        'loop-sweep': '60deg',
        opacity: 0.95,
      },
    },
    ...STATUSES.map((status) => ({
      selector: `edge.${status}`,
      style: {
        'line-color': edgeColor(palette, status),
        'target-arrow-color': edgeColor(palette, status),
        'z-index': status === 'failing' || status === 'degraded' ? 2.5 : 2,
      },
    })),
    { selector: 'edge.grpc', style: { 'line-style': 'dashed', 'line-dash-pattern': [12, 4] } },
    { selector: 'edge.tcp', style: { 'line-style': 'dotted', 'line-dash-pattern': [2, 4] } },
    {
      selector: 'edge.routed',
      style: {
        'curve-style': 'round-segments',
        'segment-distances': 'data(distances)',
        'segment-weights': 'data(weights)',
        'segment-radii': 40 as never,
        'edge-distances': 'node-position',
      },
    },
    { selector: 'edge.dim', style: { opacity: 0.12, 'z-index': 1 } },
    {
      selector: 'edge.chosen',
      style: { 'overlay-opacity': 0.22, 'overlay-color': palette.accent, opacity: 1 },
    },
  ] as StylesheetJson
}
