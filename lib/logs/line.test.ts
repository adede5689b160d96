import { describe, expect, it } from 'vitest'
import { filterLines, textTest } from './filter'
import { levelOf, levelOfAccess, parseStamped, type LogLevel } from './line'

describe('parseStamped', () => {
  it('keeps nanoseconds as text and milliseconds as a number', () => {
    expect(parseStamped('2026-08-20T12:00:00.123456789Z hello  there')).toEqual({
      stamp: '2026-08-20T12:00:00.123456789Z',
      atMs: Date.UTC(2026, 7, 20, 12, 0, 0, 123),
      text: 'hello  there',
    })
  })
  it('takes an empty line and the zone of a node', () => {
    expect(parseStamped('2026-08-20T12:00:00Z')).toMatchObject({ text: '' })
    expect(parseStamped('2026-08-20T14:00:00.5+02:00 x')).toMatchObject({
      atMs: Date.UTC(2026, 7, 20, 12, 0, 0, 500),
    })
  })
  it('drops colours, and knows what is no beginning of a line', () => {
    expect(parseStamped('2026-08-20T12:00:00Z \u001b[31mred\u001b[0m')?.text).toBe('red')
    expect(parseStamped('half a line')).toBeUndefined()
  })
})

describe('levelOf', () => {
  it.each([
    ['{"time":"…","level":"error","msg":"x"}', 'error'],
    ['{"severity":"WARNING","message":"x"}', 'warning'],
    ['{"msg":"an error level"}', null],
    ['{"level":50,"time":1700000000000,"msg":"x"}', 'error'],
    ['{"level":40,"msg":"x"}', 'warning'],
    ['{"level":30,"msg":"x"}', 'info'],
    ['{"level":3,"msg":"a floor, not a level"}', null],
    ['time=… level=warn msg="error budget"', 'warning'],
    ['E0820 12:00:00.000000 1 main.go:3] failed', 'error'],
    ['I0820 12:00:00.000000 1 main.go:3] an error', 'info'],
    ['2026-08-20T12:00:00.000Z\twarn\tads\tslow push', 'warning'],
    ['[2026-08-20 12:00:00.000][17][debug][pool] [C1] x', 'debug'],
    ['2026-08-20 12:00:00,000 ERROR [main] x', 'error'],
    ['INFO:root:no error', 'info'],
    ['Traceback (most recent call last):', 'error'],
    ['panic: runtime error: index out of range', 'error'],
    ['GET /error 200', null],
    ['', null],
  ] satisfies [string, LogLevel | null][])('of %j is %s', (text, level) => {
    expect(levelOf(text)).toBe(level)
  })
})

describe('levelOfAccess', () => {
  it.each([
    [200, '-', 'GET', 'info'],
    [404, '-', 'GET', 'warning'],
    [503, 'UH', 'GET', 'error'],
    [200, 'DI', 'GET', 'warning'],
    [0, 'DC', 'GET', 'warning'],
    [0, 'UF', null, 'error'],
    [0, '-', null, 'info'],
    [0, '-', 'GET', 'error'],
  ] as const)('of %i %s (%s) is %s', (code, flags, method, level) => {
    expect(levelOfAccess({ code, flags, method })).toBe(level)
  })
})

describe('filterLines', () => {
  const lines = [
    { text: 'GET /a 200', level: 'info' as const },
    { text: 'get /b 503', level: 'error' as const },
    { text: 'plain', level: null },
  ]
  const kept = (show: string, hide = '', without: LogLevel[] = []) =>
    filterLines(lines, { show, hide, without: new Set(without) }).map((line) => line.text)

  it('looks for text whatever its case, and for regular expressions', () => {
    expect(kept('GET')).toEqual(['GET /a 200', 'get /b 503'])
    expect(kept('/^GET/')).toEqual(['GET /a 200'])
    expect(kept('/5\\d\\d$/')).toEqual(['get /b 503'])
  })
  it('hides what is said to be hidden, and nothing by an empty box', () => {
    expect(kept('', '/get/i')).toEqual(['plain'])
    expect(kept('', '')).toHaveLength(3)
  })
  it('leaves levels out; what has none stays', () => {
    expect(kept('', '', ['info', 'error'])).toEqual(['plain'])
  })
  it('says why a pattern is none, and does not filter by it', () => {
    expect(textTest('/(/')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^Not a regular/) as string,
    })
    expect(kept('/(/')).toHaveLength(3)
    expect(textTest('x'.repeat(501))).toMatchObject({ ok: false })
  })
})
