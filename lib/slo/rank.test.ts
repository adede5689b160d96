import { expect, it } from 'vitest'
import { compareSlos, stateOf, type SloState } from './rank'

it.each<[string, Parameters<typeof stateOf>[0], SloState]>([
  ['of nobody knows how much', { budgetLeft: null, broken: [] }, 'unknown'],
  ['burns, of nobody knows how much', { budgetLeft: null, broken: [{ severity: 'page' }] }, 'failing'],
  ['well', { budgetLeft: 0.4, broken: [] }, 'healthy'],
  ['spent, and quiet now', { budgetLeft: -0.1, broken: [] }, 'failing'],
  ['burns slowly', { budgetLeft: 0.4, broken: [{ severity: 'ticket' }] }, 'degraded'],
  ['burns fast', { budgetLeft: 0.9, broken: [{ severity: 'page' }] }, 'failing'],
])('%s', (_, of, state) => expect(stateOf(of)).toBe(state))

it('puts the worst first', () => {
  const slo = (id: string, state: SloState, budgetLeft: number | null, rate = 0) => ({
    id,
    state,
    budgetLeft,
    burns: [{ windowSeconds: 3_600, rate }],
  })
  const sorted = [
    slo('well', 'healthy', 0.9),
    slo('nothing measured', 'unknown', null),
    slo('burns', 'failing', 0.5, 3),
    slo('gone', 'failing', -1),
    slo('burns faster', 'failing', 0.5, 30),
    slo('slowly', 'degraded', 0.2),
  ].sort(compareSlos)
  expect(sorted.map(({ id }) => id)).toEqual([
    'gone',
    'burns faster',
    'burns',
    'slowly',
    'nothing measured',
    'well',
  ])
})
