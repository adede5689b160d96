import { describe, expect, it } from 'vitest'
import { rangeText, readRange, shifted, type TimeLimits } from './time-range'

const NOW = Date.parse('2026-08-20T12:30:00Z')
const LIMITS: TimeLimits = {
  now: NOW,
  timeZone: 'UTC',
  retentionSeconds: 86_400,
  scrapeIntervalSeconds: 15,
}
const at = (text: string) => Date.parse(`2026-08-20T${text}Z`)

describe('readRange', () => {
  it.each([
    ['11:00', '11:47', { from: at('11:00:00'), at: at('11:47:00'), window: '47m' }],
    ['-1h', 'now', { from: at('11:30:00'), at: NOW, window: '1h' }],
    ['11:00:20', '11:02', { from: at('11:00:00'), at: at('11:02:00'), window: '2m' }],
    ['11:00:10', '11:02:40', { from: at('10:59:40'), at: at('11:02:40'), window: '3m' }],
    ['yesterday 13:00', '12:00', { from: at('13:00:00') - 86_400_000, at: at('12:00:00'), window: '23h' }],
  ])('%s to %s', (from, to, range) => expect(readRange(from, to, LIMITS)).toEqual({ range }))

  it.each([
    ['11:00', 'soon', 'to', 'Not a time'],
    ['x', '11:00', 'from', 'Not a time'],
    ['11:00', '2026-08-20 12:31', 'to', 'still to come'],
    ['11:00', '11:00', 'from', 'before the end'],
    ['2026-08-19 12:00', '12:00', 'from', 'keeps 1 day: nothing before 2026-08-19 12:30:00'],
    ['2026-08-18 12:00', '2026-08-18 13:00', 'to', 'keeps 1 day'],
  ])('%s to %s is refused', (from, to, field, words) => {
    expect(readRange(from, to, LIMITS)).toMatchObject({ field, problem: expect.stringContaining(words) })
  })

  it('asks for four scrapes, and for a week at most', () => {
    expect(readRange('11:00', '11:01', { ...LIMITS, scrapeIntervalSeconds: 60 })).toMatchObject({
      problem: 'At least 4 min before the end: metrics are scraped every 1 min',
    })
    expect(readRange('-8d', 'now', { ...LIMITS, retentionSeconds: null })).toMatchObject({
      problem: 'At most 7 days before the end',
    })
  })
})

describe('shifted', () => {
  it('walks by the length of the window and ends at the newest figures', () => {
    const view = { at: null, window: '10m' }
    const before = shifted(view, 'earlier', NOW)
    expect(before).toEqual({ at: at('12:20:00'), window: '10m' })
    expect(shifted({ at: at('12:25:00'), window: '10m' }, 'later', NOW)).toEqual({ at: NOW, window: '10m' })
    expect(shifted({ at: at('11:00:00'), window: '47m' }, 'later', NOW)?.at).toBe(at('11:47:00'))
  })

  it('does not go beyond the present', () => {
    expect(shifted({ at: null, window: '10m' }, 'later', NOW)).toBeNull()
    expect(shifted({ at: NOW, window: '10m' }, 'later', NOW)).toBeNull()
  })
})

it('names a day once and seconds only where they count', () => {
  const utc = { timeZone: 'UTC' }
  expect(rangeText(at('11:00:00'), at('11:47:00'), utc)).toBe('2026-08-20 11:00 – 11:47')
  expect(rangeText(at('11:00:05'), at('11:47:05'), utc)).toBe('2026-08-20 11:00:05 – 11:47:05')
  expect(rangeText(at('11:00:00') - 86_400_000, at('11:47:00'), { timeZone: 'Asia/Kolkata' })).toBe(
    '2026-08-19 16:30 – 2026-08-20 17:17',
  )
})

it('is shorter where there is little room', () => {
  const today = { timeZone: 'UTC', today: NOW }
  expect(rangeText(at('11:00:05'), at('11:47:05'), today)).toBe('11:00 – 11:47')
  expect(rangeText(at('11:00:05'), at('11:02:05'), today)).toBe('11:00:05 – 11:02:05')
  expect(rangeText(at('11:00:05'), at('11:47:05'), { ...today, today: NOW + 86_400_000 })).toBe(
    '2026-08-20 11:00 – 11:47',
  )
})
