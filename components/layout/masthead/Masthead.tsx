'use client'

import { Kbd, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import { ViewsControl } from '@/components/saved-views/ViewsControl'
import { UserMenu } from '@/components/session/UserMenu'
import { useFreshness } from '@/components/hooks/use-freshness'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { pagePaths } from '@/lib/api/paths'
import { Brand } from '../Brand'
import classes from './Masthead.module.css'
import { NamespacePicker } from './NamespacePicker'
import { openPanel } from '../panels'
import { RefreshControl } from './RefreshControl'
import { ScenarioMenu } from './ScenarioMenu'
import { ThemeSwitch } from './ThemeSwitch'
import { ShareControl } from '../share/ShareControl'
import { TimePicker } from '../time/TimePicker'
import { UpstreamStatus } from './UpstreamStatus'

// nothing waits for it: it watches once the page stands
const Bell = dynamic(() => import('@/components/notifications/Bell'), {
  ssr: false,
  loading: () => <span className={classes.bell} />,
})

/** What every page has on top: where, when, how fresh, and the ways to everything else. */
export function Masthead() {
  const { isFetching } = useFreshness()
  const [view] = useView()
  return (
    <div className={classes.masthead}>
      <Link
        href={pagePaths.graph(scopeOf(view))}
        prefetch={false}
        className={classes.brand}
        aria-label="Heddle"
      >
        <Brand />
        <span className={classes.brandName}>Heddle</span>
      </Link>
      <NamespacePicker />
      <ScenarioMenu />
      <div className={classes.spacer} />
      <UnstyledButton
        className={classes.search}
        onClick={() => openPanel('palette')}
        aria-label="Search the mesh (Ctrl K)"
      >
        <IconSearch size={15} aria-hidden />
        <span className={classes.searchText}>Search</span>
        <Kbd size="xs" className={classes.searchKey}>
          Ctrl K
        </Kbd>
      </UnstyledButton>
      <TimePicker />
      <RefreshControl />
      <ShareControl />
      <ViewsControl />
      <UpstreamStatus />
      <Bell />
      <ThemeSwitch />
      <UserMenu />
      <div className={classes.progress} data-active={isFetching || undefined} aria-hidden />
    </div>
  )
}
