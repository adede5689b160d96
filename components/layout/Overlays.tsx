'use client'

import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { carried } from '@/components/hooks/address/carried'
import { scopeOf, useView, viewNow } from '@/components/hooks/address/use-view'
import type { ShortcutId } from '@/components/keys/shortcuts'
import { useShortcuts } from '@/components/keys/use-shortcuts'
import { NAVIGATION } from './navigation'
import { openPanel, usePanel } from './panels'
import { useTimeSteps } from './time/use-time-steps'

const Palette = dynamic(() => import('@/components/palette/Palette'), { ssr: false })
const KeysHelp = dynamic(() => import('@/components/keys/KeysHelp'), { ssr: false })

/** What comes over any page: the keys of all pages, and the dialogs they open, each loaded when first wanted. */
export function Overlays() {
  const [, setView] = useView()
  const router = useRouter()
  const steps = useTimeSteps()
  const [isPalette] = usePanel('palette')
  const [isHelp] = usePanel('keys')
  const act = (id: ShortcutId) => {
    const view = viewNow()
    switch (id) {
      case 'palette':
        return openPanel('palette')
      case 'help':
        return openPanel('keys')
      case 'time':
      case 'share':
      case 'views':
        return openPanel(id)
      case 'pause':
        // the past is quiet as it is
        if (view.at === null) setView({ refresh: view.refresh === 'paused' ? 'live' : 'paused' })
        return
      case 'live':
        return setView({ at: null })
      case 'earlier':
        return steps.earlier()
      case 'later':
        return steps.later()
      default: {
        const page = NAVIGATION.find(({ path }) => id === `go ${path}`)
        if (page) router.push(carried(page.href(scopeOf(view)), new URLSearchParams(window.location.search)))
      }
    }
  }
  useShortcuts(act)
  return (
    <>
      {useOnceOpen(isPalette) ? <Palette /> : null}
      {useOnceOpen(isHelp) ? <KeysHelp /> : null}
    </>
  )
}

/** True from the first opening on: what closes may still have a transition to end. */
function useOnceOpen(isOpen: boolean): boolean {
  const [wasOpen, setWasOpen] = useState(false)
  if (isOpen && !wasOpen) setWasOpen(true)
  return isOpen || wasOpen
}
