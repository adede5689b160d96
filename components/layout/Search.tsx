'use client'

import '@mantine/spotlight/styles.css'

import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useState } from 'react'
import { spokenName } from '@/components/graph/scene/summary'
import { scopeOf, useView } from '@/components/hooks/use-view'
import { HealthIcon } from '@/components/ui/Health'
import type { ItemKind } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ListItem } from '@/lib/api/schemas/lists'
import { NAVIGATION } from './navigation'
import { rankedHits } from './search-hits'
import classes from './Search.module.css'

const [store, spotlight] = createSpotlight()

const KINDS: { kind: ItemKind; words: string; graphType: 'workload' | 'service' | 'app' }[] = [
  { kind: 'workloads', words: 'workload', graphType: 'workload' },
  { kind: 'services', words: 'service', graphType: 'service' },
  { kind: 'apps', words: 'application', graphType: 'app' },
]

/** Finds any workload, service, app or page by name, and shows it in the graph. */
export default function Search({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [text, setText] = useState('')
  const [view] = useView()
  const router = useRouter()
  const time = { window: view.window, at: view.at }
  const answers = useQueries({
    queries: KINDS.map(({ kind }) => ({ ...queries.items(kind, time), enabled: isOpen })),
  })

  useEffect(() => (isOpen ? spotlight.open() : spotlight.close()), [isOpen])

  const items = useMemo(
    () =>
      KINDS.flatMap((of, index) =>
        (answers[index]?.data?.items ?? []).map((item) => ({
          ...of,
          item,
          name: spokenName(item),
          place: `${item.name} ${item.namespace}`,
        })),
      ),
    [answers],
  )
  const clusters = new Set(items.map(({ item }) => item.cluster)).size
  const hits = rankedHits(items, text)
  const pages = NAVIGATION.filter((page) => page.name.toLowerCase().includes(text.trim().toLowerCase()))
  const first = hits[0]?.item.id ?? pages[0]?.path
  // Spotlight marks the first action before the answers are there, and loses the mark when they come
  useEffect(() => {
    if (document.querySelector('[data-action][data-selected]')) return
    document.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  }, [first, text])
  const isLoading = answers.some((answer) => answer.isPending)
  const failed = answers.find((answer) => answer.isError)

  const show = (item: ListItem, graphType: 'workload' | 'service' | 'app') => {
    // a namespace filter that hides what was looked for would make the search look broken
    const isVisible =
      view.namespaces.length === 0 ||
      view.namespaces.includes(item.namespace) ||
      view.namespaces.includes(`${item.cluster}/${item.namespace}`)
    router.push(
      pagePaths.graph({
        ...scopeOf(view),
        ...(isVisible ? {} : { namespaces: [] }),
        graphType,
        idle: item.roles.includes('idle') || item.roles.includes('dead'),
        selected: item.id,
      }),
    )
  }
  return (
    <Spotlight.Root
      store={store}
      query={text}
      onQueryChange={setText}
      onSpotlightClose={onClose}
      shortcut={null}
      // the page itself never scrolls; locking it would write a style rule the page's policy forbids
      lockScroll={false}
      clearQueryOnClose
      maxHeight={460}
      classNames={{ action: classes.action, actionsGroup: classes.group }}
      overlayProps={{ backgroundOpacity: 0.45, blur: 2 }}
      scrollable
    >
      <Spotlight.Search
        placeholder="Find a workload, service, application or page"
        aria-label="Search the mesh"
        leftSection={<IconSearch size={18} stroke={1.6} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {hits.length > 0 ? (
          <Spotlight.ActionsGroup label="In the mesh">
            {hits.map(({ item, words, graphType, name }) => (
              <Spotlight.Action key={`${words} ${item.id}`} onClick={() => show(item, graphType)}>
                <div className={classes.hit}>
                  <HealthIcon status={item.health.status} />
                  <span className={classes.name}>{name}</span>
                  <span className={classes.place}>
                    {words} in {clusters > 1 ? `${item.cluster} / ${item.namespace}` : item.namespace}
                  </span>
                </div>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {pages.length > 0 ? (
          <Spotlight.ActionsGroup label="Pages">
            {pages.map((page) => (
              <Spotlight.Action
                key={page.path}
                label={page.name}
                onClick={() => router.push(page.href(scopeOf(view)))}
              />
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {hits.length + pages.length === 0 ? (
          <Spotlight.Empty>
            {failed ? failed.error?.message : isLoading ? 'Reading names' : `Nothing is called “${text}”.`}
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
