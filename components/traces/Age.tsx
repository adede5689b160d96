'use client'

import { Tooltip } from '@mantine/core'
import { useNow } from '@/components/hooks/use-now'
import { formatDate } from '@/lib/units/date'
import { formatAge } from '@/lib/units/duration'

/** How long ago, with the absolute time and its zone on hover. */
export function Age({ atMs }: { atMs: number }) {
  const now = useNow()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const age = formatAge(now - atMs)
  return (
    <Tooltip label={`${formatDate(atMs, { timeZone: zone })} (${zone})`}>
      <time dateTime={new Date(atMs).toISOString()}>{age === 'now' ? 'now' : `${age} ago`}</time>
    </Tooltip>
  )
}
