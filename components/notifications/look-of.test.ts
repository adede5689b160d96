import { describe, expect, it } from 'vitest'
import type { Alert, AlertList } from '@/lib/api/schemas/telemetry/alerts'
import { lookOf } from './look-of'

const NOTHING = {
  alerts: undefined,
  incidents: undefined,
  health: undefined,
  changes: undefined,
  status: undefined,
}
const alert: Alert = {
  id: 'mesh/Slow{}',
  name: 'Slow',
  state: 'firing',
  severity: 'page',
  summary: null,
  labels: {},
  annotations: {},
  since: 5,
  value: 1,
  rule: 'mesh/Slow',
  nodes: [],
  place: null,
  silenced: null,
  handling: null,
}
const list: AlertList = {
  at: 0,
  notices: [],
  items: [alert],
  rules: [],
  ruleCount: 0,
  rulesState: 'read',
  alertmanager: { state: 'answering', url: null },
  silences: null,
}

describe('what is looked at for news', () => {
  it('is not known before it is answered', () => {
    expect(lookOf(NOTHING)).toEqual({
      alerts: null,
      isAlertmanagerAway: false,
      incidents: null,
      failing: null,
      changes: null,
      upstreams: null,
    })
  })

  it('are no incidents where a storm has more than are listed: what comes up among those need not be new', () => {
    const incidents = (total: number) => ({
      at: 0,
      windowSeconds: 120,
      notices: [],
      measured: 9,
      items: [],
      total,
    })
    expect(lookOf({ ...NOTHING, incidents: incidents(0) }).incidents).toEqual([])
    expect(lookOf({ ...NOTHING, incidents: incidents(150) }).incidents).toBeNull()
  })

  it('are no incidents and no failing nodes while nothing is measured: what is not seen is not over', () => {
    const notices = [{ code: 'prometheus-not-measured', message: '', upstream: 'prometheus' as const }]
    const answer = { at: 0, windowSeconds: 120, items: [] }
    const counts = { failing: 0, degraded: 0, healthy: 0, idle: 0, unknown: 0 }
    const incidents = { ...answer, notices, measured: 0, total: 0 }
    expect(lookOf({ ...NOTHING, incidents, health: { ...answer, counts, notices } })).toMatchObject({
      incidents: null,
      failing: null,
    })
    expect(lookOf({ ...NOTHING, health: { ...answer, counts, notices: [] } }).failing).toEqual([])
  })

  it('are alerts that fire, with who tells of them', () => {
    const items = [alert, { ...alert, id: 'p', state: 'pending' as const }, { ...alert, id: 'h', rule: null }]
    const look = lookOf({
      ...NOTHING,
      alerts: { ...list, items, alertmanager: { state: 'failing', url: null } },
    })
    expect(look).toMatchObject({
      alerts: [
        { title: 'Slow', isBad: true, isHeldAlone: false },
        { id: 'h', isHeldAlone: true },
      ],
      isAlertmanagerAway: true,
    })
  })

  it('are no alerts while Prometheus does not tell its own: Alertmanager’s are the same under other names', () => {
    const held = { ...alert, id: 'alertmanager/1', rule: null }
    expect(
      lookOf({ ...NOTHING, alerts: { ...list, items: [held], rulesState: 'failing' } }).alerts,
    ).toBeNull()
    const served = lookOf({ ...NOTHING, alerts: { ...list, items: [held], rulesState: 'not-served' } })
    expect(served.alerts).toHaveLength(1)
  })
})
