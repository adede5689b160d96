import { PageLink as Link } from '@/components/layout/PageLink'
import plain from '@/components/ui/Plain.module.css'
import type { NearNodes } from './use-near-nodes'

/** Things that may have been meant, each a link; nothing where none is named alike. */
export function NearList({ near, hrefOf }: Pick<NearNodes, 'near'> & { hrefOf: (id: string) => string }) {
  if (near.length === 0) return null
  return (
    <>
      <p style={{ margin: '12px 0 4px' }}>Did you mean</p>
      <ul className={plain.list}>
        {near.map(({ id, name, cluster, namespace }) => (
          <li key={id}>
            <Link href={hrefOf(id)} prefetch={false} className={plain.linkish}>
              {name}
            </Link>{' '}
            <span className={plain.quiet}>
              {cluster} / {namespace}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
