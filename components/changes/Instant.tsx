'use client'

import { formatDate, isoInstant } from '@/lib/units/date'
import { useHydrated } from '@/components/hooks/use-hydrated'

/** A moment in the reader's zone; the zone is said on hover. */
export function Instant({ at }: { at: number }) {
  const isHydrated = useHydrated()
  const timeZone = isHydrated ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC'
  return (
    <time
      className="num"
      dateTime={isoInstant(at)}
      title={`${formatDate(at, { timeZone })} ${timeZone}`}
      suppressHydrationWarning
    >
      {formatDate(at, { timeZone })}
    </time>
  )
}
