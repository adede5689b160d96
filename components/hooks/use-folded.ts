'use client'

import { useCallback } from 'react'
import { FOLDED_TASTE } from './fold-script'
import { useTaste } from './use-taste'

/** Whether the navigation is folded to its icons. */
export function useFolded(): [boolean, (isFolded: boolean) => void] {
  const [isFolded, keep] = useTaste(FOLDED_TASTE, false)
  const fold = useCallback(
    (next: boolean) => {
      // not in an effect: before React knows the choice, the script of the page has made it
      if (next) document.documentElement.dataset.navigation = 'folded'
      else delete document.documentElement.dataset.navigation
      keep(next)
    },
    [keep],
  )
  return [isFolded, fold]
}
