'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { nameOf, OPERATION_WORDS } from '@/components/changes/words'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { formatDate } from '@/lib/units/date'
import type { ChartMark } from './ChartMarks'

/** Changes that touch a node, as marks for its charts; none while they are not known, since charts stand without. */
export function useChangeMarks(node: string | undefined): readonly ChartMark[] {
  const answer = useQuery({
    ...queries.changes({ node: node ?? '' }),
    enabled: node !== undefined,
    refetchInterval: useRefreshInterval(),
  })
  return useMemo(() => {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
    return (answer.data?.items ?? [])
      .filter(({ status }) => status === 'applied')
      .map(({ id, at, author, reason, objects }) => {
        const what = objects.map(({ op, ref }) => `${OPERATION_WORDS[op]} ${nameOf(ref, false)}`).join(', ')
        const when = formatDate(at, { timeZone, timeOnly: true })
        const why = reason === null ? '' : `: ${reason}`
        return {
          id,
          at,
          href: pagePaths.change(id),
          label: `${when} ${what} by ${author ?? 'somebody'}${why}`,
        }
      })
  }, [answer.data])
}
