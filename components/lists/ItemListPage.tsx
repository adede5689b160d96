'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { useNarrow } from '@/components/hooks/use-narrow'
import type { ItemKind } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ListItem } from '@/lib/api/schemas/mesh/lists'
import { itemColumns } from './columns/item-columns'
import type { ListWords, Opening } from './ListView'
import { ListView } from './ListView'
import { useSaidOf } from './use-said-of'

const WORDS: Record<ItemKind, ListWords> = {
  workloads: { title: 'Workloads', many: 'workloads' },
  services: { title: 'Services', many: 'services' },
  apps: { title: 'Applications', many: 'applications' },
}

export function ItemListPage({ kind }: { kind: ItemKind }) {
  const [view] = useView()
  const scope = scopeOf(view)
  const answer = useQuery({
    ...queries.items(kind, scope),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const { window, at } = view
  const said = useSaidOf(scope, answer.data !== undefined)
  const isNarrow = useNarrow(1180)
  const isTight = useNarrow(1480)
  const isTighter = useNarrow(1390)
  const columnsOf = useCallback(
    (items: readonly ListItem[], opening: Opening) =>
      itemColumns(kind, items, opening, { window, at, isNarrow, isTight, isTighter, said }),
    [kind, window, at, isNarrow, isTight, isTighter, said],
  )
  return <ListView words={WORDS[kind]} answer={answer} columnsOf={columnsOf} />
}
