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

type PressedKey = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>

/**
 * Where a key leads: from nowhere to the latest and quickest, never over the edge. Null: the key leads nowhere, as one
 * does with which the browser goes back, or a reader moves.
 */
export function walkFields(
  pressed: PressedKey,
  from: Field | null,
  columns: number,
  rows: number,
): Field | null {
  const isHeld = pressed.altKey || pressed.ctrlKey || pressed.metaKey || pressed.shiftKey
  const move = isHeld ? undefined : MOVES[pressed.key]
  if (!move || columns === 0 || rows === 0) return null
  if (from === null) return { column: columns - 1, row: 0 }
  const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, value))
  return { column: within(from.column + move.column, columns), row: within(from.row + move.row, rows) }
}
