import { describe, expect, it } from 'vitest'
import { isUpstreamError, UpstreamError } from './upstream-error'

describe('UpstreamError', () => {
  it.each([
    ['network', undefined, true],
    ['timeout', undefined, true],
    ['http', 500, true],
    ['http', 503, true],
    ['http', 501, false],
    ['http', 429, true],
    ['http', 401, false],
    ['http', 404, false],
    ['query', 422, false],
    ['decode', 200, false],
  ] as const)('%s with status %s: retryable %s', (kind, status, retryable) => {
    expect(new UpstreamError('prometheus', kind, 'no', { status }).retryable).toBe(retryable)
  })

  it('keeps the cause and is known again by its name alone', () => {
    const cause = new Error('inner')
    const error = new UpstreamError('jaeger', 'network', 'refused', { cause })
    expect(error.cause).toBe(cause)
    expect(isUpstreamError(error)).toBe(true)
    expect(isUpstreamError(new Error('other'))).toBe(false)
    expect(isUpstreamError(null)).toBe(false)
  })
})
