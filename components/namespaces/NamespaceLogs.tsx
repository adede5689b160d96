'use client'

import { LogsView } from '@/components/details/logs/LogsView'
import type { NamespaceTabProps } from './namespace-tabs'

/** What the containers of a namespace wrote, of a workload or pod of it, or of all as far as they can be read at once. */
export default function NamespaceLogs({ cluster, namespace, scope }: NamespaceTabProps) {
  return <LogsView subject={{ cluster, namespace }} scope={scope} />
}
