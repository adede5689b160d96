import { describe, expect, it } from 'vitest'
import { decodeAlerts, decodeSilences, decodeStatus } from './decode'

const alert = {
  annotations: { summary: 'slow' },
  endsAt: '2026-08-20T12:05:00.000Z',
  fingerprint: 'f1',
  receivers: [{ name: 'pager' }, { name: 'chat' }],
  startsAt: '2026-08-20T12:00:00.000Z',
  status: { inhibitedBy: [], silencedBy: ['s1'], mutedBy: [], state: 'suppressed' },
  updatedAt: '2026-08-20T12:01:00.000Z',
  generatorURL: 'http://prometheus/graph',
  labels: { alertname: 'Slow' },
}

describe('what Alertmanager answers', () => {
  it('is read', () => {
    expect(decodeAlerts([alert])).toEqual({
      broken: 0,
      alerts: [
        expect.objectContaining({
          fingerprint: 'f1',
          state: 'suppressed',
          receivers: ['chat', 'pager'],
          silencedBy: ['s1'],
          startsAt: Date.UTC(2026, 7, 20, 12),
        }),
      ],
    })
  })

  it('may hold broken alerts, old shapes and states of the future', () => {
    const old = { fingerprint: 'f2', labels: {}, status: { state: 'sleeping' } }
    const { alerts, broken } = decodeAlerts([{ fingerprint: 3 }, null, old])
    expect(broken).toBe(2)
    expect(alerts).toMatchObject([{ state: 'unprocessed', receivers: [], startsAt: null }])
  })

  it('leaves out silences that ended', () => {
    const silence = {
      id: 's1',
      status: { state: 'active' },
      comment: 'known',
      createdBy: 'ada',
      startsAt: '2026-08-20T12:00:00Z',
      endsAt: '2026-08-20T13:00:00Z',
      matchers: [{ name: 'alertname', value: 'Slow', isRegex: false }],
    }
    expect(decodeSilences([silence, { ...silence, status: { state: 'expired' } }])).toMatchObject({
      silences: [
        { id: 's1', createdBy: 'ada', matchers: [{ isEqual: true }], endsAt: Date.UTC(2026, 7, 20, 13) },
      ],
      broken: 0,
    })
    // one that cannot be read may be the one that holds
    expect(decodeSilences([silence, { id: 's2' }, 'nonsense'])).toMatchObject({
      silences: [{ id: 's1' }],
      broken: 2,
    })
  })

  it('tells its version and cluster', () => {
    const status = {
      cluster: { status: 'ready', peers: [{}, {}] },
      versionInfo: { version: '0.27.0' },
      uptime: '',
    }
    expect(decodeStatus(status)).toEqual({ version: '0.27.0', cluster: 'ready', peers: 2 })
    expect(decodeStatus({})).toEqual({ version: null, cluster: null, peers: null })
  })

  it.each([[null], ['404'], [{ status: 'success', data: [] }], [42]])('is an error as %j', (body) => {
    expect(() => decodeAlerts(body)).toThrow(expect.objectContaining({ upstream: 'alertmanager' }))
    expect(() => decodeSilences(body)).toThrow(expect.objectContaining({ kind: 'decode' }))
  })
})
