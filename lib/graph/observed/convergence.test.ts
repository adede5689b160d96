import { describe, expect, it } from 'vitest'
import { judgeWatch, type Watched } from './convergence'

type Parts = Partial<Omit<Watched, 'backends'>> & { requests?: number[]; configured?: number[] }

function watched({ requests = [50, 50], configured = [0.5, 0.5], ...rest }: Parts = {}): Watched {
  return {
    backends: configured.map((configuredShare, at) => ({
      name: `v${at + 1}`,
      configuredShare,
      requests: requests[at] ?? 0,
      pods: { ready: 1, total: 1 },
      isSubsetDefined: true,
    })),
    callers: [],
    elsewhere: 0,
    shadow: null,
    isShared: false,
    elapsedSeconds: 300,
    windowSeconds: 60,
    unit: 'requests',
    ...rest,
  }
}

describe('judgeWatch', () => {
  it.each<[string, Parts, string, string, RegExp]>([
    [
      'at the weights',
      { requests: [498, 502] },
      'converged',
      'converged',
      /at the configured ones \(1000 requests in the last 1 min\)/,
    ],
    // Wilson at 99 % of 60 in 100: 0.47 to 0.72
    ['within what chance does', { requests: [60, 40] }, 'converged', 'converged', /./],
    ['close, though many tell it apart', { requests: [515_000, 485_000] }, 'converged', 'converged', /./],
    [
      'with the requests of other rules',
      { requests: [49, 51], isShared: true },
      'converged',
      'converged',
      /Other rules/,
    ],
    ['all to one', { requests: [100, 0], configured: [1, 0] }, 'converged', 'converged', /./],
    ['no traffic', { requests: [0, 0] }, 'waiting', 'no-traffic', /No requests came in the last 1 min/],
    [
      'figures from before',
      { requests: [90, 10], elapsedSeconds: 20 },
      'waiting',
      'measuring',
      /in 40 s they will be of after it alone/,
    ],
    [
      'too few to tell',
      { requests: [15, 2] },
      'waiting',
      'few-requests',
      /17 requests in the last 1 min, 13 more are needed/,
    ],
    ['on its way', { requests: [80, 20], elapsedSeconds: 70 }, 'waiting', 'following', /on their way/],
    ['away for long', { requests: [90, 10] }, 'stuck', 'apart', /stay away/],
    [
      'away, and other rules in it',
      { requests: [90, 10], isShared: true },
      'stuck',
      'other-rules',
      /does not tell them apart/,
    ],
    [
      'another route wins',
      { shadow: 'Rule 1 of VirtualService a/b stands before it.' },
      'stuck',
      'other-route',
      /Rule 1 .* These weights move nothing/,
    ],
    ['no weight at all', { configured: [0, 0] }, 'stuck', 'no-weight', /every request is refused/],
    [
      'nobody answers',
      { requests: [45, 45], configured: [0.9, 0.1], elsewhere: 30 },
      'stuck',
      'unanswered',
      /25 % of the requests reach none/,
    ],
    [
      'one proxy does not follow',
      {
        requests: [140, 60],
        callers: [
          { name: 'shop/a', requests: [50, 50] },
          { name: 'shop/b', requests: [90, 10] },
        ],
      },
      'stuck',
      'proxies-behind',
      /shop\/b still split otherwise while shop\/a follow/,
    ],
    [
      'no proxy follows',
      {
        requests: [180, 20],
        callers: [
          { name: 'shop/a', requests: [90, 10] },
          { name: 'shop/b', requests: [90, 10] },
        ],
      },
      'stuck',
      'proxies-behind',
      /shop\/a, shop\/b do not follow/,
    ],
    [
      'a caller that sends little proves nothing',
      { requests: [97, 13], elapsedSeconds: 70, callers: [{ name: 'shop/a', requests: [7, 3] }] },
      'waiting',
      'following',
      /./,
    ],
  ])('%s', (_name, parts, status, code, message) => {
    const verdict = judgeWatch(watched(parts))
    expect([verdict.status, verdict.code]).toEqual([status, code])
    expect(verdict.message).toMatch(message)
  })

  const withBackend = (change: Partial<Watched['backends'][number]>): Watched => {
    const all = watched({ requests: [0, 0] })
    return { ...all, backends: all.backends.map((one, at) => (at === 1 ? { ...one, ...change } : one)) }
  }

  it.each<[string, Partial<Watched['backends'][number]>, string, RegExp]>([
    [
      'a subset that is not defined',
      { isSubsetDefined: false },
      'subset-missing',
      /defines the subset v2: its 50 % fail/,
    ],
    ['no pods', { pods: { ready: 0, total: 0 } }, 'no-ready-pods', /v2 has no pods/],
    ['no ready pods', { pods: { ready: 0, total: 3 } }, 'no-ready-pods', /none of 3 pods ready/],
    [
      'neither matters without weight',
      { pods: { ready: 0, total: 0 }, configuredShare: 0 },
      'no-traffic',
      /./,
    ],
    ['hosts outside have no pods', { pods: null, isSubsetDefined: null }, 'no-traffic', /./],
  ])('%s', (_name, change, code, message) => {
    const verdict = judgeWatch(withBackend(change))
    expect(verdict.code).toBe(code)
    expect(verdict.message).toMatch(message)
  })
})
