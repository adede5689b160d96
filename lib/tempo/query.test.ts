import { describe, expect, it } from 'vitest'
import { namesQuery, searchParams } from './query'

const hour = { startMs: 1_500, endMs: 3_600_900, limit: 20 }
const filterOf = (services: string[], rest: object) =>
  searchParams(services, { ...hour, ...rest }).q?.replace(/ \| select.*/, '')

describe('searchParams', () => {
  it('asks for whole seconds around the time, and for enough spans of each trace', () => {
    expect(searchParams(['a'], hour)).toMatchObject({ start: '1', end: '3601', limit: '20', spss: '100' })
  })

  it.each([
    [['a'], {}, '{ resource.service.name = "a" }'],
    [['a.b', 'a'], {}, '{ (resource.service.name = "a.b" || resource.service.name = "a") }'],
    [['a"b\\'], {}, '{ resource.service.name = "a\\"b\\\\" }'],
    [['a'], { operation: 'GET /x' }, '{ resource.service.name = "a" && name = "GET /x" }'],
    [
      ['a'],
      { minDurationMs: 0.5, maxDurationMs: 1_200 },
      '{ resource.service.name = "a" && duration >= 500us && duration <= 1200000us }',
    ],
    [['a'], { tags: { error: 'true' } }, '{ resource.service.name = "a" && status = error }'],
    [
      ['a'],
      { tags: { 'http.status_code': '503' } },
      '{ resource.service.name = "a" && (.http.status_code = "503" || .http.status_code = 503 || .http.response.status_code = "503" || .http.response.status_code = 503) }',
    ],
    [['a'], { tags: { 'guid:id': 'x' } }, '{ resource.service.name = "a" && ."guid:id" = "x" }'],
    [
      ['a'],
      { tags: { 'x } | y': '" || true' } },
      '{ resource.service.name = "a" && ."x } | y" = "\\" || true" }',
    ],
  ] as const)('of %j with %j is %s', (services, rest, query) => {
    expect(filterOf([...services], rest)).toBe(query)
  })

  it('selects what says who made a span, and what was asked for', () => {
    const { q } = searchParams(['a'], { ...hour, tags: { 'http.method': 'GET' } })
    for (const field of [
      'resource.service.name',
      'status',
      '.node_id',
      '."guid:x-request-id"',
      '.http.method',
    ])
      expect(q).toContain(field)
  })
})

it('asks for names of some services only', () => {
  expect(namesQuery(['a', 'b'])).toBe('{ (resource.service.name = "a" || resource.service.name = "b") }')
})
