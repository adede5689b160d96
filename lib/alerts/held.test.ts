import { describe, expect, it } from 'vitest'
import { joinHeld, matcherText, type HeldAlert } from './held'

const held = (
  fingerprint: string,
  labels: Record<string, string>,
  more: Partial<HeldAlert> = {},
): HeldAlert => ({
  fingerprint,
  labels,
  annotations: {},
  startsAt: 1,
  receivers: ['on-call'],
  state: 'active',
  silencedBy: [],
  inhibitedBy: [],
  mutedBy: [],
  ...more,
})
const found = (id: string, labels: Record<string, string>) => ({ id, labels })

describe('joinHeld', () => {
  it('knows an alert again by its labels, whatever external labels were added', () => {
    const { handling, left } = joinHeld(
      [found('a', { alertname: 'Slow', service: 'cart' })],
      [held('1', { alertname: 'Slow', service: 'cart', replica: 'prom-0', cluster: 'east' })],
    )
    expect(handling.get('a')).toMatchObject({ state: 'active', receivers: ['on-call'] })
    expect(left).toEqual([])
  })

  it('takes the alert with the most labels in common, in any order of the rows', () => {
    const wide = found('wide', { alertname: 'Slow' })
    const narrow = found('narrow', { alertname: 'Slow', service: 'cart' })
    for (const rows of [
      [wide, narrow],
      [narrow, wide],
    ]) {
      const { handling } = joinHeld(rows, [
        held('1', { alertname: 'Slow', service: 'cart' }, { state: 'suppressed', silencedBy: ['s'] }),
        held('2', { alertname: 'Slow' }),
      ])
      expect(handling.get('narrow')).toMatchObject({ state: 'suppressed', silencedBy: ['s'] })
      expect(handling.get('wide')).toMatchObject({ state: 'active', silencedBy: [] })
    }
  })

  it.each([
    ['both silenced: nobody is told', 'suppressed', 'suppressed', 'suppressed'],
    ['one of two replicas silenced: somebody is told', 'suppressed', 'active', 'active'],
    ['not decided yet', 'unprocessed', 'unprocessed', 'unprocessed'],
  ] as const)('of copies, %s', (_, first, second, expected) => {
    const { handling } = joinHeld(
      [found('a', { alertname: 'Slow' })],
      [
        held('1', { alertname: 'Slow', replica: '0' }, { state: first, silencedBy: ['s1'] }),
        held('2', { alertname: 'Slow', replica: '1' }, { state: second, silencedBy: ['s2'] }),
      ],
    )
    expect(handling.get('a')?.state).toBe(expected)
    expect(handling.get('a')?.silencedBy).toEqual(expected === 'suppressed' ? ['s1', 's2'] : [])
  })

  it('does not compare each with each in a storm', () => {
    const labels = (n: number) => ({
      alertname: 'Slow',
      namespace: 'shop',
      service: `s${n}`,
      severity: 'page',
    })
    const storm = Array.from({ length: 8_000 }, (_, n) => n)
    const begun = performance.now()
    const { handling, left } = joinHeld(
      storm.map((n) => found(`f${n}`, labels(n))),
      storm.map((n) => held(`h${n}`, { ...labels(n), prometheus: 'shop/0' })),
    )
    // 64 million comparisons take several seconds, and every viewer's every look is one join
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect([handling.size, left.length]).toEqual([8_000, 0])
  })

  it('leaves what no found alert explains, and names what inhibits it', () => {
    const { handling, left } = joinHeld(
      [found('a', { alertname: 'Slow', service: 'cart' })],
      [
        held(
          '1',
          { alertname: 'Slow', service: 'other' },
          { state: 'suppressed', inhibitedBy: ['2', 'gone'] },
        ),
        held('2', { alertname: 'Down', service: 'other' }),
      ],
    )
    expect(handling.size).toBe(0)
    expect(left.map(({ alert, handling }) => [alert.fingerprint, handling.inhibitedBy])).toEqual([
      ['1', ['Down', 'gone']],
      ['2', []],
    ])
  })
})

it.each([
  [{ name: 'a', value: 'b', isRegex: false, isEqual: true }, 'a="b"'],
  [{ name: 'a', value: 'b|c', isRegex: true, isEqual: true }, 'a=~"b|c"'],
  [{ name: 'a', value: 'b"c', isRegex: false, isEqual: false }, 'a!="b\\"c"'],
  [{ name: 'a', value: '.*', isRegex: true, isEqual: false }, 'a!~".*"'],
])('writes a matcher as people do: %j', (matcher, text) => {
  expect(matcherText(matcher)).toBe(text)
})
