import { describe, expect, it } from 'vitest'
import { rankCauses, type CauseCandidate } from './causes'

const BEGAN = { at: 10 * 3_600_000, toleranceMs: 60_000 }
const NOW = BEGAN.at + 600_000

function candidate(message: string, minutes: number, more: Partial<CauseCandidate> = {}): CauseCandidate {
  return {
    at: BEGAN.at + minutes * 60_000,
    kind: 'config',
    relation: 'appliesToOrigin',
    message,
    who: null,
    changeId: null,
    object: { cluster: 'east', apiVersion: 'v1', kind: 'VirtualService', namespace: 'shop', name: message },
    ...more,
  }
}

const messages = (...list: CauseCandidate[]) => rankCauses(list, BEGAN, NOW).map(({ message }) => message)

describe('rankCauses', () => {
  it('takes what was just before, and soon after; nothing older, nothing later', () => {
    expect(
      messages(candidate('old', -31), candidate('before', -5), candidate('after', 4), candidate('late', 6)),
    ).toEqual(['before', 'after'])
  })

  it('puts what comes before the beginning first, then what is nearest to the origin, then in time', () => {
    expect(
      messages(
        candidate('after, of the origin', 2, { relation: 'origin' }),
        candidate('near', -1, { relation: 'namespace' }),
        candidate('earlier', -9),
        candidate('later', -2),
        candidate('of the origin', -20, { relation: 'origin' }),
      ),
    ).toEqual(['of the origin', 'later', 'earlier', 'near', 'after, of the origin'])
  })

  it('lets the recorded change speak for its object', () => {
    const object = { cluster: 'east', apiVersion: null, kind: 'VirtualService', namespace: 'shop', name: 'x' }
    expect(
      messages(
        candidate('edited', -1, { object }),
        candidate('by Heddle', -1, { object, kind: 'change', changeId: 'c1' }),
      ),
    ).toEqual(['by Heddle'])
  })

  it('cannot say before or after when the beginning is not known', () => {
    const [cause] = rankCauses([candidate('x', 0)], null, NOW)
    expect(cause?.isBefore).toBeNull()
  })
})
