import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { AppliedConfig } from '@/lib/api/schemas/lists'

/** Objects of configuration that apply, and why each does. */
export function ConfigList({ config }: { config: readonly AppliedConfig[] | null }) {
  return (
    <Section title="Configuration that applies">
      {config === null ? <p className={plain.note}>Not known without the Kubernetes API.</p> : null}
      {config?.length === 0 ? <p className={plain.note}>None: defaults of the mesh.</p> : null}
      <ul className={plain.list}>
        {config?.map((object) => (
          <li key={`${object.kind}/${object.namespace}/${object.name}`}>
            <b style={{ fontWeight: 550 }}>{object.kind}</b>{' '}
            <span className={plain.mono}>
              {object.namespace}/{object.name}
            </span>
            <div className={plain.quiet}>{object.why}</div>
          </li>
        ))}
      </ul>
    </Section>
  )
}
