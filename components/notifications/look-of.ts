/** Answers of the API as a look that news is made of. Pure. */
import { alertTone } from '@/components/alerts/alert-words'
import { UPSTREAM_NAMES } from '@/components/ui/messages/upstream-names'
import { isUnmeasured, LATENCY_PENDING } from '@/lib/api/notice-codes'
import { pagePaths } from '@/lib/api/paths'
import type { AlertList } from '@/lib/api/schemas/telemetry/alerts'
import type { ChangeList, ChangeSummary } from '@/lib/api/schemas/config/changes'
import type { IncidentList } from '@/lib/api/schemas/mesh/incidents'
import type { HealthSummary, Status } from '@/lib/api/schemas/status'
import { parseNodeId } from '@/lib/mesh/identity'
import type { Look } from './news'

/** Parts that have not been answered are not known. */
export function lookOf({
  alerts,
  incidents,
  health,
  changes,
  status,
}: {
  alerts: AlertList | undefined
  incidents: IncidentList | undefined
  health: HealthSummary | undefined
  changes: ChangeList | undefined
  status: Status | undefined
}): Look {
  const isPending = incidents?.notices.some(({ code }) => code === LATENCY_PENDING) ?? false
  // of a storm the worst are listed: what comes up among them need not be new
  const isCut = incidents !== undefined && incidents.items.length < incidents.total
  // what nobody measures any more is not over
  const answeredIncidents = isPending || isCut || isUnmeasured(incidents?.notices) ? undefined : incidents
  return {
    // without its rules Alertmanager tells of the same alerts, as others
    alerts:
      (alerts?.rulesState === 'failing' ? undefined : alerts)?.items
        .filter(({ state }) => state === 'firing')
        .map((alert) => ({
          id: alert.id,
          title: alert.summary ?? alert.name,
          isBad: alertTone(alert) === 'failing',
          href: pagePaths.alerts({ open: alert.id }),
          since: alert.since,
          silenced: alert.silenced,
          isHeldAlone: alert.rule === null,
        })) ?? null,
    isAlertmanagerAway: alerts?.alertmanager.state === 'failing',
    // without latency nothing is slow, and with it all that is would look new
    incidents:
      answeredIncidents?.items.map(({ id, headline, status }) => ({
        id,
        title: headline,
        isFailing: status === 'failing',
        href: pagePaths.overview(),
      })) ?? null,
    failing:
      (isUnmeasured(health?.notices) ? undefined : health)?.items
        .filter((item) => item.health.status === 'failing')
        .map(({ id }) => ({
          id,
          name: parseNodeId(id)?.name ?? id,
          href: pagePaths.graph({ selected: id }),
        })) ?? null,
    changes: changes?.items.filter(({ status }) => status !== 'pending').map(changeOf) ?? null,
    upstreams:
      status?.upstreams
        .filter(({ configured }) => configured)
        .map(({ name, reachable, error }) => ({
          name: UPSTREAM_NAMES[name],
          isReachable: reachable,
          error,
        })) ?? null,
  }
}

function changeOf({ id, at, author, status, reverts, objects }: ChangeSummary) {
  const [first] = objects
  const what = first
    ? `${first.ref.kind} ${first.ref.namespace ? `${first.ref.namespace}/` : ''}${first.ref.name}${objects.length > 1 ? ` and ${objects.length - 1} more` : ''}`
    : 'nothing'
  const verb = status === 'failed' ? 'Could not change' : reverts === null ? 'Changed' : 'Reverted'
  return {
    // what was under way and is done is news
    id: `${id} ${status}`,
    title: `${verb} ${what}`,
    text: author === null ? null : `by ${author}`,
    isFailed: status === 'failed',
    href: pagePaths.change(id),
    at,
  }
}
