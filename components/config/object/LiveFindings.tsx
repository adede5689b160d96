'use client'

import { useQuery } from '@tanstack/react-query'
import { findingPage } from '@/components/checks/finding-page'
import { Findings } from '@/components/ui/findings/Findings'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { queries } from '@/lib/api/queries'
import type { KnownRef } from '@/lib/api/schemas/config/changes'
import { nodeId } from '@/lib/mesh/identity'

/** What the checks say of a service that is shown and not edited, and of the objects that steer its traffic. */
export function LiveFindings({ of: { cluster, group, kind, namespace, name } }: { of: KnownRef }) {
  const node = nodeId({ cluster, namespace, kind: 'service', name })
  const { data, error } = useQuery(queries.findings({ node }))
  const own = (data?.items ?? []).filter(
    ({ ref, concerns }) =>
      (ref.group === group && ref.kind === kind && ref.namespace === namespace && ref.name === name) ||
      concerns.includes(node),
  )
  return (
    <Section title="Findings of the checks">
      {data ? (
        <Findings
          findings={own}
          showObject
          label={`Findings about ${name}`}
          whenNone={
            data.notices.some(({ code }) => code === 'kinds-forbidden')
              ? 'None is known: checks that look at kinds Heddle may not read say nothing.'
              : 'None about it or what steers it.'
          }
          linkOf={findingPage}
        />
      ) : (
        <p className={plain.note}>{error ? error.message : 'Checking…'}</p>
      )}
    </Section>
  )
}
