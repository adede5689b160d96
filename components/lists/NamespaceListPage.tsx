'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/use-view'
import { queries } from '@/lib/api/queries'
import type { NamespaceSummary } from '@/lib/api/schemas/status'
import { countByNamespace } from '@/components/checks/count-findings'
import { namespaceColumns } from './columns'
import type { Opening } from './ListView'
import { ListView } from './ListView'

const WORDS = { title: 'Namespaces', many: 'namespaces' }

export function NamespaceListPage() {
  const [view] = useView()
  const answer = useQuery({
    ...queries.namespaces(scopeOf(view)),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const { window, at } = view
  const found = useQuery({ ...queries.findings(scopeOf(view)), refetchInterval: useRefreshInterval() }).data
  const counts = useMemo(() => (found ? countByNamespace(found.items) : null), [found])
  const columnsOf = useCallback(
    (items: readonly NamespaceSummary[], opening: Opening) =>
      namespaceColumns(items, opening, { window, at }, counts),
    [window, at, counts],
  )
  return <ListView words={WORDS} answer={answer} columnsOf={columnsOf} />
}
