import { describe, expect, it } from 'vitest'
import type { Notice } from '@/lib/api/schemas/common'
import { joinNotices, leftToSay } from './join-notices'

const down = (path: string, then: string): Notice => ({
  code: 'prometheus-unreachable',
  upstream: 'prometheus',
  message: `Nothing listens at http://127.0.0.1:9090${path} (connection refused). ${then}`,
})

describe('notices of one page', () => {
  it('name a cause once, with all that is missing for it', () => {
    const notices = [
      down('/api/v1/query', 'Traffic and health are missing.'),
      down('/api/v1/rules', 'Alerts are missing.'),
      down('/api/v1/query', 'Traffic and health are missing.'),
    ]
    expect(joinNotices(notices)).toEqual([
      'Nothing listens at http://127.0.0.1:9090/api/v1/query (connection refused). Traffic and health are missing. Alerts are missing.',
    ])
  })

  it('of a Prometheus that never answered say so once', () => {
    const silent: Notice = {
      code: 'prometheus-not-measured',
      upstream: 'prometheus',
      message: 'Prometheus does not answer: nothing listens there. Traffic is not known.',
    }
    expect(joinNotices([silent, down('/api/v1/rules', 'Alerts are missing.')])).toEqual([
      'Prometheus does not answer: nothing listens there. Traffic is not known. Alerts are missing.',
    ])
  })

  it('of one cause are told once, whatever they are about', () => {
    const gone = 'Kubernetes: nothing listens at http://api (connection refused).'
    const of = (code: string, then: string): Notice => ({
      code,
      upstream: 'kubernetes',
      message: `${gone} ${then}`,
    })
    const notices = [
      of('objects-outdated', 'The objects of cluster east may be out of date.'),
      of('kubernetes-unreachable', 'Recent changes are missing.'),
    ]
    expect(joinNotices(notices)).toEqual([
      `${gone} The objects of cluster east may be out of date. Recent changes are missing.`,
    ])
  })

  it('stay apart where another upstream fails, or in another way', () => {
    const jaeger = { ...down('/api', 'Traces are missing.'), upstream: 'jaeger' as const }
    const slow: Notice = {
      code: 'prometheus-timeout',
      upstream: 'prometheus',
      message: 'Prometheus did not answer within 30 s. Latency is missing.',
    }
    expect(joinNotices([down('/api', 'Traffic is missing.'), jaeger, slow])).toHaveLength(3)
  })

  it('of one sentence are told as they are, equal ones once', () => {
    const partial = (what: string): Notice => ({
      code: 'prometheus-partial',
      upstream: 'prometheus',
      message: `Prometheus says its answer is not complete: ${what}`,
    })
    expect(
      joinNotices([partial('one store is out.'), partial('another.'), partial('another.')]),
    ).toHaveLength(2)
    expect(
      joinNotices([
        { code: 'a', message: 'One. Two.' },
        { code: 'a', message: 'One. Three.' },
      ]),
    ).toEqual(['One. Two.', 'One. Three.'])
  })
})

describe('notices of a part of a page', () => {
  const above = [down('/api/v1/query', 'What is shown is the last that was measured.')]

  it('do not repeat what the page says', () => {
    expect(leftToSay(above, above)).toEqual([])
    expect(leftToSay([down('/api/v1/rules', 'What is shown is the last that was measured.')], above)).toEqual(
      [],
    )
  })

  it('say what is missing here, without the cause', () => {
    const here = down('/api/v1/query', 'When certificates end is not known.')
    expect(leftToSay([here], above).map(({ message }) => message)).toEqual([
      'When certificates end is not known.',
    ])
    const silent = { ...down('', ''), code: 'prometheus-not-measured' }
    expect(leftToSay([here], [silent])).toHaveLength(1)
    expect(leftToSay([here], [silent])[0]?.message).toBe('When certificates end is not known.')
  })

  it('stay whole where something else fails, or nothing was said', () => {
    const jaeger = { ...down('/api', 'Traces are missing.'), upstream: 'jaeger' as const }
    const slow = { ...down('/api', 'Latency is missing.'), code: 'prometheus-timeout' }
    expect(leftToSay([jaeger, slow], above)).toEqual([jaeger, slow])
    expect(leftToSay(above, [])).toEqual(above)
  })
})
