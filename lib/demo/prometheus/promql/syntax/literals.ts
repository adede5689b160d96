import { itemAt } from '@/lib/demo/item-at'

/** Numbers, strings and durations as PromQL writes them. Each answers null for text of another form. */

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
const UNIT_MS = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1]

/** Milliseconds of `5m`, `1h30m`, `250ms`; a year has 365 days. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  const parts = DURATION.exec(text)
  if (!parts || text === '') return null
  let ms = 0
  for (let i = 0; i < UNIT_MS.length; i++) ms += Number(parts[i + 1] ?? 0) * itemAt(UNIT_MS, i)
  return ms
}

/** Go's number forms: decimal, exponent, `0x1F`, a leading zero for octal, `Inf`, `NaN`, in any case. */
export function parseNumber(text: string): number | null {
  const lower = text.toLowerCase()
  if (lower === 'inf') return Infinity
  if (lower === 'nan') return NaN
  if (/^0x[0-9a-f]+$/.test(lower)) return parseInt(lower, 16)
  if (/^0[0-7]+$/.test(lower)) return parseInt(lower, 8)
  return /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/.test(lower) ? Number(lower) : null
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([^]))?/g

/** The text between quotes, escapes resolved; backquoted text is taken as it is. */
export function parseString(quoted: string): string | null {
  const quote = quoted.slice(0, 1)
  if (quoted.length < 2 || !quoted.endsWith(quote)) return null
  const inner = quoted.slice(1, -1)
  if (quote === '`') return inner
  if (inner.includes('\n')) return null
  let isWrong = false
  const text = inner.replace(ESCAPE, (whole, hex, short, long, octal, simple: string | undefined) => {
    const code = hex ?? short ?? long
    if (code !== undefined) {
      const point = parseInt(code, 16)
      if (point > 0x10ffff) isWrong = true
      else return String.fromCodePoint(point)
    } else if (octal !== undefined) {
      return String.fromCodePoint(parseInt(octal, 8) & 0xff)
    } else if (simple === quote) {
      return quote
    } else if (simple !== undefined && SIMPLE_ESCAPES[simple] !== undefined) {
      return SIMPLE_ESCAPES[simple]
    }
    isWrong = true
    return whole
  })
  return isWrong ? null : text
}

/** `"text"` as Go's %q writes it, near enough for error messages. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

/** A duration as PromQL would write it. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  let rest = ms
  let text = ''
  const units = ['y', 'w', 'd', 'h', 'm', 's', 'ms']
  for (let i = 0; i < units.length; i++) {
    const unit = itemAt(UNIT_MS, i)
    // Prometheus writes years, weeks and days only when they come out even
    if (i < 3 && rest % unit !== 0) continue
    const count = Math.floor(rest / unit)
    if (count > 0) text += `${count}${units[i]}`
    rest -= count * unit
  }
  return text
}
