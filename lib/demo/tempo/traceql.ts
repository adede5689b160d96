/** The part of TraceQL the embedded mesh answers: one filter of conditions, and what to select. */

/** A refused query, in the words of Tempo's parser. */
export class BadTraceQl extends Error {}

export type Value = string | number | boolean
export type SpanFilter = (valueOf: (field: string) => Value | undefined) => boolean

export interface TraceQl {
  matches: SpanFilter
  /** fields to send with each span, as written */
  select: string[]
}

interface Token {
  kind: 'text' | 'number' | 'word' | 'sign'
  text: string
}

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h)?(?![\w.]))|([A-Za-z_.](?:"(?:[^"\\]|\\.)*"|[\w./:-])*)|(&&|\|\||=~|!~|!=|>=|<=|[=<>(){}|,]))/y

function tokens(query: string): Token[] {
  const found: Token[] = []
  TOKEN.lastIndex = 0
  const text = query.trimEnd()
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const [, quoted, number, word, sign] = TOKEN.exec(text) ?? []
    if (quoted !== undefined) found.push({ kind: 'text', text: JSON.parse(quoted) as string })
    else if (number !== undefined) found.push({ kind: 'number', text: number })
    else if (word !== undefined) found.push({ kind: 'word', text: word })
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign })
    else throw new BadTraceQl(`parse error at line 1, col ${at + 1}: syntax error: unexpected character`)
  }
  return found
}

/** Fields are looked up as written, `resource.service.name`, `.http.status_code`, `name`. Throws BadTraceQl. */
export function parseTraceQl(query: string): TraceQl {
  const rest = tokens(query)
  const peek = () => rest[0]?.text
  const take = (wanted?: string): Token => {
    const token = rest.shift()
    if (!token || (wanted !== undefined && token.text !== wanted)) {
      throw new BadTraceQl(`parse error: syntax error: unexpected ${token?.text ?? '$end'}`)
    }
    return token
  }
  const either = (): SpanFilter => {
    let filter = both()
    while (peek() === '||') {
      take()
      const [left, right] = [filter, both()]
      filter = (valueOf) => left(valueOf) || right(valueOf)
    }
    return filter
  }
  const both = (): SpanFilter => {
    let filter = condition()
    while (peek() === '&&') {
      take()
      const [left, right] = [filter, condition()]
      filter = (valueOf) => left(valueOf) && right(valueOf)
    }
    return filter
  }
  const condition = (): SpanFilter => {
    if (peek() === '(') {
      take('(')
      const inner = either()
      take(')')
      return inner
    }
    const field = take()
    if (field.kind !== 'word') throw new BadTraceQl(`parse error: syntax error: unexpected ${field.text}`)
    const operator = take().text
    const wanted = valueOfToken(take())
    return (valueOf) => compare(valueOf(field.text), operator, wanted)
  }
  take('{')
  const matches = peek() === '}' ? () => true : either()
  take('}')
  const select: string[] = []
  if (peek() === '|') {
    take('|')
    take('select')
    take('(')
    do select.push(take().text)
    while (peek() === ',' && take(','))
    take(')')
  }
  if (rest.length > 0) throw new BadTraceQl(`parse error: syntax error: unexpected ${rest[0]?.text}`)
  return { matches, select }
}

const UNITS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Durations in milliseconds. */
function valueOfToken({ kind, text }: Token): Value {
  if (kind === 'text') return text
  if (kind === 'number') {
    const [, digits, unit] = /^(-?[\d.]+)(\D*)$/.exec(text) ?? []
    return Number(digits) * (unit ? (UNITS[unit] ?? 1) : 1)
  }
  if (text === 'true' || text === 'false') return text === 'true'
  // the words of status and kind
  if (/^[a-z]+$/.test(text)) return text
  throw new BadTraceQl(`parse error: syntax error: unexpected ${text}`)
}

/** Values of different types are never equal, as in Tempo. */
function compare(value: Value | undefined, operator: string, wanted: Value): boolean {
  if (value === undefined || typeof value !== typeof wanted) return false
  switch (operator) {
    case '=':
      return value === wanted
    case '!=':
      return value !== wanted
    case '>=':
      return value >= wanted
    case '<=':
      return value <= wanted
    case '>':
      return value > wanted
    case '<':
      return value < wanted
    case '=~':
      return new RegExp(`^(?:${wanted})$`).test(String(value))
    default:
      throw new BadTraceQl(`parse error: syntax error: unexpected ${operator}`)
  }
}
