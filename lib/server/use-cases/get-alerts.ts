import 'server-only'
import type { Alert, AlertList, AlertRule } from '@/lib/api/schemas/alerts'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import { alertId, compareAlerts, placeOf, summaryOf, targetsOf, type AlertTarget } from '@/lib/alerts/alerts'
import { nodeId } from '@/lib/mesh/identity'
import { indexInventories, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { appOf } from '@/lib/mesh/labels'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { AlertingRule } from '@/lib/prometheus/alerting-rules'
import { currentAccess } from '../session/access'
import { currentInventories, type Upstreams } from '../upstreams'
import { isInScope } from './config-scope'

/** Rules are evaluated every 15 s to a minute: one question serves all viewers meanwhile. */
const FRESH_MS = 10_000
const MOST_ALERTS = 500

/**
 * What Prometheus's alerting rules have found, firing or about to. Of some namespaces: what is about them. Alerts
 * are of now. Throws UpstreamError.
 */
export async function getAlerts(
  up: Upstreams,
  query: Pick<ScopeQuery, 'namespaces' | 'clusters'>,
): Promise<AlertList> {
  const at = up.clock.now()
  const rules = await readRules(up)
  if (rules === null) {
    return {
      at,
      notices: [
        {
          code: 'rules-not-served',
          message: 'This Prometheus-compatible API serves no rules, so alerts are not known here.',
          upstream: 'prometheus',
        },
      ],
      items: [],
      rules: [],
    }
  }
  const access = await currentAccess(up)
  const indexes = indexInventories(currentInventories(up.inventories))
  const { defaultCluster } = up.config
  const isAsked = ({ place }: Alert) => {
    if (query.namespaces.length === 0 && query.clusters.length === 0 && access.namespaces === null)
      return true
    return place !== null && isInScope(query, place.cluster, place.namespace)
  }
  const items = rules
    .flatMap((rule) =>
      rule.alerts.map((alert): Alert => ({
        id: alertId(ruleId(rule), alert.labels),
        name: rule.name,
        state: alert.state,
        severity: alert.labels.severity || null,
        summary: summaryOf(alert.annotations),
        labels: alert.labels,
        annotations: alert.annotations,
        since: alert.activeAt,
        value: alert.value !== null && Number.isFinite(alert.value) ? alert.value : null,
        rule: ruleId(rule),
        nodes: nodesOf(targetsOf(alert.labels, defaultCluster), indexes),
        place: placeOf(alert.labels, defaultCluster),
        silenced: null,
      })),
    )
    .filter(isAsked)
    .sort(compareAlerts)
  return {
    at,
    notices:
      items.length > MOST_ALERTS
        ? [
            {
              code: 'alerts-cut',
              message: `${items.length} alerts are active; the first ${MOST_ALERTS} are shown.`,
              upstream: 'prometheus',
            },
          ]
        : [],
    items: items.slice(0, MOST_ALERTS),
    rules: rules.map(ruleOf).sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

/** Null: the API has no such page (VictoriaMetrics without vmalert, Grafana Cloud's query path). Throws UpstreamError. */
export async function readRules(up: Upstreams): Promise<AlertingRule[] | null> {
  return up.memory.get('alerting rules', FRESH_MS, async () => {
    try {
      return await up.prometheus.alertingRules()
    } catch (error) {
      if (isUpstreamError(error) && error.status === 404) return null
      throw error
    }
  })
}

/** The same as long as name, group and expression are. */
export const ruleId = ({ group, name, labels, expression }: AlertingRule) =>
  // one name may be used for several thresholds of one group
  [group, name, labels.severity, hash(expression)].filter(Boolean).join('/')

function ruleOf(rule: AlertingRule): AlertRule {
  const states = rule.alerts.map(({ state }) => state)
  return {
    id: ruleId(rule),
    name: rule.name,
    group: rule.group,
    expression: rule.expression,
    forSeconds: rule.forSeconds,
    severity: rule.labels.severity || null,
    summary: summaryOf(rule.annotations),
    state: states.includes('firing') ? 'firing' : states.includes('pending') ? 'pending' : 'inactive',
    health: rule.health,
    lastError: rule.lastError,
    lastEvaluationAt: rule.lastEvaluationAt,
  }
}

/** What labels name, then the workloads behind it and their app: every graph type has a node that shows the alert. */
function nodesOf(targets: readonly AlertTarget[], indexes: ReadonlyMap<string, InventoryIndex>): string[] {
  const ids = new Set(targets.map((target) => nodeId(target)))
  const [main] = targets
  if (main) {
    const index = indexes.get(main.cluster)
    const workloads =
      main.kind === 'service'
        ? (index?.workloadsOfService.get(`${main.namespace}/${main.name}`) ?? [])
        : main.kind === 'workload'
          ? [index?.workloads.get(`${main.namespace}/${main.name}`)].filter((one) => one !== undefined)
          : []
    for (const workload of workloads) {
      const { cluster, namespace } = workload
      ids.add(nodeId({ cluster, namespace, kind: 'workload', name: workload.name }))
      const app = appOf({ ...workload.labels, ...workload.podLabels })
      if (app !== null) ids.add(nodeId({ cluster, namespace, kind: 'app', name: app }))
    }
    if (main.kind === 'workload') {
      for (const service of index?.servicesOfWorkload.get(`${main.namespace}/${main.name}`) ?? []) {
        ids.add(
          nodeId({
            cluster: main.cluster,
            namespace: service.namespace,
            kind: 'service',
            name: service.name,
          }),
        )
      }
    }
  }
  return [...ids]
}

/** FNV-1a: short, and the same everywhere. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return value.toString(36)
}
