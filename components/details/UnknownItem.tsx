'use client'

import { IconMapSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useMemo } from 'react'
import { Message } from '@/components/ui/messages/Message'
import plain from '@/components/ui/Plain.module.css'
import type { ItemKind, ItemRef, Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import classes from './Details.module.css'
import { nearNames } from '@/lib/mesh/names/near-names'

/** There is no such thing: says so, and which existing ones may have been meant. */
export function UnknownItem({
  kind,
  item,
  message,
  scope,
  hrefOf,
}: {
  kind: ItemKind
  item: ItemRef
  message: string
  scope: Scope
  /** where a proposal leads; absent: to its own page */
  hrefOf?: (near: ItemRef) => string
}) {
  const time = { window: scope.window, at: scope.at }
  const list = useQuery(queries.items(kind, time))
  const near = useMemo(() => nearNames(item, list.data?.items ?? []), [item, list.data])
  return (
    <Message icon={<IconMapSearch size={24} />} title={`${item.name} is not there`}>
      <p style={{ margin: 0 }}>{message}</p>
      {near.length > 0 ? (
        <>
          <p style={{ margin: '12px 0 4px' }}>Did you mean</p>
          <ul className={classes.near}>
            {near.map((each) => (
              <li key={each.id}>
                <Link
                  href={hrefOf?.(each) ?? pagePaths.item(kind, each, time)}
                  prefetch={false}
                  className={plain.linkish}
                >
                  {each.name}
                </Link>{' '}
                <span className={plain.quiet}>
                  {each.cluster} / {each.namespace}
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <p style={{ margin: '12px 0 0' }}>
        <Link href={pagePaths.items(kind, time)} prefetch={false} className={classes.action}>
          All {KIND_WORDS[kind]}
        </Link>
      </p>
    </Message>
  )
}

const KIND_WORDS: Record<ItemKind, string> = {
  workloads: 'workloads',
  services: 'services',
  apps: 'applications',
}
