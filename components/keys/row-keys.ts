/** The keys of lists of rows. They bind them, and the help is made from them. Pure. */
import type { KeyRow } from './key-rows'

const PAGE_ROWS = 20

/** In tables, from a link or button of a row to that of another. */
export const TABLE_KEYS = [
  { keys: ['ArrowDown'], does: 'next', words: 'To the next row' },
  { keys: ['ArrowUp'], does: 'previous', words: 'To the row before' },
  { keys: ['PageDown'], does: 'pageDown', words: `${PAGE_ROWS} rows down` },
  { keys: ['PageUp'], does: 'pageUp', words: `${PAGE_ROWS} rows up` },
  { keys: ['Home'], does: 'first', words: 'To the first row' },
  { keys: ['End'], does: 'last', words: 'To the last row' },
] as const satisfies readonly KeyRow[]

/** In logs, where a row opens. */
export const LINE_KEYS = [
  { keys: ['ArrowDown'], does: 'next', words: 'To the next line' },
  { keys: ['ArrowUp'], does: 'previous', words: 'To the line before' },
  { keys: ['Home'], does: 'first', words: 'To the first line' },
  { keys: ['End'], does: 'last', words: 'To the last line' },
  { keys: ['Enter', ' '], does: 'toggle', words: 'Open or close its details' },
] as const satisfies readonly KeyRow[]

/** In the waterfall of a trace, a tree whose rows also open. */
export const SPAN_KEYS = [
  { keys: ['ArrowDown'], does: 'next', words: 'To the next span' },
  { keys: ['ArrowUp'], does: 'previous', words: 'To the span before' },
  { keys: ['ArrowRight'], does: 'inward', words: 'Show the spans below, then go to the first of them' },
  { keys: ['ArrowLeft'], does: 'outward', words: 'Hide the spans below, then go to the caller' },
  { keys: ['PageDown'], does: 'pageDown', words: `${PAGE_ROWS} spans down` },
  { keys: ['PageUp'], does: 'pageUp', words: `${PAGE_ROWS} spans up` },
  { keys: ['Home'], does: 'first', words: 'To the first span' },
  { keys: ['End'], does: 'last', words: 'To the last span' },
  { keys: ['Enter', ' '], does: 'toggle', words: 'Open or close its details' },
] as const satisfies readonly KeyRow[]

/** What a key does in a table, a list of lines or a tree of spans. */
export type RowCommand =
  | (typeof TABLE_KEYS)[number]['does']
  | (typeof LINE_KEYS)[number]['does']
  | (typeof SPAN_KEYS)[number]['does']

/** The row a command leads to from another, of so many; null where it leads nowhere. */
export function rowAfter(command: RowCommand | undefined, index: number, count: number): number | null {
  const to = stepped(command, index, count)
  if (to === null) return null
  const next = Math.min(count - 1, Math.max(0, to))
  return next === index ? null : next
}

function stepped(command: RowCommand | undefined, index: number, count: number): number | null {
  switch (command) {
    case 'next':
      return index + 1
    case 'previous':
      return index - 1
    case 'pageDown':
      return index + PAGE_ROWS
    case 'pageUp':
      return index - PAGE_ROWS
    case 'first':
      return 0
    case 'last':
      return count - 1
    case 'inward':
    case 'outward':
    case 'toggle':
    case undefined:
      return null
  }
}
