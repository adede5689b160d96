import 'server-only'
import { HEALTH_STATUSES, type HealthStatus } from '@/lib/api/schemas/common'
import type { HealthQuery } from '@/lib/api/schemas/requests'
import type { HealthSummary } from '@/lib/api/schemas/status'
import type { ItemKind } from '@/lib/api/paths'
import type { Upstreams } from '../upstreams'
import { listItems } from './list-items'

const LIST_OF: Record<HealthQuery['kind'], ItemKind> = {
  workload: 'workloads',
  app: 'apps',
  service: 'services',
}

/** The health of everything of one kind, with its reasons, and how many are in which state. */
export async function getHealth(up: Upstreams, query: HealthQuery): Promise<HealthSummary> {
  const { kind, ...scope } = query
  const list = await listItems(up, LIST_OF[kind], scope)
  const counts = Object.fromEntries(HEALTH_STATUSES.map((status) => [status, 0])) as Record<
    HealthStatus,
    number
  >
  for (const item of list.items) counts[item.health.status] += 1
  return {
    at: list.at,
    windowSeconds: list.windowSeconds,
    counts,
    items: list.items.map((item) => ({ id: item.id, kind: item.kind, health: item.health })),
    notices: list.notices,
  }
}
