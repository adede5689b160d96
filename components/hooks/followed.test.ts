import { describe, expect, it } from 'vitest'
import { followed } from './followed'

const isTaken = (typed: string, value: string) => typed.trim() === value

describe('a field over the address', () => {
  it('is left alone while one types, and when the address takes over what was typed', () => {
    const typing = { typed: 'a=b ', seen: '' }
    expect(followed(typing, '', isTaken)).toBe(typing)
    expect(followed(typing, 'a=b', isTaken)).toEqual({ typed: 'a=b ', seen: 'a=b' })
  })

  it('follows the back button, also to nothing', () => {
    expect(followed({ typed: 'a=b', seen: 'a=b' }, '', isTaken)).toEqual({ typed: '', seen: '' })
    expect(followed({ typed: 'a=b', seen: 'a=b' }, 'c=d', isTaken).typed).toBe('c=d')
  })
})
