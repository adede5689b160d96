/** A field of the heatmap: which column of time, which row of durations. */
interface Field {
  column: number
  row: number
}

const MOVES: Partial<Record<string, Field>> = {
  ArrowLeft: { column: -1, row: 0 },
  ArrowRight: { column: 1, row: 0 },
  ArrowUp: { column: 0, row: 1 },
  ArrowDown: { column: 0, row: -1 },
}

/** Where a key leads: from nowhere to the latest and quickest, never over the edge. Null: the key leads nowhere. */
export function walkFields(key: string, from: Field | null, columns: number, rows: number): Field | null {
  const move = MOVES[key]
  if (!move || columns === 0 || rows === 0) return null
  if (from === null) return { column: columns - 1, row: 0 }
  const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, value))
  return { column: within(from.column + move.column, columns), row: within(from.row + move.row, rows) }
}
