import type { ReactNode } from 'react'
import details from '@/components/details/Details.module.css'
import { Age } from '@/components/traces/Age'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { ConfigDetail } from '@/lib/api/schemas/config/changes'
import type { ConfigObject } from '@/lib/mesh/inventory'

/** What the object is, where it lies, whose it is. */
export function Facts({ detail, object }: { detail: ConfigDetail; object: ConfigObject }) {
  const { ref, owner } = detail
  const { creationTimestamp, generation, labels = {} } = object.metadata
  const created = Date.parse(creationTimestamp ?? '')
  const rows: [string, ReactNode][] = [
    ['Kind', ref.kind],
    [
      'API',
      <span
        key="api"
        className={plain.mono}
      >{`${ref.group === '' ? '' : `${ref.group}/`}${ref.version}`}</span>,
    ],
    ['Cluster', ref.cluster],
    ['Namespace', ref.namespace || 'none: it holds for the whole cluster'],
    ['Owner', owner ? `${owner.tool}${owner.name ? ` ${owner.name}` : ''}` : 'nobody: it is changed by hand'],
    ['Created', Number.isNaN(created) ? '–' : <Age key="age" atMs={created} />],
    ...(generation === undefined ? [] : ([['Generation', String(generation)]] satisfies [string, string][])),
  ]
  return (
    <Section title="Object">
      <dl className={details.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {Object.keys(labels).length > 0 ? (
        <ul className={details.labels} aria-label="Labels">
          {Object.entries(labels).map(([key, value]) => (
            <li key={key} className={plain.mono}>
              {key}={value}
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  )
}
