'use client'

import { useStatus } from '@/components/hooks/use-status'
import plain from '@/components/ui/Plain.module.css'

/** In place of what only the Kubernetes API knows: what is missing, and how to add it. */
export function ObjectsUnknown({ cluster }: { cluster?: string }) {
  const status = useStatus().data
  const known = status?.objects ?? []
  const failing = status?.upstreams.find(
    ({ name, reachable }) => name === 'kubernetes' && reachable === false,
  )
  const own = known.find((one) => one.why !== null && one.cluster === cluster)?.why
  // of all clusters: those that telemetry alone knows are no reason while others can be read
  const isSomeRead = known.some(({ isReadable }) => isReadable)
  const all = isSomeRead ? '' : known.find(({ why }) => why !== null)?.why
  const why = cluster === undefined ? (failing?.error ?? all) : (own ?? failing?.error)
  return (
    <p className={plain.note}>
      Not known without the Kubernetes API. {why ?? 'Set KUBECONFIG, or run Heddle in the cluster.'}
    </p>
  )
}
