'use client'

import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { readTaste, subscribeTaste, writeTaste } from '@/components/hooks/use-taste'
import { addNews, markRead, parseNews, type News } from './news'

const NAME = 'notifications'

/** The news kept in this browser, newest first, shared by its tabs' next visits. */
export function useNews() {
  const text = useSyncExternalStore(
    subscribeTaste,
    () => readTaste(NAME),
    () => null,
  )
  const list = useMemo(() => parseNews(text), [text])
  const write = useCallback((change: (list: readonly News[]) => News[]) => {
    writeTaste(NAME, JSON.stringify(change(parseNews(readTaste(NAME)))))
  }, [])
  return {
    list,
    add: useCallback((news: readonly News[]) => write((known) => addNews(known, news)), [write]),
    read: useCallback((id?: string) => write((known) => markRead(known, id)), [write]),
    clear: useCallback(() => write(() => []), [write]),
  }
}
