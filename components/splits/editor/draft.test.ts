import { describe, expect, it } from 'vitest'
import { config } from '@/tests/support/graph/samples'
import { withBackend } from '@/lib/istio/edit/split/backends'
import type { Draft } from './draft'
import {
  draftProblems,
  draftResult,
  draftWeights,
  inPercent,
  parseDraft,
  setAll,
  startDraft,
  toggleLock,
  typeWeight,
  withObject,
} from './draft'

const to = (subset: string, weight?: number) => ({
  destination: { host: 'reviews', subset },
  ...(weight === undefined ? {} : { weight }),
})
const PATH = 'spec.http[0].route'
const object = (...route: object[]) =>
  config('VirtualService', 'shop/reviews', { hosts: ['reviews'], http: [{ route }] })
function draft(...route: object[]): Draft {
  const made = startDraft(object(...route), PATH)
  if (!made) throw new Error('no rule')
  return made
}
const typed = (...steps: [number, string][]) => {
  const start = draft(to('v1', 80), to('v2', 10), to('v3', 10))
  const from = draftWeights(start)
  return steps.reduce((made, [place, text]) => typeWeight(made, place, text, from), start).typed
}

describe('typing a weight', () => {
  it('lets the others follow, from where the typing began', () => {
    expect(typed([1, '4'])).toEqual(['85', '4', '11'])
    expect(typed([1, '4'], [1, '40'])).toEqual(['53', '40', '7'])
  })

  it.each(['', '-5', '1.5', 'ten'])('keeps %j as it is, and what goes with it', (text) => {
    expect(typed([1, text])).toEqual(['80', text, '10'])
  })

  it('finds the way back from what was none', () => {
    const bad = typeWeight(draft(to('v1', 70), to('v2', 30)), 1, '1.5', [70, 30])
    expect(typeWeight(bad, 1, '50', null).typed).toEqual(['50', '50'])
  })

  it('keeps what locked ones leave no room for, and says so', () => {
    const locked = toggleLock(toggleLock(draft(to('v1', 80), to('v2', 20)), 0), 0)
    expect(locked.locked).toEqual([])
    const all = toggleLock(draft(to('v1', 80), to('v2', 20)), 0)
    const after = typeWeight(all, 1, '50', null)
    expect(after.typed).toEqual(['80', '50'])
    expect(draftProblems(after, new Set())).toMatchObject([
      { place: null, message: expect.stringMatching(/130, 30 too many/) as string },
    ])
  })

  it('moves nothing else once the sum is given up', () => {
    const free = { ...draft(to('v1', 3), to('v2', 1)), keepsSum: false }
    expect(typeWeight(free, 1, '9', null).typed).toEqual(['3', '9'])
    expect(draftProblems(typeWeight(free, 1, '9', null), new Set())).toEqual([])
  })
})

it('keeps relative weights relative, and turns them into percent when asked', () => {
  const relative = draft(to('v1', 2), to('v2', 1))
  expect(relative.sum).toBe(3)
  expect(typeWeight(relative, 1, '2', null).typed).toEqual(['1', '2'])
  expect(inPercent(relative)).toMatchObject({ sum: 100, typed: ['67', '33'] })
})

it('names a subset that is not defined where it would get requests', () => {
  const made = draft(to('v1', 90), to('gone', 10))
  expect(draftProblems(made, new Set([1]))).toMatchObject([
    { place: 1, message: expect.stringMatching(/the subset gone/) as string },
  ])
  expect(draftProblems(setAll(made, [100, 0]), new Set([1]))).toEqual([])
})

it('keeps what was typed when a destination is added', () => {
  const start = setAll(draft(to('v1', 90), to('v2', 10)), [60, 40])
  const more = withObject(
    start,
    withBackend(start.object, PATH, { host: 'reviews', namespace: null, subset: 'v3', port: null }),
  )
  if ('problem' in more) throw new Error(more.problem)
  expect(more.typed).toEqual(['60', '40', '0'])
  const result = draftResult(setAll(more, [50, 40, 10]))
  expect('object' in result && result.object.spec).toEqual({
    hosts: ['reviews'],
    http: [{ route: [to('v1', 50), to('v2', 40), to('v3', 10)] }],
  })
})

describe('a draft over a reload', () => {
  it('is the same', () => {
    const made = typeWeight(draft(to('v1', 90), to('v2', 10)), 1, '1.5', null)
    expect(parseDraft(JSON.stringify(made))).toEqual(made)
  })

  it.each(['', 'null', '{', '{"typed":["1"]}', '[]'])('is none for %j', (text) =>
    expect(parseDraft(text)).toBeNull(),
  )
  it('is none without text', () => expect(parseDraft(null)).toBeNull())
})
