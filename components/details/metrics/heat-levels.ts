/** Fields of a heat map by how dark they are. Pure. */
import type { Heatmap } from '@/lib/api/schemas/telemetry/metrics'

export const LEVELS = 6

/**
 * [column, bucket] of every field that is not empty, by level from light to dark. Levels go by the square root of
 * the share of the fullest field: rare slow requests are what one looks for, and must be seen beside many fast ones.
 */
export function heatLevels(columns: Heatmap['columns']): [number, number][][] {
  const most = Math.max(0, ...columns.map(([, cells]) => Math.max(0, ...(cells ?? []))))
  const levels: [number, number][][] = Array.from({ length: LEVELS }, () => [])
  if (most <= 0) return levels
  columns.forEach(([, cells], column) => {
    cells?.forEach((value, bucket) => {
      if (value <= 0) return
      const level = Math.min(LEVELS - 1, Math.max(0, Math.ceil(Math.sqrt(value / most) * LEVELS) - 1))
      levels[level]?.push([column, bucket])
    })
  })
  return levels
}
