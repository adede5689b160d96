import { itemAt } from '@/lib/demo/item-at'

/**
 * RE2 patterns, as Prometheus takes them, in terms of JavaScript's RegExp. What RE2 does not know (look-around,
 * back references) is refused with Go's words; what JavaScript writes differently is rewritten.
 * Syntax: https://github.com/google/re2/wiki/Syntax
 */

/** Longest pattern taken: JavaScript backtracks where RE2 does not. */
const LONGEST_PATTERN = 10_000
const LARGEST_REPEAT = 1000

export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError'

  constructor(reason: string, fragment: string) {
    super(`error parsing regexp: ${reason}: \`${fragment}\``)
  }
}

/** The pattern as Prometheus matches it: against the whole value. */
export function anchoredRegex(pattern: string): RegExp {
  if (pattern.length > LONGEST_PATTERN) {
    throw new RegexSyntaxError(`expression longer than ${LONGEST_PATTERN} characters`, pattern.slice(0, 40))
  }
  const source = new Translator(pattern).translate()
  try {
    return new RegExp(`^(?:${source})$`, 'u')
  } catch {
    throw new RegexSyntaxError('unsupported expression', pattern)
  }
}

/** The values a pattern of plain alternatives (`a|b|c`) accepts; null for any other pattern. */
export function plainAlternatives(pattern: string): ReadonlySet<string> | null {
  return /[\\.+*?()[\]{}^$]/.test(pattern) ? null : new Set(pattern.split('|'))
}

interface Flags {
  ignoreCase: boolean
  multiLine: boolean
  dotAll: boolean
  ungreedy: boolean
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}
/** RE2's Perl classes are ASCII, and its `\s` has no vertical tab. */
const PERL_CLASSES: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_', s: '\\t\\n\\f\\r ' }
const ESCAPED_CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }

class Translator {
  private at = 0
  private readonly characters: string[]

  constructor(private readonly pattern: string) {
    this.characters = [...pattern]
  }

