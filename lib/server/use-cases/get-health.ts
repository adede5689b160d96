import 'server-only'
import { HEALTH_STATUSES, type HealthStatus } from '@/lib/api/schemas/common'
import type { ItemList } from '@/lib/api/schemas/mesh/lists'
import type { HealthQuery } from '@/lib/api/schemas/requests'
import type { HealthSummary } from '@/lib/api/schemas/status'
import type { ItemKind } from '@/lib/api/paths'
import type { Upstreams } from '../upstreams'
import { listItems } from './lists/list-items'

const LIST_OF: Record<HealthQuery['kind'], ItemKind> = {
  workload: 'workloads',
  app: 'apps',
  service: 'services',
}

// every page of every viewer asks: one list makes one summary, whose bytes are then made once too
const summaries = new WeakMap<ItemList, HealthSummary>()

/** The health of everything of one kind, with its reasons, and how many are in which state. */
export async function getHealth(up: Upstreams, query: HealthQuery): Promise<HealthSummary> {
  const { kind, ...scope } = query
  const list = await listItems(up, LIST_OF[kind], scope)
  const known = summaries.get(list)
  if (known) return known
  const counts = Object.fromEntries(HEALTH_STATUSES.map((status) => [status, 0])) as Record<
    HealthStatus,
    number
  >
  for (const item of list.items) counts[item.health.status] += 1
  const summary = {
    at: list.at,
    windowSeconds: list.windowSeconds,
    counts,
    items: list.items.map((item) => ({ id: item.id, kind: item.kind, health: item.health })),
    notices: list.notices,
  }
  summaries.set(list, summary)
  return summary
}
