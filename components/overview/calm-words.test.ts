import { expect, it } from 'vitest'
import { calmWords } from './calm-words'

const calm = { at: Date.UTC(2026, 10, 30, 3, 12), windowSeconds: 120, timeZone: 'UTC' }

it('says that nothing is wrong only of traffic that is measured now', () => {
  expect(calmWords({ ...calm, measured: 5, isOld: false })).toEqual({
    isKnown: true,
    words: 'Nothing is wrong: no node fails or is slower than usual.',
  })
  expect(calmWords({ ...calm, measured: 5, isOld: true })).toEqual({
    isKnown: false,
    words:
      'Whether anything is wrong is not known. Nothing was when the mesh was last measured, 2026-11-30 03:12:00.',
  })
})

it('does not call a mesh well that carried nothing when it was last measured', () => {
  expect(calmWords({ ...calm, measured: 0, isOld: true })).toEqual({
    isKnown: false,
    words:
      'Whether anything is wrong is not known: there was no traffic when the mesh was last measured, 2026-11-30 03:12:00.',
  })
})
