import { describe, expect, it } from 'vitest'
import { meet, meetingWords, type Meeting, type Sends, type ServerSide } from './handshake'

const SERVERS: Record<string, ServerSide> = {
  STRICT: { mode: 'STRICT', isProxied: true },
  PERMISSIVE: { mode: 'PERMISSIVE', isProxied: true },
  DISABLE: { mode: 'DISABLE', isProxied: true },
  // a policy of STRICT is on paper only where nothing enforces it
  'no proxy': { mode: 'STRICT', isProxied: false },
}

describe('what comes of a caller and a port', () => {
  it.each<[string, Sends, Meeting, RegExp]>([
    ['STRICT', 'plaintext', 'broken', /refused/],
    ['STRICT', 'auto', 'mutual', /is mutual TLS/],
    ['STRICT', 'mutual', 'mutual', /is mutual TLS/],
    ['STRICT', 'otherTls', 'broken', /refused/],
    ['PERMISSIVE', 'plaintext', 'plaintext', /accepted/],
    ['PERMISSIVE', 'auto', 'mutual', /is mutual TLS/],
    ['PERMISSIVE', 'mutual', 'mutual', /is mutual TLS/],
    ['PERMISSIVE', 'otherTls', 'applicationTls', /must speak itself/],
    ['DISABLE', 'plaintext', 'plaintext', /accepted/],
    ['DISABLE', 'auto', 'plaintext', /auto mTLS follows the port/],
    ['DISABLE', 'mutual', 'broken', /takes no mutual TLS/],
    ['DISABLE', 'otherTls', 'applicationTls', /must speak itself/],
    ['no proxy', 'plaintext', 'plaintext', /accepted/],
    ['no proxy', 'auto', 'plaintext', /no proxy to speak/],
    ['no proxy', 'mutual', 'broken', /no proxy to speak/],
    ['no proxy', 'otherTls', 'applicationTls', /must speak itself/],
  ])('%s, %s: %s', (server, sends, want, words) => {
    const side = SERVERS[server] as ServerSide
    expect(meet(sends, side)).toBe(want)
    expect(meetingWords(sends, side)).toMatch(words)
  })
})
