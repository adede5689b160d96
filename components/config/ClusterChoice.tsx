'use client'

import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useStatus } from '@/components/hooks/use-status'
import plain from '@/components/ui/Plain.module.css'

/** The clusters whose objects can be worked with, the first of them, and why others cannot. */
export function useObjectClusters() {
  const objects = useStatus().data?.objects ?? []
  return {
    readable: objects.filter(({ isReadable }) => isReadable).map(({ cluster }) => cluster),
    others: objects.filter(({ isReadable }) => !isReadable),
  }
}

/**
 * What begins with the choice of a cluster, once it is known whether there is a choice: it would come late and push
 * the rest aside. Without an answer of Heddle's own status there is none.
 */
export function WhenClustersKnown({ waiting, children }: { waiting: ReactNode; children: ReactNode }) {
  const isHydrated = useHydrated()
  const { isPending } = useStatus()
  return isHydrated && !isPending ? children : waiting
}

/** One cluster among those whose objects are read; nothing where there is no choice. */
export function ClusterChoice({
  value,
  onChange,
  label,
}: {
  value: string | null
  onChange: (cluster: string) => void
  /** absent: named for screen readers only */
  label?: string
}) {
  const { readable, others } = useObjectClusters()
  if (readable.length + others.length < 2) return null
  return (
    <Select
      size="xs"
      w={180}
      {...(label === undefined ? { 'aria-label': 'Cluster' } : { label })}
      data={[
        ...readable,
        ...others.map(({ cluster }) => ({ value: cluster, label: cluster, disabled: true })),
      ]}
      value={value}
      onChange={(next) => (next === null ? undefined : onChange(next))}
      allowDeselect={false}
    />
  )
}

/** Why clusters that Heddle knows of cannot be chosen, a line each. */
export function UnreadableClusters() {
  const { others } = useObjectClusters()
  return others.map(({ cluster, why }) => (
    <p key={cluster} className={plain.note}>
      {cluster} cannot be chosen. {why}
    </p>
  ))
}
