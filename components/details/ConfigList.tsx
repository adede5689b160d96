import { PageLink as Link } from '@/components/layout/PageLink'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { pagePaths } from '@/lib/api/paths'
import type { AppliedConfig } from '@/lib/api/schemas/lists'
import { refOfObject } from '@/lib/mesh/resource'

/** Objects of configuration that apply, and why each does. */
export function ConfigList({
  cluster,
  config,
}: {
  cluster: string
  config: readonly AppliedConfig[] | null
}) {
  return (
    <Section title="Configuration that applies">
      {config === null ? <p className={plain.note}>Not known without the Kubernetes API.</p> : null}
      {config?.length === 0 ? <p className={plain.note}>None: defaults of the mesh.</p> : null}
      <ul className={plain.list}>
        {config?.map((object) => (
          <li key={`${object.kind}/${object.namespace}/${object.name}`}>
            <b style={{ fontWeight: 550 }}>{object.kind}</b>{' '}
            <Link
              className={`${plain.mono} ${plain.linkish}`}
              href={pagePaths.configObject(refOfObject(cluster, object))}
              prefetch={false}
            >
              {object.namespace === '' ? '' : `${object.namespace}/`}
              {object.name}
            </Link>
            <div className={plain.quiet}>{object.why}</div>
          </li>
        ))}
      </ul>
    </Section>
  )
}
