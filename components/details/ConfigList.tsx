'use client'

import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { countByObject } from '@/components/checks/count-findings'
import { PageLink as Link } from '@/components/layout/PageLink'
import { FindingMarks } from '@/components/ui/findings/FindingMarks'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { useFirst } from '@/components/ui/use-first'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { AppliedConfig } from '@/lib/api/schemas/mesh/lists'
import { wordsOfKinds } from '@/lib/istio/unread'
import { refOfObject } from '@/lib/mesh/resource'

const FIRST = 20

/** Objects of configuration that apply, why each does, and what the checks say of it. */
export function ConfigList({
  node,
  cluster,
  config,
  unread,
}: {
  /** id of what they apply to */
  node: string
  cluster: string
  config: readonly AppliedConfig[] | null
  /** kinds that may not be read: more of those may apply */
  unread: readonly string[]
}) {
  const findings = useQuery({
    ...queries.findings({ node }),
    enabled: config !== null && config.length > 0,
  }).data
  const counts = useMemo(() => countByObject(findings?.items ?? []), [findings])
  const countsOf = (object: AppliedConfig) => {
    const { group, kind, namespace, name } = refOfObject(cluster, object)
    return counts.get([cluster, namespace, group, kind, name].join('/'))
  }
  const { shown, more } = useFirst(config ?? [], FIRST)
  return (
    <Section title="Configuration that applies">
      {config === null ? <ObjectsUnknown cluster={cluster} /> : null}
      {config?.length === 0 && unread.length === 0 ? (
        <p className={plain.note}>None: defaults of the mesh.</p>
      ) : null}
      <ul className={plain.list}>
        {shown.map((object) => (
          <li key={`${object.kind}/${object.namespace}/${object.name}`}>
            <b style={{ fontWeight: 550 }}>{object.kind}</b>{' '}
            <Link
              className={`${plain.mono} ${plain.linkish}`}
              href={pagePaths.configObject(refOfObject(cluster, object))}
              prefetch={false}
            >
              {object.namespace === '' ? '' : `${object.namespace}/`}
              {object.name}
            </Link>{' '}
            {countsOf(object) ? <FindingMarks counts={countsOf(object)} isKnown /> : null}
            <div className={plain.quiet}>{object.why}</div>
          </li>
        ))}
      </ul>
      {more}
      {config !== null && unread.length > 0 ? (
        <p className={plain.note} style={{ marginTop: config.length === 0 ? 0 : 8 }}>
          {config.length === 0 ? 'None is known' : 'There may be more'}: Heddle may not read{' '}
          {wordsOfKinds(unread)}.
        </p>
      ) : null}
    </Section>
  )
}
