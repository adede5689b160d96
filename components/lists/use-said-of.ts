'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import type { Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { saidOf, type Said } from './said-of'

export interface SaidOf extends Said {
  /** true where the rows were there first: their columns do not come, nor go, under a reader's eyes */
  keeps: { alerts: boolean; findings: boolean }
}

/** Findings and alerts of a scope, asked once beside the list; the list does not wait for them. */
export function useSaidOf(scope: Scope, hasRows: boolean): SaidOf {
  const refetchInterval = useRefreshInterval()
  const isOfNow = scope.at == null
  const { data: findings, isPending } = useQuery({ ...queries.findings(scope), refetchInterval })
  const asked = useQuery({ ...queries.alerts(scope), refetchInterval, enabled: isOfNow })
  const alerts = isOfNow ? asked.data : undefined
  const keeps = useKept(hasRows, { alerts: isOfNow && asked.isPending, findings: isPending })
  return useMemo(() => ({ ...saidOf(findings, alerts), keeps }), [findings, alerts, keeps])
}

/** What was still awaited when the first rows were drawn, and so had its place kept: it keeps it for the visit. */
function useKept(hasRows: boolean, isAwaited: SaidOf['keeps']): SaidOf['keeps'] {
  const [kept, setKept] = useState<SaidOf['keeps'] | null>(null)
  // without rows nobody looks yet
  if (hasRows && kept === null) setKept(isAwaited)
  return kept ?? isAwaited
}
