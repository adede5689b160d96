'use client'

import { useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { usePathname } from 'next/navigation'
import { useStatus } from '@/components/hooks/use-status'
import { useFolded } from '@/components/hooks/use-folded'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import type { LayoutName, RefreshChoice } from '@/components/hooks/address/view-state'
import {
  LAYOUTS,
  REFRESH_CHOICES,
  VIEW_GRAPH_TYPES,
  VIEW_WINDOWS,
} from '@/components/hooks/address/view-state'
import { SHORTCUTS, type ShortcutId } from '@/components/keys/shortcuts'
import { openPanel } from '@/components/layout/panels'
import { useTimeSteps } from '@/components/layout/time/use-time-steps'
import { pagePaths } from '@/lib/api/paths'
import type { GraphType } from '@/lib/api/schemas/mesh/graph'
import { formatWindow, parseWindow } from '@/lib/units/window'
import type { Entry } from './entries'

const THEMES = { light: 'Light theme', dark: 'Dark theme', auto: 'Theme of the system' } as const
const REFRESHES: Record<RefreshChoice, string> = {
  live: 'Refresh live',
  '10s': 'Refresh every 10 s',
  '30s': 'Refresh every 30 s',
  '1m': 'Refresh every minute',
  '5m': 'Refresh every 5 minutes',
  paused: 'Pause refreshing',
}
const GRAPH_TYPES: Record<GraphType, string> = {
  workload: 'Graph of workloads',
  app: 'Graph of applications',
  versionedApp: 'Graph of versioned applications',
  service: 'Graph of services',
}
const ARRANGEMENTS: Record<LayoutName, string> = {
  layered: 'Layered layout',
  force: 'Force layout',
  grid: 'Grid layout',
  concentric: 'Concentric layout',
}

/** Everything one can do from anywhere, as far as it makes sense where one is. */
export function useActions(): Entry[] {
  const [view, setView] = useView()
  const pathname = usePathname()
  const client = useQueryClient()
  const status = useStatus()
  const steps = useTimeSteps()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [isFolded, setFolded] = useFolded()
  const isLive = view.at === null
  const isGraph = pathname === '/graph'

  const action = (name: string, run: () => void, alias = '', shortcut?: ShortcutId): Entry => {
    const keys = SHORTCUTS.find(({ does }) => does === shortcut)?.keys
    return {
      id: `action ${name}`,
      name,
      place: 'action',
      alias,
      leads: 'Here',
      run,
      ...(keys ? { keys } : {}),
    }
  }
  const unusable = new Set(status.data?.windows.flatMap((window) => (window.usable ? [] : window.name)))

  return [
    ...(isLive ? [] : [action('Back to live', () => setView({ at: null }), 'time now present', 'live')]),
    action('Copy a link to this view', () => openPanel('share'), 'share url address', 'share'),
    action('Save this view', () => openPanel('views'), 'bookmark name views', 'views'),
    ...(isLive
      ? view.refresh === 'paused'
        ? [action('Resume refreshing', () => setView({ refresh: 'live' }), 'pause live', 'pause')]
        : [action('Pause refreshing', () => setView({ refresh: 'paused' }), 'stop hold', 'pause')]
      : []),
    action('Choose a time', () => openPanel('time'), 'range from to absolute window history', 'time'),
    action('Show the keys', () => openPanel('keys'), 'keyboard shortcuts help', 'help'),
    action('Ask for everything again', () => void client.invalidateQueries(), 'refresh reload update now'),
    action('The time before', steps.earlier, 'earlier previous', 'earlier'),
    ...(isLive ? [] : [action('The time after', steps.later, 'later next', 'later')]),
    ...Object.entries(THEMES).flatMap(([value, name]) =>
      value === colorScheme
        ? []
        : [action(name, () => setColorScheme(value as keyof typeof THEMES), 'theme mode colour')],
    ),
    ...(view.namespaces.length + view.clusters.length > 0
      ? [
          action(
            'Show all namespaces',
            () => setView({ namespaces: [], clusters: [] }),
            'clear filter clusters',
          ),
        ]
      : []),
    ...VIEW_WINDOWS.filter((name) => name !== view.window && !unusable.has(name)).map((name) =>
      action(
        `Last ${formatWindow(parseWindow(name) ?? 0)}`,
        () => setView({ window: name }),
        `window time ${name}`,
      ),
    ),
    ...(isLive
      ? REFRESH_CHOICES.filter((choice) => choice !== view.refresh && choice !== 'paused').map((choice) =>
          action(REFRESHES[choice], () => setView({ refresh: choice }), 'interval rate'),
        )
      : []),
    ...VIEW_GRAPH_TYPES.filter((type) => !isGraph || type !== view.graphType).map((graphType): Entry => {
      const name = GRAPH_TYPES[graphType]
      if (isGraph) return action(name, () => setView({ graphType, selected: null }), 'type view')
      const href = pagePaths.graph({ ...scopeOf(view), graphType })
      return { id: `action ${name}`, name, place: 'action', alias: 'type view', leads: 'Graph', href }
    }),
    ...(isGraph
      ? [
          ...LAYOUTS.filter((layout) => layout !== view.layout).map((layout) =>
            action(ARRANGEMENTS[layout], () => setView({ layout }), 'arrange order nodes'),
          ),
          action(view.as === 'graph' ? 'Show as a table' : 'Show as a graph', () =>
            setView({ as: view.as === 'graph' ? 'table' : 'graph' }),
          ),
          action(view.idle ? 'Hide what is idle' : 'Show what is idle', () => setView({ idle: !view.idle })),
          action(
            view.serviceNodes ? 'Hide services between workloads' : 'Show services between workloads',
            () => setView({ serviceNodes: !view.serviceNodes }),
          ),
        ]
      : []),
    action(isFolded ? 'Unfold navigation' : 'Fold navigation', () => setFolded(!isFolded), 'menu sidebar'),
  ]
}
