import { describe, expect, it } from 'vitest'
import { durationWords } from './story'

describe('durations in words', () => {
  it.each([
    ['0s', '0 s'],
    ['250ms', '250 ms'],
    ['1.5s', '1.5 s'],
    ['90s', '90 s'],
    ['10m', '10 min'],
    ['1h30m', '90 min'],
    ['2h', '2 h'],
    ['soon', 'soon'],
  ])('%s is %s', (text, want) => expect(durationWords(text)).toBe(want))
})
