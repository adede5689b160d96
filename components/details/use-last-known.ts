'use client'

import { useState } from 'react'

/**
 * The newest answer there was about one thing: it stays while another window is asked for, and after the thing was
 * deleted. Of another thing (another `key`) nothing is kept.
 */
export function useLastKnown<T>(newest: T | undefined, key: string): T | undefined {
  const [kept, setKept] = useState<{ key: string; value: T | undefined }>({ key, value: newest })
  if (kept.key !== key || (newest !== undefined && kept.value !== newest)) {
    setKept({ key, value: newest })
  }
  return kept.key === key ? (newest ?? kept.value) : newest
}
