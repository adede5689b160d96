'use client'

import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { findingsOfNode } from '@/components/graph/scene/findings'
import { Findings } from '@/components/ui/findings/Findings'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { GraphNode } from '@/lib/api/schemas/mesh/graph'
import { findingPage } from './finding-page'

const MOST = 12

/** What the checks say of the objects that steer a node's traffic, each with its object and its meaning. */
export function NodeFindings({ node }: { node: GraphNode }) {
  const { data, error } = useQuery(queries.findings({ node: node.id }))
  const own = data ? findingsOfNode(node, data.items) : []
  return (
    <Section
      title="Findings of the checks"
      aside={
        own.length > MOST ? (
          <Link
            href={pagePaths.config({ namespaces: [`${node.cluster}/${node.namespace}`] })}
            prefetch={false}
            className={plain.linkish}
          >
            {own.length - MOST} more in its namespace
          </Link>
        ) : null
      }
    >
      {data?.notices.some(({ code }) => code.startsWith('kubernetes-')) ? (
        <ObjectsUnknown cluster={node.cluster} />
      ) : data ? (
        <Findings
          findings={own.slice(0, MOST)}
          showObject
          label={`Findings about ${node.name}`}
          whenNone={
            data.notices.some(({ code }) => code === 'kinds-forbidden')
              ? 'None is known: checks that look at kinds Heddle may not read say nothing.'
              : 'None about what steers it.'
          }
          linkOf={findingPage}
        />
      ) : (
        <p className={plain.note}>{error ? error.message : 'Checking…'}</p>
      )}
    </Section>
  )
}
