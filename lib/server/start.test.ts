import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigError } from './config/config-error'
import { start } from './start'
import { upstreams } from './upstreams'

vi.mock('./upstreams', () => ({ upstreams: vi.fn() }))

describe('start', () => {
  afterEach(() => void vi.restoreAllMocks())

  it.each([
    [
      'what is wrong with the configuration',
      new ConfigError('PORT', 'is taken', 'PORT=1'),
      /^heddle: PORT is taken/,
    ],
    ['what nobody foresaw', new TypeError('broken'), /^heddle: TypeError: broken\n\s+at /],
  ])('ends the process with %s, rather than stay without answering', (_, error, words) => {
    vi.mocked(upstreams).mockImplementation(() => {
      throw error
    })
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    start()
    expect(exit).toHaveBeenCalledExactlyOnceWith(1)
    expect(write.mock.calls.flat().join('')).toMatch(words)
  })
})