  translate(): string {
    const flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false, ungreedy: false }
    const source = this.alternatives(flags)
    if (this.at < this.characters.length) throw new RegexSyntaxError('unexpected )', this.pattern)
    return source
  }

  private peek(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      if (this.characters[this.at + i] !== text[i]) return false
    }
    return true
  }

  /** Up to the closing parenthesis or the end; flags set inside hold until there. */
  private alternatives(outer: Flags): string {
    const flags = { ...outer }
    let source = ''
    let canRepeat = false
    while (this.at < this.characters.length) {
      const character = itemAt(this.characters, this.at)
      const bounds = character === '{' ? this.bounds() : null
      if (character === ')') break
      if (character === '|') {
        this.at++
        source += '|'
        canRepeat = false
      } else if (character === '*' || character === '+' || character === '?') {
        source += this.repeat(character, canRepeat, flags)
        canRepeat = false
      } else if (bounds !== null) {
        source += this.repeat(bounds, canRepeat, flags)
        canRepeat = false
      } else {
        const atom = this.atom(flags)
        source += atom
        canRepeat = atom !== ''
      }
    }
    return source
  }

  private bounds(): string | null {
    const rest = this.characters.slice(this.at, this.at + 24).join('')
    return /^\{\d+(,\d*)?\}/.exec(rest)?.[0] ?? null
  }

  private repeat(operator: string, allowed: boolean, flags: Flags): string {
    if (!allowed) {
      const previous = this.characters[this.at - 1]
      const isDouble = previous !== undefined && '*+?}'.includes(previous)
      throw isDouble
        ? new RegexSyntaxError('invalid nested repetition operator', previous + operator)
        : new RegexSyntaxError('missing argument to repetition operator', operator)
    }
    this.at += operator.length
    const [low, high] = (/^\{(\d+)(?:,(\d*))?\}$/.exec(operator) ?? []).slice(1)
    if (
      Number(low ?? 0) > LARGEST_REPEAT ||
      Number(high || 0) > LARGEST_REPEAT ||
      Number(high || Infinity) < Number(low ?? 0)
    ) {
      throw new RegexSyntaxError('invalid repeat count', operator)
    }
    let lazy = flags.ungreedy
    if (this.peek('?')) {
      this.at++
      lazy = !lazy
    }
    return operator + (lazy ? '?' : '')
  }

  private atom(flags: Flags): string {
    const character = itemAt(this.characters, this.at)
    switch (character) {
      case '(':
        return this.group(flags)
      case '[':
        return this.characterClass(flags)
      case '.':
        this.at++
        return flags.dotAll ? '[^]' : '[^\\n]'
      case '^':
        this.at++
        return flags.multiLine ? '(?:(?<![^\\n]))' : '(?:(?<![^]))'
      case '$':
        this.at++
        return flags.multiLine ? '(?:(?![^\\n]))' : '(?:(?![^]))'
      case '\\':
        return this.escape(flags)
      default:
        this.at++
        return literal(codeOf(character), flags)
    }
  }

  private group(flags: Flags): string {
    const start = this.at
    this.at++
    let open = '('
    let inner = flags
    if (this.peek('?')) {
      const rest = this.characters.slice(this.at).join('')
      const named = /^\?P?<([A-Za-z0-9_]+)>/.exec(rest)
      const flagged = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest)
      if (named && !/^\?<[=!]/.test(rest)) {
        this.at += named[0].length
        open = /^\d/.test(named[1] ?? '') ? '(' : `(?<${named[1]}>`
      } else if (flagged && (flagged[1] || flagged[2] || flagged[3] === ':')) {
        this.at += flagged[0].length
        inner = withFlags(flags, flagged[1] ?? '', flagged[2] ?? '')
        if (flagged[3] === ')') {
          Object.assign(flags, inner)
          return ''
        }
        open = '(?:'
      } else {
        throw new RegexSyntaxError('invalid or unsupported Perl syntax', rest.slice(0, 2).replace(/^/, '('))
      }
    }
    const body = this.alternatives(inner)
    if (this.characters[this.at] !== ')') {
      throw new RegexSyntaxError('missing closing )', this.characters.slice(start).join(''))
    }
    this.at++
    return `${open}${body})`
  }

  private escape(flags: Flags): string {
    const next = this.characters[this.at + 1]
    if (next === undefined) throw new RegexSyntaxError('trailing backslash at end of expression', '')
    if (next === 'Q') {
      this.at += 2
      let source = ''
      while (this.at < this.characters.length && !this.peek('\\E')) {
        source += literal(codeOf(itemAt(this.characters, this.at++)), flags)
      }
      this.at += 2
      return `(?:${source})`
    }
    const whole: Readonly<Record<string, string>> = {
      A: '(?:(?<![^]))',
      z: '(?:(?![^]))',
      b: '(?:\\b)',
      B: '(?:\\B)',
      C: '[^]',
    }
    if (whole[next] !== undefined) {
      this.at += 2
      return whole[next]
    }
    const set = this.escapedSet()
    if (set !== null) return set.negated ? `[^${set.body}]` : `[${set.body}]`
    return literal(this.escapedCharacter(), flags)
  }

  /** `\d`, `\W`, `\pL`, `\P{Greek}`: as the inside of a class. */
  private escapedSet(): { body: string; negated: boolean } | null {
    const next = itemAt(this.characters, this.at + 1)
    const perl = PERL_CLASSES[next.toLowerCase()]
    if (perl !== undefined && /[dwsDWS]/.test(next)) {
      this.at += 2
      return { body: perl, negated: next !== next.toLowerCase() }
    }
    if (next !== 'p' && next !== 'P') return null
    const rest = this.characters.slice(this.at).join('')
    const named = /^\\[pP](?:\{(\^?)(\w+)\}|(\w))/.exec(rest)
    if (!named) throw new RegexSyntaxError('invalid character class range', rest.slice(0, 3))
    this.at += named[0].length
    const name = named[2] ?? named[3] ?? ''
    const property = name.length <= 2 ? name : `Script=${name}`
    return { body: `\\p{${property}}`, negated: (next === 'P') !== (named[1] === '^') }
  }

  /** The code point of `\n`, `\x41`, `\x{10FFFF}`, `\123`, `\.`. */
  private escapedCharacter(): number {
    const rest = this.characters.slice(this.at, this.at + 16).join('')
    const coded = /^\\(?:x\{([0-9A-Fa-f]{1,8})\}|x([0-9A-Fa-f]{2})|(0[0-7]{0,2}|[1-7][0-7]{2}))/.exec(rest)
    if (coded) {
      this.at += coded[0].length
      const code = parseInt(coded[1] ?? coded[2] ?? coded[3] ?? '', coded[3] === undefined ? 16 : 8)
      if (code > 0x10ffff) throw new RegexSyntaxError('invalid escape sequence', coded[0])
      return code
    }
    const next = this.characters[this.at + 1]
    if (next === undefined) throw new RegexSyntaxError('trailing backslash at end of expression', '')
    const control = ESCAPED_CONTROLS[next]
    if (control === undefined && /[0-9A-Za-z]/.test(next)) {
      throw new RegexSyntaxError('invalid escape sequence', `\\${next}`)
    }
    this.at += 2
    return control ?? codeOf(next)
  }

  private characterClass(flags: Flags): string {
    const start = this.at
    const missing = () => new RegexSyntaxError('missing closing ]', this.characters.slice(start).join(''))
    this.at++
    const negated = this.peek('^')
    if (negated) this.at++
    let body = ''
    // complements inside a class cannot be written as ranges: they stand beside it
    const complements: string[] = []
    for (let first = true; first || !this.peek(']'); first = false) {
      if (this.at >= this.characters.length) throw missing()
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.characters.slice(this.at, this.at + 16).join(''))
      if (posix) {
        const named = POSIX_CLASSES[posix[2] ?? '']
        if (named === undefined) throw new RegexSyntaxError('invalid character class range', posix[0])
        this.at += posix[0].length
        if (posix[1] === '^') complements.push(`[^${named}]`)
        else body += named
        continue
      }
      if (this.peek('\\')) {
        if (this.at + 1 >= this.characters.length) throw missing()
        const set = this.escapedSet()
        if (set) {
          if (set.negated) complements.push(`[^${set.body}]`)
          else body += set.body
          continue
        }
      }
      body += this.classRange(flags)
    }
    this.at++
    if (complements.length === 0) {
      if (body === '') return negated ? '[^]' : '[]'
      return `[${negated ? '^' : ''}${body}]`
    }
    const accepted = [...(body === '' ? [] : [`[${body}]`]), ...complements].join('|')
    return negated ? `(?:(?!${accepted})[^])` : `(?:${accepted})`
  }

  private classRange(flags: Flags): string {
    const start = this.at
    const low = this.classCharacter()
    let high = low
    if (
      this.peek('-') &&
      this.characters[this.at + 1] !== undefined &&
      this.characters[this.at + 1] !== ']'
    ) {
      this.at++
      high = this.classCharacter()
      if (high < low) {
        throw new RegexSyntaxError(
          'invalid character class range',
          this.characters.slice(start, this.at).join(''),
        )
      }
    }
    let range = codeEscape(low) + (high === low ? '' : `-${codeEscape(high)}`)
    if (flags.ignoreCase) {
      range += shiftedCase(low, high, 0x41, 0x5a, 32) + shiftedCase(low, high, 0x61, 0x7a, -32)
    }
    return range
  }

  private classCharacter(): number {
    if (this.peek('\\')) return this.escapedCharacter()
    const character = this.characters[this.at++]
    if (character === undefined) throw new RegexSyntaxError('missing closing ]', this.pattern)
    return codeOf(character)
  }
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const choose = (letter: string, before: boolean) =>
    off.includes(letter) ? false : on.includes(letter) ? true : before
  return {
    ignoreCase: choose('i', flags.ignoreCase),
    multiLine: choose('m', flags.multiLine),
    dotAll: choose('s', flags.dotAll),
    ungreedy: choose('U', flags.ungreedy),
  }
}

/** The code point of a text of one character. */
function codeOf(character: string): number {
  return character.codePointAt(0) ?? NaN
}

function literal(code: number, flags: Flags): string {
  if (!flags.ignoreCase) return codeEscape(code)
  const character = String.fromCodePoint(code)
  const cases = new Set([character, character.toLowerCase(), character.toUpperCase()])
  const single = [...cases].filter((variant) => [...variant].length === 1)
  if (single.length === 1) return codeEscape(code)
  return `[${single.map((variant) => codeEscape(codeOf(variant))).join('')}]`
}

function codeEscape(code: number): string {
  const character = String.fromCodePoint(code)
  return /[0-9A-Za-z_ ]/.test(character) ? character : `\\u{${code.toString(16)}}`
}

/** The part of a range that lies in one ASCII case, in the other case. */
function shiftedCase(low: number, high: number, from: number, to: number, shift: number): string {
  const first = Math.max(low, from)
  const last = Math.min(high, to)
  return first > last ? '' : `${codeEscape(first + shift)}-${codeEscape(last + shift)}`
}
