import { describe, expect, it } from 'vitest'
import { gatherMarks, kindsWithin, type ChartMark, type MarkKind } from './marks'

const mark = (id: string, kind: MarkKind, at: number): ChartMark => ({
  id,
  kind,
  at,
  label: `${id} happened`,
  href: `/${id}`,
})

describe('marks of a chart', () => {
  it('are those within its time', () => {
    const marks = [mark('a', 'change', -1), mark('b', 'change', 0), mark('c', 'rollout', 1_001)]
    expect(gatherMarks(marks, 0, 1_000).map(({ id }) => id)).toEqual(['b'])
    expect(kindsWithin(marks, 0, 1_000)).toEqual(['change'])
    expect(gatherMarks(marks, 5, 5)).toEqual([])
  })

  it('of one kind that cannot be told apart are one, which tells of each', () => {
    const marks = [
      mark('c', 'rollout', 510),
      mark('a', 'rollout', 500),
      mark('b', 'rollout', 505),
      mark('x', 'restart', 505),
      mark('d', 'rollout', 600),
    ]
    const gathered = gatherMarks(marks, 0, 1_000)
    expect(gathered.map(({ kind, at, href }) => [kind, at, href])).toEqual([
      ['rollout', 500, '/a'],
      ['rollout', 600, '/d'],
      ['restart', 505, '/x'],
    ])
    expect(gathered[0]?.label).toBe('3 rollouts\na happened\nb happened\nc happened')
  })

  it('are bounded, and what is not told is counted', () => {
    const many = Array.from({ length: 2_000 }, (_, n) => mark(`m${n}`, 'restart', n / 2))
    const gathered = gatherMarks(many, 0, 1_000)
    expect(gathered.length).toBeLessThan(60)
    expect(gathered[0]?.label).toMatch(/^36 restarts\n(.*\n){6}and 30 more$/)
  })
})
