'use client'

import { presentMs } from '@/components/hooks/use-now'
import { useEffect, useRef, useState } from 'react'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { dropDraft, findDraft, keepDraft, type Draft } from './drafts'

const PAUSE_MS = 300

/**
 * Keeps a text that is not applied yet, also across a reload. `found` is what an earlier visit left, until it is
 * settled: restored or discarded. While it is open nothing is written over it.
 */
export function useDraft(key: string, text: string, base: ConfigObject | null, isDirty: boolean) {
  const [found, setFound] = useState<Draft | null>(() => {
    const left = findDraft(key)
    // what editing begins with is taken up already
    return left?.text === text ? null : left
  })
  const [isKept, setKept] = useState(false)
  const wasDirty = useRef(false)
  const unkept = useRef<(() => void) | null>(null)
  useEffect(() => {
    unkept.current = null
    if (found) return
    if (!isDirty) {
      // undone by hand: nothing is left to be kept
      if (wasDirty.current) dropDraft(key)
      wasDirty.current = false
      return
    }
    wasDirty.current = true
    const keep = () => {
      unkept.current = null
      keepDraft(key, { text, base, at: presentMs() })
      setKept(true)
    }
    unkept.current = keep
    const timer = setTimeout(keep, PAUSE_MS)
    window.addEventListener('pagehide', keep)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', keep)
    }
  }, [key, text, base, isDirty, found])
  // a link leaves the page without hiding it
  useEffect(() => () => unkept.current?.(), [])
  return {
    found: found && found.text !== text ? found : null,
    isKept,
    settle: () => setFound(null),
    discard: () => {
      dropDraft(key)
      setFound(null)
    },
  }
}
