'use client'

import { usePathname, useSearchParams } from 'next/navigation'

/** What the text is compared with, kept in the address: `cluster`, the id of a change, or null while it is edited. */
export function useCompareView(): [string | null, (next: string | null) => void] {
  const params = useSearchParams()
  const pathname = usePathname()
  const set = (next: string | null) => {
    const query = new URLSearchParams(window.location.search)
    if (next === null) query.delete('compare')
    else query.set('compare', next)
    const text = query.toString()
    window.history.pushState(null, '', text === '' ? pathname : `${pathname}?${text}`)
  }
  return [params.get('compare'), set]
}
