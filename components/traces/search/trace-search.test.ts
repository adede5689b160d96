import { describe, expect, it } from 'vitest'
import { parseTraceSearch, withTraceSearch } from './trace-search'

const search = (query: string) => parseTraceSearch(new URLSearchParams(query))
const NOTHING = {
  node: null,
  service: null,
  minDurationMs: null,
  maxDurationMs: null,
  operation: null,
  status: null,
  tags: null,
  errors: false,
  limit: 20,
}

describe('parseTraceSearch', () => {
  it('asks for nothing when nothing is said', () => expect(search('')).toEqual(NOTHING))

  it('reads what is malformed as not said', () => {
    expect(search('node=reviews&minDurationMs=-5&errors=yes&limit=100000&status=99&maxDurationMs=x')).toEqual(
      NOTHING,
    )
  })

  it('lets a node win over a service', () => {
    expect(search('node=east/b/workload/r&service=r.b')).toMatchObject({
      node: 'east/b/workload/r',
      service: null,
    })
    expect(search('service=r.b')).toMatchObject({ node: null, service: 'r.b' })
  })
})

describe('withTraceSearch', () => {
  it('round-trips and keeps keys of others', () => {
    const wanted = {
      ...NOTHING,
      node: 'east/b/app/r/v1',
      minDurationMs: 12.5,
      maxDurationMs: 900,
      status: '503',
      tags: 'a="b c"',
      errors: true,
      limit: 50,
    }
    const query = withTraceSearch(new URLSearchParams('window=1h'), wanted)
    expect(parseTraceSearch(query)).toEqual(wanted)
    expect(query.get('window')).toBe('1h')
    expect(withTraceSearch(query, NOTHING).toString()).toBe('window=1h')
  })

  it('forgets the operation of another service', () => {
    expect(
      withTraceSearch(new URLSearchParams('service=a&operation=GET'), { service: 'b' }).has('operation'),
    ).toBe(false)
  })

  it('replaces a service by a node and the other way round', () => {
    const query = withTraceSearch(new URLSearchParams('service=r.b'), { node: 'east/b/workload/r' })
    expect(query.has('service')).toBe(false)
    expect(withTraceSearch(query, { service: 'x' }).has('node')).toBe(false)
  })
})
