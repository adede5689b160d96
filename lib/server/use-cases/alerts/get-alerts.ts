import 'server-only'
import { alertId, compareAlerts, placeOf, summaryOf, targetsOf } from '@/lib/alerts/alerts'
import { joinHeld, matcherText, type Handling, type HeldAlert, type Silence } from '@/lib/alerts/held'
import type { Alert, AlertList, SilenceView } from '@/lib/api/schemas/telemetry/alerts'
import type { Notice } from '@/lib/api/schemas/common'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import { indexInventories, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import type { AlertingRule } from '@/lib/prometheus/alerting-rules'
import { readHeld, type Held } from '../../alerts/held'
import { nodesOfAlert } from '../../alerts/nodes-of-alert'
import { readRules, ruleId, ruleOf } from '../../alerts/rules'
import { within } from '../../clock'
import { noticeOf } from '../../errors'
import { currentAccess, hiddenIn, isVisible, withLeftOut, type Access } from '../../session/access'
import { currentInventories, type Upstreams } from '../../upstreams'
import { isInScope } from '../config-scope'

const MOST_ALERTS = 500
const MOST_RULES = 1_000
const MOST_SILENCES = 200

/**
 * What Prometheus's alerting rules have found, firing or about to, with what Alertmanager makes of it, and what only
 * Alertmanager knows. Of some namespaces: what is about them. Alerts are of now. `patienceMs`: how long the rules are
 * waited for; without them for longer, what Alertmanager tells stands. Throws UpstreamError when neither answers.
 */
export async function getAlerts(
  up: Upstreams,
  query: Pick<ScopeQuery, 'namespaces' | 'clusters'>,
  patienceMs = Infinity,
): Promise<AlertList> {
  const at = up.clock.now()
  const [found, held, access] = await Promise.all([
    readFound(up, patienceMs),
    readHeld(up),
    currentAccess(up),
  ])
  if (found.failure && held.alerts === null) throw found.failure
  const notices = withLeftOut(access, [...found.notices, ...held.notices])
  const indexes = indexInventories(currentInventories(up.inventories))
  const { defaultCluster } = up.config
  const isWhole = query.namespaces.length === 0 && query.clusters.length === 0 && access.namespaces === null
  const isAsked = ({ place }: Alert) =>
    isWhole || (place !== null && isInScope(query, place.cluster, place.namespace))
  const rules = found.rules
    .map((rule) => seenBy(access, rule, defaultCluster))
    .filter((rule) => isRuleSeen(up, access, rule))
  const items = joined(rules, held, indexes, defaultCluster).filter(isAsked).sort(compareAlerts)
  if (items.length > MOST_ALERTS) {
    notices.push({
      code: 'alerts-cut',
      message: `${items.length} alerts are active; the first ${MOST_ALERTS} are shown.`,
    })
  }
  if (rules.length > MOST_RULES) {
    notices.push({
      code: 'rules-cut',
      message: `There are ${rules.length} alerting rules; ${MOST_RULES} are listed, those that found something first.`,
    })
  }
  return {
    at,
    notices,
    items: items.slice(0, MOST_ALERTS),
    rules: listed(rules),
    ruleCount: rules.length,
    rulesState: found.state,
    alertmanager:
      up.config.alertmanager === null
        ? { state: 'absent', url: null }
        : {
            state: held.alerts === null ? 'failing' : 'answering',
            url: up.config.alertmanager.publicUrl,
          },
    // a silence's words are about what it silences: those who see a part of the mesh see theirs
    silences: held.silences && silencesOf(held.silences, items, isWhole),
  }
}

/** Every open page asks for them again and again: of thousands those that found something, then those that stay quiet. */
function listed(rules: readonly AlertingRule[]): AlertList['rules'] {
  return rules
    .map(ruleOf)
    .sort((a, b) => Number(a.state === 'inactive') - Number(b.state === 'inactive') || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_RULES)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/**
 * Rules are about the whole mesh, but for those that name a namespace the reader may not see and have found nothing
 * of what they may. `rule` with the alerts they may see.
 */
export function isRuleSeen(up: Upstreams, access: Access, rule: AlertingRule): boolean {
  if (access.namespaces === null || rule.alerts.length > 0) return true
  const hidden = up.inventories.map(({ cluster }) => hiddenIn(up, access, cluster))
  const texts = [
    rule.name,
    rule.group,
    rule.expression,
    rule.lastError ?? '',
    ...Object.values(rule.annotations),
  ]
  const words = new Set(texts.flatMap((text) => text.toLowerCase().match(/[a-z0-9-]+/g) ?? []))
  return ![...words].some((word) => hidden.some((isHidden) => isHidden(word)))
}

/** What rules have found is not of the whole mesh: whether one fires elsewhere is told to nobody. */
export function seenBy(access: Access, rule: AlertingRule, defaultCluster: string): AlertingRule {
  if (access.namespaces === null) return rule
  const alerts = rule.alerts.filter(({ labels }) => {
    const place = placeOf(labels, defaultCluster)
    return place !== null && isVisible(access, place.cluster, place.namespace)
  })
  return { ...rule, alerts }
}

interface Found {
  rules: AlertingRule[]
  state: AlertList['rulesState']
  notices: Notice[]
  failure: Error | null
}

async function readFound(up: Upstreams, patienceMs: number): Promise<Found> {
  try {
    const reading = readRules(up)
    const rules = await (patienceMs === Infinity ? reading : within(up.clock, patienceMs, reading))
    if (rules === undefined) {
      const waited = `no answer about its rules for ${patienceMs / 1000} s; it is still asked`
      throw new UpstreamError('prometheus', 'timeout', waited)
    }
    if (rules !== null) return { rules, state: 'read', notices: [], failure: null }
    const message =
      'This Prometheus-compatible API shows Heddle no rules, so those it evaluates are not known here.' +
      (up.alertmanager ? '' : ' What fires is read from Alertmanager where ALERTMANAGER_URL names one.')
    return {
      rules: [],
      state: 'not-served',
      notices: [{ code: 'rules-not-served', message, upstream: 'prometheus' }],
      failure: null,
    }
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return {
      rules: [],
      state: 'failing',
      notices: [noticeOf(error, 'These are the alerts Alertmanager holds; pending ones are not known.')],
      failure: error,
    }
  }
}

function joined(
  rules: readonly AlertingRule[],
  held: Held,
  indexes: ReadonlyMap<string, InventoryIndex>,
  defaultCluster: string,
): Alert[] {
  const about = (labels: Readonly<Record<string, string>>) => ({
    severity: labels.severity || null,
    labels: { ...labels },
    nodes: nodesOfAlert(targetsOf(labels, defaultCluster), indexes),
    place: placeOf(labels, defaultCluster),
  })
  const found = rules.flatMap((rule) =>
    rule.alerts.map((alert): Alert => ({
      id: alertId(ruleId(rule), alert.labels),
      name: rule.name,
      state: alert.state,
      summary: summaryOf(alert.annotations),
      annotations: { ...alert.annotations },
      since: alert.activeAt,
      value: alert.value !== null && Number.isFinite(alert.value) ? alert.value : null,
      rule: ruleId(rule),
      ...about(alert.labels),
      silenced: null,
      handling: null,
    })),
  )
  if (held.alerts === null) return found
  const { handling, left } = joinHeld(
    found.filter(({ state }) => state === 'firing'),
    held.alerts,
  )
  return [
    ...found.map((alert) => withHandling(alert, handling.get(alert.id) ?? null)),
    ...left.map((one) => withHandling({ ...heldAlone(one.alert), ...about(one.alert.labels) }, one.handling)),
  ]
}

/** Another Prometheus sent it, or the rule that did no longer finds it. */
function heldAlone(alert: HeldAlert): Omit<Alert, 'severity' | 'labels' | 'nodes' | 'place'> {
  return {
    id: `alertmanager/${alert.fingerprint}`,
    name: alert.labels.alertname ?? 'Alert without a name',
    state: 'firing',
    summary: summaryOf(alert.annotations),
    annotations: { ...alert.annotations },
    since: alert.startsAt,
    value: null,
    rule: null,
    silenced: null,
    handling: null,
  }
}

function withHandling(alert: Alert, handling: Handling | null): Alert {
  // pending alerts are not sent yet, and one that just began to fire is on its way
  if (!handling) return { ...alert, silenced: false }
  return { ...alert, handling, silenced: handling.state === 'suppressed' }
}

function silencesOf(silences: readonly Silence[], items: readonly Alert[], isWhole: boolean): SilenceView[] {
  return silences
    .map(({ matchers, ...silence }): SilenceView => {
      const alerts = items.filter(({ handling }) => handling?.silencedBy.includes(silence.id)).length
      return { ...silence, matchers: matchers.map(matcherText), alerts }
    })
    .filter(({ alerts }) => isWhole || alerts > 0)
    .sort((a, b) => b.alerts - a.alerts || (a.endsAt ?? 0) - (b.endsAt ?? 0) || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_SILENCES)
}
