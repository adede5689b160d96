'use client'

import { useFreshness } from '@/components/hooks/use-freshness'
import type { HealthStatus } from '@/lib/api/schemas/common'
import { HealthBadge } from './Health'

/** Health of what a page is about: while newer figures should be here and are not, it is told as what was. */
export function MeasuredHealthBadge({ status }: { status: HealthStatus }) {
  const { isBehind } = useFreshness()
  return <HealthBadge status={status} isPast={isBehind} />
}
