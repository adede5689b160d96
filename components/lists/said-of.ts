/** What checks and alerts say of rows. Pure. */
import { markAlerts, type AlertMark } from '@/lib/alerts/marks'
import { isPartial } from '@/lib/api/notice-codes'
import type { FindingCounts } from '@/lib/api/schemas/common'
import type { LiveFinding, LiveFindingList } from '@/lib/api/schemas/config/analyze'
import type { AlertList } from '@/lib/api/schemas/telemetry/alerts'

const NONE: FindingCounts = { error: 0, warning: 0, info: 0 }
const NO_ALERTS: AlertMark = { firing: 0, pending: 0 }
const SERVICE_KINDS = new Set(['Service', 'ServiceEntry'])

/** Joined to rows by place; null where it is not known. */
export interface Said {
  findings: (row: {
    cluster: string
    namespace: string
    kind: string
    name: string
    members?: readonly string[]
  }) => FindingCounts | null
  alerts: (id: string) => AlertMark | null
  alertsIn: (cluster: string, namespace: string) => AlertMark | null
}

/** What the answers say of each row; an answer that is not there says nothing. */
export function saidOf(
  findings: Pick<LiveFindingList, 'items' | 'notices'> | undefined,
  alerts: Pick<AlertList, 'items' | 'notices' | 'rulesState'> | undefined,
): Said {
  const known = findings && !findings.notices.some(({ code }) => code.startsWith('kubernetes-'))
  const found = known ? countFindings(findings.items) : null
  // none listed is not none then
  const noFindings = isPartial(findings?.notices) ? null : NONE
  const rung = alerts ? markAlerts(alerts.items) : null
  const noAlerts = alerts?.rulesState === 'read' && !isPartial(alerts.notices) ? NO_ALERTS : null
  return {
    findings({ cluster, namespace, kind, name, members = [] }) {
      if (!found) return null
      if (kind !== 'app') return found.get(`${cluster}/${namespace}/${kind}/${name}`) ?? noFindings
      const own = members.flatMap((id) => found.get(id) ?? [])
      return own.length === 0 ? noFindings : own.reduce(added, NONE)
    },
    alerts: (id) => rung?.get(id) ?? (rung && noAlerts),
    alertsIn: (cluster, namespace) => rung?.get(`${cluster}/${namespace}`) ?? (rung && noAlerts),
  }
}

/** By node id: objects that are workloads or services themselves. */
function countFindings(items: readonly LiveFinding[]): Map<string, FindingCounts> {
  const counts = new Map<string, FindingCounts>()
  for (const { cluster, ref, severity } of items) {
    const kind = SERVICE_KINDS.has(ref.kind) ? 'service' : 'workload'
    const id = `${cluster}/${ref.namespace}/${kind}/${ref.name}`
    if (kind === 'workload' && !WORKLOAD_KINDS.has(ref.kind)) continue
    const sum = counts.get(id) ?? NONE
    counts.set(id, { ...sum, [severity]: sum[severity] + 1 })
  }
  return counts
}

const WORKLOAD_KINDS = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Rollout',
])

function added(a: FindingCounts, b: FindingCounts): FindingCounts {
  return { error: a.error + b.error, warning: a.warning + b.warning, info: a.info + b.info }
}
