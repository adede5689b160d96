/** An Alertmanager that is told what the embedded Prometheus's rules find: routes, silences, inhibition. */
import { createHash } from 'node:crypto'
import type { Alert, Rules } from '@/lib/demo/prometheus/rules'
import { CONFIG, EXTERNAL_LABELS, INHIBITIONS, RECEIVERS, receiversOf } from './config'
import { holds, isMatched, type Labels, type Matcher } from './matchers'

/** Prometheus tells anew this often; what it no longer tells has ended after four times as long. */
const RESEND_MS = 60_000

export interface SilenceSpec {
  matchers: Matcher[]
  startsAt: number
  endsAt: number
  createdBy: string
  comment: string
}

export interface StoredSilence extends SilenceSpec {
  id: string
  updatedAt: number
}

export interface Told {
  fingerprint: string
  labels: Labels
  annotations: Labels
  startsAt: number
  receivers: string[]
  silencedBy: string[]
  inhibitedBy: string[]
}

export interface Alertmanager {
  readonly startedAt: number
  readonly config: string
  readonly receivers: readonly string[]
  now(): number
  alerts(): Told[]
  silences(): StoredSilence[]
  /** Answers the id; throws a RangeError naming what is wrong with it. */
  silence(spec: SilenceSpec, id?: string): string
  /** Ends a silence; false when there is none. */
  expire(id: string): boolean
}

export const RESEND_AFTER_MS = RESEND_MS

export function createAlertmanager(options: { rules: Rules; now: () => number }): Alertmanager {
  const { rules, now } = options
  const startedAt = now()
  const kept = new Map<string, StoredSilence>()
  let made = 0

  function put(spec: SilenceSpec, id?: string): string {
    if (spec.matchers.length === 0) throw new RangeError('a silence needs a matcher')
    if (!(spec.endsAt > spec.startsAt)) throw new RangeError('start time must be before end time')
    const key = id !== undefined && kept.has(id) ? id : uuid(`${++made} ${startedAt}`)
    kept.set(key, { ...spec, id: key, updatedAt: now() })
    return key
  }

  put({
    matchers: [
      { name: 'alertname', value: 'MeshServiceSlow', isRegex: false, isEqual: true },
      { name: 'destination_service_name', value: 'productpage', isRegex: false, isEqual: true },
    ],
    startsAt: startedAt,
    endsAt: startedAt + 30 * 3_600_000,
    createdBy: 'mira@bookinfo.example',
    comment: 'Its cache moves to the new nodes until tomorrow; slow pages are expected.',
  })

  return {
    startedAt,
    config: CONFIG,
    receivers: RECEIVERS,
    now,
    alerts() {
      const firing = rules.groups.flatMap((group) =>
        group.rules.flatMap((rule) => rule.alerts.filter(({ state }) => state === 'firing')),
      )
      const told = firing.map(toldOf)
      const active = [...kept.values()].filter(({ startsAt, endsAt }) => startsAt <= now() && now() < endsAt)
      for (const alert of told) {
        alert.silencedBy = active.filter(({ matchers }) => holds(matchers, alert.labels)).map(({ id }) => id)
        alert.inhibitedBy = told
          .filter((source) => INHIBITIONS.some((rule) => isInhibited(rule, source, alert)))
          .map(({ fingerprint }) => fingerprint)
      }
      return told.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
    },
    silences: () => [...kept.values()],
    silence: put,
    expire(id) {
      const known = kept.get(id)
      if (!known) return false
      const at = now()
      kept.set(id, { ...known, endsAt: Math.min(known.endsAt, at), updatedAt: at })
      return true
    },
  }
}

function toldOf(alert: Alert): Told {
  const labels = { ...alert.labels, ...EXTERNAL_LABELS }
  return {
    fingerprint: digest(JSON.stringify(Object.entries(labels).sort())).slice(0, 16),
    labels,
    annotations: alert.annotations,
    startsAt: alert.activeAtMs,
    receivers: receiversOf(labels),
    silencedBy: [],
    inhibitedBy: [],
  }
}

/** A label that both lack is equal, as in Alertmanager; nothing inhibits itself. */
function isInhibited(rule: (typeof INHIBITIONS)[number], source: Told, target: Told): boolean {
  return (
    source !== target &&
    isMatched(rule.source, source.labels) &&
    isMatched(rule.target, target.labels) &&
    rule.equal.every((label) => (source.labels[label] ?? '') === (target.labels[label] ?? ''))
  )
}

function uuid(text: string): string {
  const hex = digest(text)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}

const digest = (text: string) => createHash('sha1').update(text).digest('hex')
