'use client'

import { LogsView } from '@/components/details/logs/LogsView'
import type { Scope } from '@/lib/api/paths'

/** What the containers of a namespace wrote, of a workload or pod of it, or of all as far as they can be read at once. */
export default function NamespaceLogs({
  cluster,
  namespace,
  scope,
}: {
  cluster: string
  namespace: string
  scope: Scope
}) {
  return <LogsView subject={{ cluster, namespace }} scope={scope} />
}
