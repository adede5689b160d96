'use client'

import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type ConfigAddress, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { nearNames } from '@/lib/mesh/names/near-names'
import { resourceOfKind } from '@/lib/mesh/resource'

/** Objects of the same kind that may have been meant by an address that leads to none. */
export function NearObjects({ address, scope }: { address: ConfigAddress; scope: Scope }) {
  const all = useQuery(queries.config({ window: scope.window, at: scope.at })).data?.items ?? []
  const same = all.flatMap(({ ref }) =>
    ref.group === address.group && resourceOfKind(ref.kind) === address.resource ? [ref] : [],
  )
  const near = nearNames(address, same)
  if (near.length === 0) return null
  return (
    <p style={{ margin: '12px 0 0' }}>
      Did you mean{' '}
      {near.map((ref, index) => (
        <span key={`${ref.cluster}/${ref.namespace}/${ref.name}`}>
          {index > 0 ? ', ' : ''}
          <Link href={pagePaths.configObject(ref, scope)} prefetch={false} className={plain.linkish}>
            {ref.name}
          </Link>{' '}
          <span className={plain.quiet}>
            {ref.cluster} / {ref.namespace}
          </span>
        </span>
      ))}
    </p>
  )
}
