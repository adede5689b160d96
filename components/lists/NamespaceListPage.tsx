'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useNarrow } from '@/components/hooks/use-narrow'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { queries } from '@/lib/api/queries'
import type { NamespaceSummary } from '@/lib/api/schemas/status'
import { namespaceColumns } from './columns/namespace-columns'
import type { Opening } from './ListView'
import { ListView } from './ListView'
import { useSaidOf } from './use-said-of'

const WORDS = { title: 'Namespaces', many: 'namespaces' }

export function NamespaceListPage() {
  const [view] = useView()
  const answer = useQuery({
    ...queries.namespaces(scopeOf(view)),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const { window, at } = view
  const said = useSaidOf(scopeOf(view), answer.data !== undefined)
  const isTight = useNarrow(1450)
  const columnsOf = useCallback(
    (items: readonly NamespaceSummary[], opening: Opening) =>
      namespaceColumns(items, opening, { window, at, isTight, said }),
    [window, at, isTight, said],
  )
  return <ListView words={WORDS} answer={answer} columnsOf={columnsOf} />
}
