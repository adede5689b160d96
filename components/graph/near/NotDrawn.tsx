'use client'

import { Section } from '@/components/ui/Section'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type GraphView } from '@/lib/api/paths'
import { KIND_WORDS } from './kind-words'
import { NearList } from './NearList'
import { useNearNodes } from './use-near-nodes'

/** What is selected and not drawn: whether there is such a thing, and which may have been meant. */
export default function NotDrawn({
  id,
  view,
  onClear,
}: {
  id: string
  view: GraphView
  onClear: () => void
}) {
  const { ref, exists, near } = useNearNodes(id, view)
  if (!ref) return null
  const name = `${KIND_WORDS[ref.kind]} ${ref.name}`
  return (
    <Section title={exists === false ? `There is no ${name}` : `${ref.name} is not drawn here`}>
      <p className={plain.note}>
        {exists === false
          ? `Neither the traffic of this time nor Kubernetes knows it in ${ref.cluster}/${ref.namespace}.`
          : `The ${name} of ${ref.cluster}/${ref.namespace} carries no traffic in this time, or the chosen namespaces, focus or kind of graph leave it out.`}
      </p>
      <NearList
        near={near}
        hrefOf={(other) => pagePaths.graph({ ...view, focus: null, selected: other, idle: true })}
      />
      <p className={plain.note} style={{ marginTop: 10 }}>
        <button type="button" className={plain.linkish} onClick={onClear}>
          Show the whole graph instead
        </button>
      </p>
    </Section>
  )
}
