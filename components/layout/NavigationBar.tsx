'use client'

import { Tooltip, UnstyledButton } from '@mantine/core'
import {
  IconAffiliate,
  IconArrowsSplit2,
  IconBell,
  IconBox,
  IconCirclesRelation,
  IconFileCode,
  IconHeartRateMonitor,
  IconHistory,
  IconLayoutDashboard,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconLock,
  IconRoute,
  IconShieldCheck,
  IconStack2,
  IconTargetArrow,
  IconTimelineEvent,
} from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { usePathname } from 'next/navigation'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { NAVIGATION } from './navigation'
import classes from './NavigationBar.module.css'

const ICONS: Record<string, typeof IconBox> = {
  '/overview': IconLayoutDashboard,
  '/graph': IconAffiliate,
  '/workloads': IconBox,
  '/services': IconRoute,
  '/apps': IconStack2,
  '/namespaces': IconCirclesRelation,
  '/mutual-tls': IconLock,
  '/traffic-shifting': IconArrowsSplit2,
  '/config': IconFileCode,
  '/checks': IconShieldCheck,
  '/traces': IconTimelineEvent,
  '/alerts': IconBell,
  '/slos': IconTargetArrow,
  '/changes': IconHistory,
  '/mesh': IconHeartRateMonitor,
}

export function NavigationBar({
  isRail,
  canFold,
  onFold,
}: {
  isRail: boolean
  canFold: boolean
  onFold: () => void
}) {
  const pathname = usePathname()
  const [view] = useView()
  const scope = scopeOf(view)
  const FoldIcon = isRail ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse
  return (
    <div className={classes.navigation} data-rail={isRail || undefined}>
      <ul className={classes.list}>
        {NAVIGATION.map(({ name, path, href }) => {
          const Icon = ICONS[path] ?? IconBox
          const isHere = pathname === path || pathname.startsWith(`${path}/`)
          return (
            <li key={path}>
              <Tooltip label={name} position="right" disabled={!isRail}>
                <Link
                  href={href(scope)}
                  prefetch={false}
                  className={classes.link}
                  aria-current={isHere ? 'page' : undefined}
                  aria-label={name}
                >
                  <Icon size={18} stroke={1.7} aria-hidden />
                  <span className={classes.name}>{name}</span>
                </Link>
              </Tooltip>
            </li>
          )
        })}
      </ul>
      {canFold ? (
        <Tooltip label={isRail ? 'Unfold navigation' : 'Fold navigation'} position="right">
          <UnstyledButton
            className={classes.fold}
            onClick={onFold}
            aria-label={isRail ? 'Unfold navigation' : 'Fold navigation'}
          >
            <FoldIcon size={18} stroke={1.6} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      ) : null}
    </div>
  )
}
