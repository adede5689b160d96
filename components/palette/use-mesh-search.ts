'use client'

import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'

const TYPING_MS = 120

/** What of the mesh has a name; asked when typing pauses, the last answer stands until the next. */
export function useMeshSearch(text: string, { window, at }: Scope, isOpen: boolean) {
  const [asked] = useDebouncedValue(text.trim().slice(0, LONGEST), TYPING_MS)
  const answer = useQuery({
    ...queries.search({ text: asked, ...(window ? { window } : {}), at: at ?? null }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  })
  return { answer, isSettled: asked === text.trim() && !answer.isPlaceholderData && !answer.isPending }
}

const LONGEST = 200
