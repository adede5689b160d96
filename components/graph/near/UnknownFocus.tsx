'use client'

import { IconMapSearch } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Message } from '@/components/ui/messages/Message'
import { pagePaths, type GraphView } from '@/lib/api/paths'
import { KIND_WORDS } from './kind-words'
import { NearList } from './NearList'
import { useNearNodes } from './use-near-nodes'

/** Nothing is drawn around a node: where there is none of its name it says so and proposes others. */
export default function UnknownFocus({
  id,
  view,
  onWhole,
  children,
}: {
  id: string
  view: GraphView
  onWhole: () => void
  /** stands where it exists, or that is not known */
  children: ReactNode
}) {
  const { ref, exists, near } = useNearNodes(id, view)
  if (!ref || exists !== false) return children
  return (
    <Message
      icon={<IconMapSearch size={24} />}
      title={`There is no ${KIND_WORDS[ref.kind]} ${ref.name} in ${ref.cluster}/${ref.namespace}`}
      action={{ label: 'Show the whole graph', onClick: onWhole }}
    >
      <p style={{ margin: 0 }}>Neither the traffic of this time nor Kubernetes knows it.</p>
      <NearList near={near} hrefOf={(other) => pagePaths.graph({ ...view, focus: other, selected: other })} />
    </Message>
  )
}
