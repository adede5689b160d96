import { describe, expect, it } from 'vitest'
import { parseInstantText } from './instant-text'

const NOW = Date.parse('2026-08-20T12:30:00Z')
const read = (text: string, timeZone = 'UTC') => {
  const at = parseInstantText(text, { now: NOW, timeZone })
  return at === undefined ? undefined : new Date(at).toISOString().replace('.000Z', 'Z')
}

describe('parseInstantText', () => {
  it.each([
    ['now', '2026-08-20T12:30:00Z'],
    ['-2h', '2026-08-20T10:30:00Z'],
    ['now-1h30m', '2026-08-20T11:00:00Z'],
    ['now - 15m', '2026-08-20T12:15:00Z'],
    ['90m ago', '2026-08-20T11:00:00Z'],
    ['3d ago', '2026-08-17T12:30:00Z'],
    ['1787229000', '2026-08-20T12:30:00Z'],
    ['1787229000000', '2026-08-20T12:30:00Z'],
    ['2026-08-20T14:05:30+02:00', '2026-08-20T12:05:30Z'],
    ['2026-08-20 12:05:30', '2026-08-20T12:05:30Z'],
    ['2026-08-20t12:05', '2026-08-20T12:05:00Z'],
    ['2026-8-2 7:05', '2026-08-02T07:05:00Z'],
    ['2026-08-19', '2026-08-19T00:00:00Z'],
    ['12:05', '2026-08-20T12:05:00Z'],
    ['13:00', '2026-08-19T13:00:00Z'],
    ['yesterday 23:59:59', '2026-08-19T23:59:59Z'],
    ['today 09:00', '2026-08-20T09:00:00Z'],
    ['yesterday', '2026-08-19T00:00:00Z'],
  ])('reads %s as %s', (text, at) => expect(read(text)).toBe(at))

  it('takes times of the reader’s zone, and those that name another as they say', () => {
    expect(read('14:05', 'Europe/Berlin')).toBe('2026-08-20T12:05:00Z')
    expect(read('2026-08-20 12:05 UTC', 'Europe/Berlin')).toBe('2026-08-20T12:05:00Z')
    expect(read('12:05z', 'Asia/Kolkata')).toBe('2026-08-20T12:05:00Z')
    expect(read('17:35', 'Asia/Kolkata')).toBe('2026-08-20T12:05:00Z')
    expect(read('2026-08-20', 'America/New_York')).toBe('2026-08-20T04:00:00Z')
  })

  it('follows the clocks when they change', () => {
    // on 2026-03-29 at 02:00 clocks in Berlin go to 03:00, on 2026-10-25 at 03:00 back to 02:00
    expect(read('2026-03-29 01:59', 'Europe/Berlin')).toBe('2026-03-29T00:59:00Z')
    expect(read('2026-03-29 03:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00Z')
    expect(read('2026-10-25 04:00', 'Europe/Berlin')).toBe('2026-10-25T03:00:00Z')
  })

  it.each(['', ' ', 'soon', '25:00', '12:60', '2026-02-31', '2026-13-01', '-', '-2', 'ago', 'nowish', '-2y'])(
    'does not guess at "%s"',
    (text) => expect(read(text)).toBeUndefined(),
  )
})
