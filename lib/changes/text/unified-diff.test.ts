import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import { unifiedDiff } from './unified-diff'

const names = { before: 'a', after: 'b' }
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

/** What `patch` would make of a text: an implementation that shares nothing with the one under test. */
function patched(before: string, diff: string): string {
  const source = before.split('\n').slice(0, -1)
  const result: string[] = []
  let at = 0
  for (const line of diff.split('\n').slice(2, -1)) {
    const header = /^@@ -(\d+),(\d+) /.exec(line)
    if (header) {
      const start = Number(header[1]) - (header[2] === '0' ? 0 : 1)
      result.push(...source.slice(at, start))
      at = start
    } else if (line.startsWith('+')) result.push(line.slice(1))
    else {
      expect(source[at]).toBe(line.slice(1))
      if (line.startsWith(' ')) result.push(line.slice(1))
      at += 1
    }
  }
  return text([...result, ...source.slice(at)])
}

describe('a unified diff', () => {
  it('is empty for equal texts', () => {
    expect(unifiedDiff('a\n', 'a\n', names)).toBe('')
  })

  it('shows a changed line within three others', () => {
    const before = text(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
    expect(unifiedDiff(before, before.replace('5', 'five'), names)).toBe(
      text(['--- a', '+++ b', '@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8']),
    )
  })

  it('of a new text starts at line 0, as of one that goes', () => {
    expect(unifiedDiff('', 'a\n', names)).toBe(text(['--- a', '+++ b', '@@ -0,0 +1,1 @@', '+a']))
    expect(unifiedDiff('a\n', '', names)).toBe(text(['--- a', '+++ b', '@@ -1,1 +0,0 @@', '-a']))
  })

  it('names no line that stays: a list item put in front is one added line', () => {
    const diff = unifiedDiff(text(['x', 'a', 'b']), text(['x', 'n', 'a', 'b']), names)
    expect(diff.split('\n').filter((line) => /^[-+](?![-+])/.test(line))).toEqual(['+n'])
  })

  it('leads from the one text to the other, for any two', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ' d'), { maxLength: 30 })
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const [before, after] = [text(a), text(b)]
        const diff = unifiedDiff(before, after, names)
        expect(diff === '' ? before : patched(before, diff)).toBe(after)
      }),
      { numRuns: 300 },
    )
  })

  it('stays affordable where nothing is alike', () => {
    const many = (word: string) => text(Array.from({ length: 5_000 }, (_, index) => `${word}${index}`))
    const diff = unifiedDiff(many('a'), many('b'), names)
    expect(diff.split('\n')).toHaveLength(10_004)
  })
})
