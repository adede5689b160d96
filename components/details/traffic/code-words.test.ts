import { expect, it } from 'vitest'
import { codeWords, kindOfCode } from './code-words'

it.each([
  ['200', false, '200', 'success'],
  ['404', false, '404', 'client'],
  ['503', false, '503', 'error'],
  ['0', false, 'no response', 'error'],
  ['0', true, '0 OK', 'success'],
  ['14', true, '14 Unavailable', 'error'],
  ['-', true, 'no response', 'error'],
  ['503', true, '503', 'error'],
] as const)('%s (gRPC: %s) is %s, %s', (code, isGrpc, words, kind) => {
  expect(codeWords(code, isGrpc)).toBe(words)
  expect(kindOfCode(code, isGrpc)).toBe(kind)
})
