/** What Alertmanager says, in our words. Pure. */
import { z } from 'zod'
import type { HeldAlert, Silence } from '@/lib/alerts/held'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { wireAlert, wireSilence, wireStatus } from './schema'

export interface AlertmanagerStatus {
  version: string | null
  /** `ready`, `settling` or `disabled`: whether its replicas have found each other */
  cluster: string | null
  peers: number | null
}

/** Alerts that have not ended; broken ones are left out and counted. Throws UpstreamError('alertmanager', 'decode'). */
export function decodeAlerts(body: unknown): { alerts: HeldAlert[]; broken: number } {
  const list = listOf(body, 'alerts')
  const alerts = list.flatMap((one): HeldAlert[] => {
    const parsed = wireAlert.safeParse(one)
    if (!parsed.success) return []
    const { fingerprint, labels, annotations, startsAt, receivers, status } = parsed.data
    const state = status.state
    return [
      {
        fingerprint,
        labels,
        annotations: annotations ?? {},
        startsAt: instant(startsAt),
        receivers: (receivers ?? []).map(({ name }) => name).sort(),
        state: state === 'active' || state === 'suppressed' ? state : 'unprocessed',
        silencedBy: status.silencedBy ?? [],
        inhibitedBy: status.inhibitedBy ?? [],
        mutedBy: status.mutedBy ?? [],
      },
    ]
  })
  return { alerts, broken: list.length - alerts.length }
}

/** Silences that hold or will; those that ended are left out, broken ones too and counted. Throws UpstreamError('alertmanager', 'decode'). */
export function decodeSilences(body: unknown): { silences: Silence[]; broken: number } {
  let broken = 0
  const silences = listOf(body, 'silences').flatMap((one): Silence[] => {
    const parsed = wireSilence.safeParse(one)
    if (!parsed.success) {
      broken += 1
      return []
    }
    const { id, status, comment, createdBy, startsAt, endsAt, matchers } = parsed.data
    if (status.state !== 'active' && status.state !== 'pending') return []
    return [
      {
        id,
        state: status.state,
        comment: comment ?? '',
        createdBy: createdBy ?? '',
        startsAt: instant(startsAt),
        endsAt: instant(endsAt),
        matchers: (matchers ?? []).map(({ name, value, isRegex, isEqual }) => ({
          name,
          value,
          isRegex: isRegex ?? false,
          isEqual: isEqual ?? true,
        })),
      },
    ]
  })
  return { silences, broken }
}

/** Throws UpstreamError('alertmanager', 'decode'). */
export function decodeStatus(body: unknown): AlertmanagerStatus {
  const parsed = wireStatus.safeParse(body)
  if (!parsed.success) throw strange('its status', parsed.error)
  const { cluster, versionInfo } = parsed.data
  return {
    version: versionInfo?.version ?? null,
    cluster: cluster?.status ?? null,
    peers: cluster?.peers?.length ?? null,
  }
}

function listOf(body: unknown, what: string): unknown[] {
  const parsed = z.array(z.unknown()).safeParse(body)
  if (!parsed.success) throw strange(what, parsed.error)
  return parsed.data
}

function strange(what: string, cause: unknown): UpstreamError {
  return new UpstreamError('alertmanager', 'decode', `Alertmanager answered something else than ${what}`, {
    cause,
  })
}

/** Go's zero time means never. */
function instant(text: string | null | undefined): number | null {
  const at = text ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) || at <= 0 ? null : at
}
