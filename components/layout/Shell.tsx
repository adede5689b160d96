'use client'

import { AppShell } from '@mantine/core'
import type { ReactNode } from 'react'
import { Suspense } from 'react'
import { ChangeReviewProvider } from '@/components/changes/use-change-review'
import { useFolded } from '@/components/hooks/use-folded'
import { useNarrow } from '@/components/hooks/use-narrow'
import { Masthead } from './masthead/Masthead'
import { NavigationBar } from './NavigationBar'
import { Overlays } from './Overlays'
import classes from './Shell.module.css'

/** The frame of every page: navigation, masthead, and one task in the middle. */
export function Shell({ children }: { children: ReactNode }) {
  const [isFolded, setFolded] = useFolded()
  const isNarrow = useNarrow(1180)
  const isRail = isFolded || isNarrow
  return (
    <AppShell
      header={{ height: 52 }}
      // by CSS, so that it is right before React runs; folded: app/globals.css
      navbar={{ width: { base: 56, roomy: 204 }, breakpoint: 0 }}
      transitionDuration={150}
      classNames={{ header: classes.header, navbar: classes.navbar, main: classes.main }}
    >
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header>
        <Suspense>
          <Masthead />
        </Suspense>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Pages">
        <Suspense>
          <NavigationBar isRail={isRail} canFold={!isNarrow} onFold={() => setFolded(!isFolded)} />
        </Suspense>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Suspense>
          <ChangeReviewProvider>{children}</ChangeReviewProvider>
        </Suspense>
      </AppShell.Main>
      <Suspense>
        <Overlays />
      </Suspense>
    </AppShell>
  )
}
