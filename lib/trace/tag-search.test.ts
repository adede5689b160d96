import { describe, expect, it } from 'vitest'
import { parseTags } from './tag-search'

describe('parseTags', () => {
  it.each([
    ['', {}],
    ['  http.status_code=503 ', { 'http.status_code': '503' }],
    ['a=1 b="x y" c="q\\"r"', { a: '1', b: 'x y', c: 'q"r' }],
    ['guid:x-request-id=4f-1 empty=', { 'guid:x-request-id': '4f-1', empty: '' }],
    ['url=http://a/b?c=d', { url: 'http://a/b?c=d' }],
  ])('reads %j', (text, tags) => expect(parseTags(text)).toEqual({ ok: true, tags }))

  it.each([
    'error',
    'a=1 b',
    '=x',
    'a="open',
    '__proto__=x',
    Array.from({ length: 11 }, (_, n) => `k${n}=v`).join(' '),
  ])('says what is wrong with %j', (text) => expect(parseTags(text).ok).toBe(false))
})
