import { describe, expect, it } from 'vitest'
import { DEFAULT_VIEW, parseView, withView } from './view-state'

const view = (query: string) => parseView(new URLSearchParams(query))

describe('parseView', () => {
  it('reads an empty query as the defaults', () => {
    expect(view('')).toEqual(DEFAULT_VIEW)
  })

  it('falls back to the default where a value is unknown', () => {
    const v = view('window=3m&graphType=pods&layout=x&hops=99&at=soon&refresh=1s&labels=foo&as=pdf&idle=1')
    expect(v).toEqual(DEFAULT_VIEW)
  })

  it('keeps at most two edge labels and drops repeated ones', () => {
    expect(view('labels=errors,p99,rate').labels).toEqual(['errors', 'p99'])
    expect(view('labels=p99,p99').labels).toEqual(['p99'])
  })

  it('tells "none" from "not said"', () => {
    expect(view('labels=-').labels).toEqual([])
    expect(view('boxes=-').boxes).toEqual([])
    expect(view('').boxes).toEqual(['namespace', 'app'])
  })
})

describe('withView', () => {
  it('writes only what differs from the defaults', () => {
    const next = withView(new URLSearchParams('window=5m&selected=a'), { window: '2m', idle: true })
    expect(next.toString()).toBe('selected=a&idle=true')
  })

  it('round-trips every kind of choice', () => {
    const wanted = {
      ...DEFAULT_VIEW,
      namespaces: ['east/bookinfo', 'odd,name', '50%'],
      at: 1_700_000_000_000,
      refresh: 'paused' as const,
      labels: [],
      boxes: ['app' as const],
      selected: 'east/a/workload/b>east/a/workload/c#http',
      hops: 2,
      as: 'table' as const,
    }
    const query = withView(new URLSearchParams(), wanted).toString()
    expect(view(query)).toEqual(wanted)
  })

  it('keeps parameters it does not know', () => {
    expect(withView(new URLSearchParams('sort=name'), { idle: true }).get('sort')).toBe('name')
  })
})

describe('at', () => {
  it('is written in epoch seconds and read in seconds or RFC 3339', () => {
    expect(withView(new URLSearchParams(), { at: 1_700_000_000_000 }).get('at')).toBe('1700000000')
    expect(view('at=1700000000').at).toBe(1_700_000_000_000)
    expect(view('at=2023-11-14T22:13:20Z').at).toBe(1_700_000_000_000)
  })
})

describe('a window of any length', () => {
  it('is read beside an instant only, in its shortest words', () => {
    expect(view('at=1700000000&window=47m').window).toBe('47m')
    expect(view('at=1700000000&window=120m').window).toBe('2h')
    expect(view('window=47m').window).toBe('2m')
  })

  it.each(['0m', '90s', '8d', '-5m', '1y', '5m5m', '99999999999999999m'])('is not %s', (text) => {
    expect(view(`at=1700000000&window=${text}`).window).toBe('2m')
  })

  it('goes when the view goes back to live, and an offered one stays', () => {
    const live = (query: string) => withView(new URLSearchParams(query), { at: null }).toString()
    expect(live('at=1700000000&window=47m')).toBe('')
    expect(live('at=1700000000&window=1h')).toBe('window=1h')
  })
})
