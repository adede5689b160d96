import { describe, expect, it } from 'vitest'
import { searchParams } from './query'

describe('searchParams', () => {
  it('writes instants and durations in whole microseconds and tags as JSON', () => {
    expect(
      searchParams({
        service: 'reviews.bookinfo',
        operation: 'a:9080/*',
        tags: { error: 'true', 'http.status_code': '503' },
        startMs: 1_700_000_000_000.25,
        endMs: 1_700_000_060_000,
        minDurationMs: 0.5,
        maxDurationMs: 1200,
        limit: 20,
      }),
    ).toEqual({
      service: 'reviews.bookinfo',
      operation: 'a:9080/*',
      tags: '{"error":"true","http.status_code":"503"}',
      start: '1700000000000250',
      end: '1700000060000000',
      minDuration: '500us',
      maxDuration: '1200000us',
      limit: '20',
    })
  })

  it('leaves out what was not asked', () => {
    const params = searchParams({ service: 's', tags: {}, startMs: 0, endMs: 1, limit: 1 })
    expect(
      Object.entries(params)
        .filter(([, value]) => value !== undefined)
        .map(([name]) => name),
    ).toEqual(['service', 'start', 'end', 'limit'])
  })
})
