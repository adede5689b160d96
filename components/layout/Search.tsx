'use client'

import '@mantine/spotlight/styles.css'

import { Kbd } from '@mantine/core'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import type { KeyboardEvent, MouseEvent } from 'react'
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

// the list hands its properties to a scroll area, which its type does not say
const SCROLLED_BY_KEYS = { viewportProps: { tabIndex: 0 } }

/** Namespaces stand below the things in them: few, or they would hide the pages. */
const MOST_NAMESPACES = 5

/** Finds any workload, service, app, namespace or page by name, and shows it in the graph or in full. */
export default function Search({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [text, setText] = useState('')
  const [view] = useView()
  const router = useRouter()
  const time = { window: view.window, at: view.at }
  const answers = useQueries({
    queries: KINDS.map(({ kind }) => ({ ...queries.items(kind, time), enabled: isOpen })),
  })

  const namespaces = useQuery({ ...queries.namespaces(time), enabled: isOpen })

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
  const named = (namespaces.data?.items ?? []).map((item) => ({ item, name: item.name, place: item.cluster }))
  // with nothing typed the things themselves are of more use
  const places = text.trim() === '' ? [] : rankedHits(named, text).slice(0, MOST_NAMESPACES)
  const pages = NAVIGATION.filter((page) => page.name.toLowerCase().includes(text.trim().toLowerCase()))
  const first = hits[0]?.item.id ?? places[0]?.item.id ?? pages[0]?.path
  // Spotlight marks the first action before the answers are there, and loses the mark when they come
  useEffect(() => {
    if (document.querySelector('[data-action][data-selected]')) return
    document.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  }, [first, text])
  const isLoading = answers.some((answer) => answer.isPending)
  const failed = answers.find((answer) => answer.isError)

  const show = (event: MouseEvent, item: ListItem, graphType: 'workload' | 'service' | 'app') => {
    const page = pagePaths.findNode(item.id, time)
    if (page && (event.ctrlKey || event.metaKey)) return router.push(page)
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
  // Spotlight's own Enter is a plain click: with a modifier it must reach the action as one
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    document
      .querySelector('[data-action][data-selected]')
      ?.dispatchEvent(new window.MouseEvent('click', { bubbles: true, ctrlKey: true }))
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
      attributes={{ content: { 'aria-label': 'Search the mesh' } }}
      scrollable
    >
      <Spotlight.Search
        placeholder="Find a workload, service, application, namespace or page"
        onKeyDownCapture={onKeyDown}
        aria-label="Search the mesh"
        leftSection={<IconSearch size={18} stroke={1.6} aria-hidden />}
      />
      <Spotlight.ActionsList {...SCROLLED_BY_KEYS}>
        {hits.length > 0 ? (
          <Spotlight.ActionsGroup label="In the mesh">
            {hits.map(({ item, words, graphType, name }) => (
              <Spotlight.Action key={`${words} ${item.id}`} onClick={(event) => show(event, item, graphType)}>
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
        {places.length > 0 ? (
          <Spotlight.ActionsGroup label="Namespaces">
            {places.map(({ item }) => (
              <Spotlight.Action
                key={item.id}
                onClick={(event) => {
                  const scope = { ...scopeOf(view), namespaces: [item.id] }
                  const isDetails = event.ctrlKey || event.metaKey
                  router.push(isDetails ? pagePaths.items('workloads', scope) : pagePaths.graph(scope))
                }}
              >
                <div className={classes.hit}>
                  <HealthIcon status={item.health.status} />
                  <span className={classes.name}>{item.name}</span>
                  <span className={classes.place}>namespace in {item.cluster}</span>
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
        {hits.length + places.length + pages.length === 0 ? (
          <Spotlight.Empty>
            {failed ? failed.error?.message : isLoading ? 'Reading names' : `Nothing is called “${text}”.`}
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
      <Spotlight.Footer className={classes.keys}>
        <span>
          <Kbd size="xs">Enter</Kbd> shows it in the graph
        </span>
        <span>
          <Kbd size="xs">Ctrl Enter</Kbd> opens its details
        </span>
      </Spotlight.Footer>
    </Spotlight.Root>
  )
}
