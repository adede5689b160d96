'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { markAlerts, type AlertMark } from '@/lib/alerts/marks'
import type { Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { LiveFinding } from '@/lib/api/schemas/config/analyze'
import type { FindingCounts } from '@/lib/api/schemas/common'

const NONE: FindingCounts = { error: 0, warning: 0, info: 0 }
const NO_ALERTS: AlertMark = { firing: 0, pending: 0 }
const SERVICE_KINDS = new Set(['Service', 'ServiceEntry'])

/** What checks and alerts say of rows, joined to them by place; null where it is not known. */
export interface SaidOf {
  findings: (row: {
    cluster: string
    namespace: string
    kind: string
    name: string
    members?: readonly string[]
  }) => FindingCounts | null
  alerts: (id: string) => AlertMark | null
  alertsIn: (cluster: string, namespace: string) => AlertMark | null
  /** true where the rows were there first: their columns do not come, nor go, under a reader's eyes */
  keeps: { alerts: boolean; findings: boolean }
}

/** Findings and alerts of a scope, asked once beside the list; the list does not wait for them. */
export function useSaidOf(scope: Scope, hasRows: boolean): SaidOf {
  const refetchInterval = useRefreshInterval()
  const isOfNow = scope.at == null
  const { data: findings, isPending } = useQuery({ ...queries.findings(scope), refetchInterval })
  const asked = useQuery({ ...queries.alerts(scope), refetchInterval, enabled: isOfNow })
  const alerts = asked.data
  const keeps = useKept(hasRows, { alerts: isOfNow && asked.isPending, findings: isPending })
  return useMemo(() => {
    const known = findings && !findings.notices.some(({ code }) => code.startsWith('kubernetes-'))
    const found = known ? countFindings(findings.items) : null
    // where checks may not see all they look at, or the rules were not read, none found is not none
    const noFindings = findings?.notices.some(({ code }) => code === 'kinds-forbidden') ? null : NONE
    const rung = alerts && scope.at == null ? markAlerts(alerts.items) : null
    const noAlerts = alerts?.rulesState === 'read' ? NO_ALERTS : null
    return {
      keeps,
      findings({ cluster, namespace, kind, name, members = [] }) {
        if (!found) return null
        if (kind !== 'app') return found.get(`${cluster}/${namespace}/${kind}/${name}`) ?? noFindings
        const own = members.flatMap((id) => found.get(id) ?? [])
        return own.length === 0 ? noFindings : own.reduce(added, NONE)
      },
      alerts: (id) => rung?.get(id) ?? (rung && noAlerts),
      alertsIn: (cluster, namespace) => rung?.get(`${cluster}/${namespace}`) ?? (rung && noAlerts),
    }
  }, [findings, alerts, scope.at, keeps])
}

/** What was still awaited when the first rows were drawn, and so had its place kept: it keeps it for the visit. */
function useKept(hasRows: boolean, isAwaited: SaidOf['keeps']): SaidOf['keeps'] {
  const [kept, setKept] = useState<SaidOf['keeps'] | null>(null)
  // without rows nobody looks yet
  if (hasRows && kept === null) setKept(isAwaited)
  return kept ?? isAwaited
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
