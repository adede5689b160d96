/** The difference of two texts as a unified diff. */

const CONTEXT_LINES = 3
/** beyond so many changed lines the shortest difference is not searched for any more: the cost grows by its square */
const MOST_EDITS = 500

/** A line of both texts, of the first only, of the second only. */
export type DiffLine = readonly [' ' | '-' | '+', string]
type Line = DiffLine

/**
 * A unified diff with three lines of context, or empty text when the two are equal. Lines are compared whole;
 * a text that does not exist is empty. Format: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
 */
export function unifiedDiff(before: string, after: string, names: { before: string; after: string }): string {
  if (before === after) return ''
  const lines = lineDiff(before, after)
  const out = [`--- ${names.before}`, `+++ ${names.after}`]
  for (const [from, to] of hunks(lines)) {
    const part = lines.slice(from, to)
    const earlier = lines.slice(0, from)
    out.push(`@@ -${range(earlier, part, '+')} +${range(earlier, part, '-')} @@`)
    out.push(...part.map(([mark, text]) => `${mark}${text}`))
  }
  return `${out.join('\n')}\n`
}

/** Every line of both texts in order, with the text it is in. */
export function lineDiff(before: string, after: string): DiffLine[] {
  return diffLines(linesOf(before), linesOf(after))
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** `start,count` on the side that lacks lines marked `absent`; a side without lines starts before its place. */
function range(earlier: readonly Line[], part: readonly Line[], absent: '-' | '+'): string {
  const count = part.filter(([mark]) => mark !== absent).length
  const start = earlier.filter(([mark]) => mark !== absent).length
  return `${count === 0 ? start : start + 1},${count}`
}

/** Bounds of the parts to show: changes with their context, those that touch as one. */
function hunks(lines: readonly Line[]): [number, number][] {
  const found: [number, number][] = []
  for (const [index, [mark]] of lines.entries()) {
    if (mark === ' ') continue
    const from = Math.max(0, index - CONTEXT_LINES)
    const to = Math.min(lines.length, index + CONTEXT_LINES + 1)
    const last = found.at(-1)
    if (last && from <= last[1]) last[1] = to
    else found.push([from, to])
  }
  return found
}

function diffLines(before: readonly string[], after: readonly string[]): Line[] {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1
  const same = (line: string): Line => [' ', line]
  return [
    ...before.slice(0, start).map(same),
    ...shortest(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}

/** E. Myers, An O(ND) Difference Algorithm and Its Variations (1986), greedy, with the trace kept for the way back. */
function shortest(before: readonly string[], after: readonly string[]): Line[] {
  const trace: Map<number, number>[] = []
  let furthest = new Map([[1, 0]])
  const most = Math.min(before.length + after.length, MOST_EDITS)
  for (let edits = 0; edits <= most; edits += 1) {
    const next = new Map(furthest)
    trace.push(furthest)
    for (let k = -edits; k <= edits; k += 2) {
      let x = comesFromAbove(furthest, k, edits) ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1
      next.set(k, x)
      if (x >= before.length && x - k >= after.length) return wayBack(before, after, trace, edits)
    }
    furthest = next
  }
  return [...before.map((line): Line => ['-', line]), ...after.map((line): Line => ['+', line])]
}

function comesFromAbove(furthest: ReadonlyMap<number, number>, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1))
}

function wayBack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
  last: number,
): Line[] {
  const lines: Line[] = []
  let x = before.length
  let y = after.length
  for (let edits = last; edits >= 0; edits -= 1) {
    const furthest = trace[edits] ?? new Map<number, number>()
    const k = x - y
    const isAdded = comesFromAbove(furthest, k, edits)
    const fromK = isAdded ? k + 1 : k - 1
    const fromX = edits === 0 ? 0 : (furthest.get(fromK) ?? 0)
    const fromY = edits === 0 ? 0 : fromX - fromK
    const stopX = edits === 0 ? 0 : isAdded ? fromX : fromX + 1
    while (x > stopX && y > (edits === 0 ? 0 : isAdded ? fromY + 1 : fromY)) {
      x -= 1
      y -= 1
      lines.push([' ', before[x] ?? ''])
    }
    if (edits === 0) break
    if (isAdded) lines.push(['+', after[fromY] ?? ''])
    else lines.push(['-', before[fromX] ?? ''])
    x = fromX
    y = fromY
  }
  return lines.reverse()
}
