/** Which lines are shown: by text or regular expression, and by level. */
import type { LogLevel } from './line'

export const MOST_PATTERN_CHARS = 500

/** What a box of the filter holds; empty matches everything. `/…/` is a regular expression, `/…/i` too. */
export type TextTest =
  { ok: true; test: (text: string) => boolean; isEmpty: boolean } | { ok: false; message: string }

/**
 * Reads a filter as people write it: plain text is looked for whatever its case, `/…/` is a regular expression.
 * A pattern that is none answers why.
 */
export function textTest(written: string): TextTest {
  const text = written.trim()
  if (text === '') return { ok: true, test: () => true, isEmpty: true }
  if (text.length > MOST_PATTERN_CHARS) {
    return { ok: false, message: `A pattern has at most ${MOST_PATTERN_CHARS} characters.` }
  }
  const pattern = /^\/(.+)\/(i?)$/s.exec(text)
  if (!pattern) {
    const small = text.toLowerCase()
    return { ok: true, test: (line) => line.toLowerCase().includes(small), isEmpty: false }
  }
  try {
    const expression = new RegExp(pattern[1] ?? '', pattern[2])
    return { ok: true, test: (line) => expression.test(line), isEmpty: false }
  } catch (error) {
    return { ok: false, message: reasonOf(error) }
  }
}

/** The engine's own words without what everybody sees: `Invalid regular expression: /(/: Unterminated group`. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error)
  const reason = /: ([^:]+)$/.exec(said)?.[1] ?? said
  return `Not a regular expression: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`
}

export interface LineFilter {
  show: string
  hide: string
  /** levels left out; lines without a level always stay */
  without: ReadonlySet<LogLevel>
}

/** Lines that pass, in their order. A pattern that is none does not filter. */
export function filterLines<T extends { text: string; level: LogLevel | null }>(
  lines: readonly T[],
  filter: LineFilter,
): T[] {
  const show = textTest(filter.show)
  const hide = textTest(filter.hide)
  return lines.filter((line) => {
    if (line.level !== null && filter.without.has(line.level)) return false
    if (show.ok && !show.test(line.text)) return false
    return !hide.ok || hide.isEmpty || !hide.test(line.text)
  })
}
