'use client'

import { useStatus } from '@/components/hooks/use-status'
import plain from '@/components/ui/Plain.module.css'

/** In place of what only the Kubernetes API knows: what is missing, and how to add it. */
export function ObjectsUnknown({ cluster }: { cluster?: string }) {
  const known = useStatus().data?.objects ?? []
  const why = known.find((one) => one.why !== null && (cluster === undefined || one.cluster === cluster))?.why
  return (
    <p className={plain.note}>
      Not known without the Kubernetes API. {why ?? 'Set KUBECONFIG, or run Heddle in the cluster.'}
    </p>
  )
}
