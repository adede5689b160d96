/**
 * Regular expressions as Envoy reads them: RE2, which has neither look-around nor back-references.
 * Syntax: https://github.com/google/re2/wiki/Syntax
 */

const MAX_LENGTH = 1024

/** Why RE2 would refuse a pattern; undefined when it would not. */
export function re2Problem(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`
  let translated = ''
  let isClass = false
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i)
    const next = pattern.charAt(i + 1)
    if (character === '\\') {
      if (next === '') return 'it ends with a backslash'
      if (/[1-9]/.test(next)) return `it refers back to a group (\\${next}), which RE2 cannot do`
      const escape = readEscape(pattern.slice(i), isClass)
      if (!escape) return `it has an unknown escape (\\${next})`
      translated += escape.translated
      i += escape.length - 1
    } else if (isClass) {
      const posix = /^\[:\^?(\w+):\]/.exec(pattern.slice(i))
      if (posix) {
        if (!POSIX.has(posix[1] ?? '')) return `it has an unknown class (${posix[0]})`
        translated += '\\w'
        i += posix[0].length - 1
      } else if (character === ']') {
        isClass = false
        translated += character
      } else {
        // within a class only these mean something to both
        translated += /[\^-]/.test(character) ? character : escaped(character, true)
      }
    } else if (character === '[') {
      isClass = true
      translated += character
      if (pattern.charAt(i + 1) === '^') translated += pattern.charAt(++i)
      // a bracket that comes first is a member
      if (pattern.charAt(i + 1) === ']') {
        translated += '\\]'
        i++
      }
    } else if (character === '(' && next === '?') {
      const group = /^\(\?(?:P?<(\w+)>|([imsU]*(?:-[imsU]+)?)(:|\)))/.exec(pattern.slice(i))
      if (!group) return 'it has a group that RE2 does not know, such as look-ahead or look-behind'
      translated += group[1] ? `(?<${group[1]}>` : group[3] === ':' ? '(?:' : ''
      i += group[0].length - 1
    } else if (character === '{' || character === '}') {
      const repeat = character === '{' ? /^\{\d+(,\d*)?\}/.exec(pattern.slice(i)) : null
      const counts = repeat?.[0].match(/\d+/g)?.map(Number) ?? []
      if (counts.some((count) => count > 1000)) return 'it repeats more than 1000 times'
      translated += repeat ? repeat[0] : `\\${character}`
      i += repeat ? repeat[0].length - 1 : 0
    } else {
      translated += character === ']' || character === '/' ? `\\${character}` : character
    }
  }
  if (isClass) return 'a bracket is not closed'
  try {
    new RegExp(translated, 'u')
    return undefined
  } catch (error) {
    const words = error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : ''
    return words.toLowerCase() || 'it is no regular expression'
  }
}

const POSIX = new Set(
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '),
)

/** An escape at the start of `text`, as JavaScript writes it. */
function readEscape(text: string, isClass: boolean): { length: number; translated: string } | undefined {
  const literal = /^\\Q([^]*?)(?:\\E|$)/.exec(text)
  if (literal)
    return {
      length: literal[0].length,
      translated: [...(literal[1] ?? '')].map((one) => escaped(one, isClass)).join(''),
    }
  const property = /^\\[pP](?:\{\^?(\w+)\}|([A-Z]))/.exec(text)
  if (property) return { length: property[0].length, translated: '\\w' }
  const code = /^\\(?:x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]{1,6}\}|0[0-7]{0,2})/.exec(text)
  if (code) return { length: code[0].length, translated: 'x' }
  const letter = text.charAt(1)
  if (/[dDsSwWbBnrtfv]/.test(letter)) return { length: 2, translated: `\\${letter}` }
  if (letter === 'A' || letter === 'z') return { length: 2, translated: letter === 'A' ? '^' : '$' }
  if (letter === 'a' || letter === 'C') return { length: 2, translated: '.' }
  return /[a-zA-Z0-9]/.test(letter) ? undefined : { length: 2, translated: escaped(letter, isClass) }
}

/** The character itself; a hyphen may be escaped within classes only. */
function escaped(character: string, isClass: boolean): string {
  const isSpecial = /[\\^$.*+?()[\]{}|/]/.test(character) || (isClass && character === '-')
  return isSpecial ? `\\${character}` : character
}
