import type { Tree } from '@lezer/common'
import { quoted } from '@/lib/demo/prometheus/promql/syntax/literals'

/** Where and why the text is not PromQL; null when the tree has no error. */
export function describeSyntaxError(tree: Tree, query: string): { offset: number; reason: string } | null {
  let first: { from: number; to: number; previous: { from: number; to: number } | null } | null = null
  let previous: { from: number; to: number } | null = null
  tree.iterate({
    enter: (node) => {
      if (first) return false
      if (node.type.isError) {
        first = { from: node.from, to: node.to, previous }
        return false
      }
      if (node.name === 'Identifier') previous = { from: node.from, to: node.to }
      return true
    },
  })
  // assigned inside the callback, which the compiler does not follow
  const error = first as { from: number; to: number; previous: { from: number; to: number } | null } | null
  if (!error) return null
  if (query.replace(/#[^\n]*/g, '').trim() === '')
    return { offset: 0, reason: 'no expression found in input' }
  const rest = query.slice(error.from)
  const called = error.previous
  if (called && called.to <= error.from && rest.trimStart().startsWith('(')) {
    const name = query.slice(called.from, called.to)
    return { offset: called.from, reason: `unknown function with name ${quoted(name)}` }
  }
  if (rest.trim() === '') return { offset: error.from, reason: endOfInput(query) }
  return { offset: error.from, reason: unexpected(rest) }
}

function endOfInput(query: string): string {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '')
  const open = (character: string) => bare.split(character).length
  return open('(') > open(')') ? 'unclosed left parenthesis' : 'unexpected end of input'
}

function unexpected(rest: string): string {
  const text = rest.trimStart()
  const word = /^[A-Za-z_:][\w:]*/.exec(text)?.[0]
  if (word) return `unexpected identifier ${quoted(word)}`
  const number = /^\d[\w.]*/.exec(text)?.[0]
  if (number) return `unexpected number ${quoted(number)}`
  if (/^["'`]/.test(text)) return 'unexpected string'
  return `unexpected ${quoted([...text].slice(0, 1).join(''))}`
}
