/** What a layout is asked and what it answers: sizes in, positions out, in pixels at zoom 1. */
import type { LayoutName } from '@/components/hooks/address/view-state'

export interface Point {
  x: number
  y: number
}

export interface LayoutNode {
  id: string
  parent: string | null
  /** stands for a folded box: is placed among the boxes */
  isFolded: boolean
  diameter: number
  /** the lines under the node, which nothing may cover */
  labelWidth: number
  labelHeight: number
}

export interface LayoutBox {
  id: string
  parent: string | null
  titleWidth: number
}

export interface LayoutEdge {
  id: string
  source: string
  target: string
}

export interface LayoutInput {
  algorithm: LayoutName
  nodes: readonly LayoutNode[]
  boxes: readonly LayoutBox[]
  edges: readonly LayoutEdge[]
  /** nodes of the whole scene, where this is a part of it */
  sceneSize: number
  /** what is to be filled, in screen pixels */
  window: { width: number; height: number }
}

export interface LayoutResult {
  /** centre of each node's shape */
  positions: Map<string, Point>
  /** bends of edges that must not run straight */
  routes: Map<string, Point[]>
}

/** Space of a box around what it holds. */
export const BOX_PADDING = { top: 44, side: 24, bottom: 20 } as const
export const LABEL_GAP = 6

/** A rectangle that some algorithm places; `anchor` is where the node's shape is centred within. */
export interface Item {
  id: string
  width: number
  height: number
}

export interface Link {
  source: string
  target: string
}

/** Top left corners. */
export type Placement = Map<string, Point>

export function itemOf(node: LayoutNode): Item {
  return {
    id: node.id,
    width: Math.max(node.diameter, node.labelWidth),
    height: node.diameter + LABEL_GAP + node.labelHeight,
  }
}
