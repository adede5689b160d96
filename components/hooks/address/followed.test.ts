import { describe, expect, it } from 'vitest'
import { followed, sending, type Typed } from './followed'

const typing = (state: Typed<string>, typed: string) => ({ ...state, typed })

describe('a field over the address', () => {
  it('is left alone while one types, and when the address takes over what was typed', () => {
    const state = { typed: 'a=b ', seen: '' }
    expect(followed(state, '')).toBe(state)
    expect(followed(sending(state, 'a=b'), 'a=b')).toEqual({ typed: 'a=b ', seen: 'a=b' })
  })

  it('keeps what is typed between sending and arriving', () => {
    const sent = sending({ typed: 'error=true', seen: '' }, 'error=true')
    const further = typing(sent, 'error=true http.sta')
    expect(followed(further, 'error=true').typed).toBe('error=true http.sta')
  })

  it('follows the back button, also to nothing, and to what it sent before', () => {
    expect(followed({ typed: 'a=b', seen: 'a=b' }, '')).toEqual({ typed: '', seen: '' })
    expect(followed({ typed: 'a=b', seen: 'a=b' }, 'c=d').typed).toBe('c=d')
    const arrived = followed(sending({ typed: 'a', seen: '' }, 'a'), 'a')
    const later = followed(typing(sending(arrived, 'ab'), 'ab'), 'ab')
    expect(followed(later, 'a').typed).toBe('a')
    // what is there already need not arrive
    expect(followed(typing(sending(arrived, 'a'), 'ab'), '').typed).toBe('')
  })
})
