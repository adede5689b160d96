'use client'

import { Checkbox, ScrollArea, TextInput } from '@mantine/core'
import { IconChevronDown, IconCirclesRelation, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useView } from '@/components/hooks/address/use-view'
import { HealthIcon } from '@/components/ui/health/Health'
import { queries } from '@/lib/api/queries'
import type { NamespaceSummary } from '@/lib/api/schemas/status'
import { formatCount } from '@/lib/units/number'
import classes from './Masthead.module.css'
import { MastheadPopover } from './MastheadPopover'
import own from './NamespacePicker.module.css'

// a person does not scroll through more; the filter finds the rest
const MAX_ROWS = 200
const MOST_NAMED = 20

export function NamespacePicker() {
  const [view, setView] = useView()
  const open = useState(false)
  const answer = useQuery({ ...queries.namespaces({ window: view.window, at: view.at }), enabled: true })
  const items = useMemo(() => answer.data?.items ?? [], [answer.data])
  const clusters = useMemo(() => [...new Set(items.map((item) => item.cluster))].sort(), [items])
  const isClusterOn = (name: string) => view.clusters.length === 0 || view.clusters.includes(name)
  const isShown = (item: NamespaceSummary) => isClusterOn(item.cluster)
  const isChosen = (item: NamespaceSummary) =>
    view.namespaces.includes(item.id) || view.namespaces.includes(item.name)
  const toggleCluster = (name: string) => {
    const shown = view.clusters.length === 0 ? clusters : view.clusters
    const next = shown.includes(name) ? shown.filter((each) => each !== name) : [...shown, name]
    // none is the same as all, and all needs no saying
    const isAll = next.length === 0 || next.length === clusters.length
    setView({ clusters: isAll ? [] : next, selected: null, focus: null })
  }
  const set = (chosen: string[]) => setView({ namespaces: chosen, selected: null, focus: null })
  const toggle = (item: NamespaceSummary) => {
    // a bare name stands for that namespace in every cluster: spell it out before taking one away
    const ids = items.filter(isChosen).map((each) => each.id)
    set(ids.includes(item.id) ? ids.filter((id) => id !== item.id) : [...ids, item.id])
  }
  return (
    <MastheadPopover
      open={open}
      label={`Namespaces: ${labelOf(view.namespaces, view.clusters)}`}
      hover={hoverOf(view.namespaces)}
      title="Choose namespaces"
      mark={own.button}
      position="bottom-start"
      width={320}
      sheet={
        <>
          {clusters.length > 1 ? (
            <div className={own.clusters} role="group" aria-label="Clusters">
              {clusters.map((name) => (
                <button
                  key={name}
                  type="button"
                  className={own.cluster}
                  data-on={isClusterOn(name) || undefined}
                  aria-pressed={isClusterOn(name)}
                  onClick={() => toggleCluster(name)}
                >
                  {name}
                </button>
              ))}
            </div>
          ) : null}
          <NamespaceList
            items={items.filter(isShown)}
            isChosen={isChosen}
            isAll={view.namespaces.length === 0}
            error={answer.error?.message ?? null}
            onToggle={toggle}
            onOnly={(item) => set([item.id])}
            onAll={() => set([])}
          />
        </>
      }
    >
      <IconCirclesRelation size={16} aria-hidden />
      <span className={own.label}>{labelOf(view.namespaces, view.clusters)}</span>
      <IconChevronDown size={14} aria-hidden />
    </MastheadPopover>
  )
}

function NamespaceList({
  items,
  isChosen,
  isAll,
  error,
  onToggle,
  onOnly,
  onAll,
}: {
  items: readonly NamespaceSummary[]
  isChosen: (item: NamespaceSummary) => boolean
  isAll: boolean
  error: string | null
  onToggle: (item: NamespaceSummary) => void
  onOnly: (item: NamespaceSummary) => void
  onAll: () => void
}) {
  const [filter, setFilter] = useState('')
  // those chosen when it was opened stand first, where they can be taken away; nothing moves under the pointer later
  const [wereChosen, setWereChosen] = useState<ReadonlySet<string> | null>(null)
  if (wereChosen === null && items.length > 0) {
    setWereChosen(new Set(items.filter(isChosen).map(({ id }) => id)))
  }
  const rank = (item: NamespaceSummary) => (wereChosen?.has(item.id) ? 0 : 1)
  const found = items
    .filter((item) => item.id.toLowerCase().includes(filter.toLowerCase().trim()))
    .sort((a, b) => rank(a) - rank(b))
  const clusters = new Set(items.map((item) => item.cluster))
  return (
    <div className={own.picker}>
      <TextInput
        size="xs"
        placeholder="Filter namespaces"
        aria-label="Filter namespaces"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
        data-autofocus
      />
      <div className={own.row}>
        <Checkbox
          size="xs"
          label="All namespaces"
          checked={isAll}
          onChange={onAll}
          classNames={{ body: own.check }}
        />
        <span className="num">{formatCount(items.length)}</span>
      </div>
      <div className={classes.rule} />
      {error ? <p className={classes.hint}>{error}</p> : null}
      <ScrollArea.Autosize
        mah={360}
        type="auto"
        scrollbars="y"
        offsetScrollbars="present"
        classNames={{ content: own.content }}
      >
        {found.slice(0, MAX_ROWS).map((item) => (
          <div key={item.id} className={own.row}>
            <Checkbox
              size="xs"
              label={
                <span title={item.name}>
                  {clusters.size > 1 ? `${item.cluster} / ${item.name}` : item.name}
                </span>
              }
              checked={isChosen(item)}
              onChange={() => onToggle(item)}
              classNames={{ root: own.choice, body: own.check }}
            />
            <span className={own.tail}>
              <button
                type="button"
                className={own.only}
                aria-label={`Only ${item.name}`}
                onClick={() => onOnly(item)}
              >
                only
              </button>
              {item.health.status === 'degraded' || item.health.status === 'failing' ? (
                <HealthIcon status={item.health.status} size={14} />
              ) : null}
              <span className="num">{item.nodes}</span>
            </span>
          </div>
        ))}
        {found.length === 0 && !error ? <p className={classes.hint}>No namespace of this name.</p> : null}
        {found.length > MAX_ROWS ? (
          <p className={classes.hint}>{found.length - MAX_ROWS} more: filter by name.</p>
        ) : null}
      </ScrollArea.Autosize>
    </div>
  )
}

/** Which they are, where the button says how many or has no room for the name. */
function hoverOf(chosen: readonly string[]): string | undefined {
  if (chosen.length === 0) return undefined
  const more = chosen.length - MOST_NAMED
  return [...chosen.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}

function labelOf(chosen: readonly string[], clusters: readonly string[]): string {
  const where = clusters.length === 0 ? '' : ` in ${clusters.join(', ')}`
  const [first] = chosen
  if (first === undefined) return `All namespaces${where}`
  return (chosen.length === 1 ? first.split('/').pop() || first : `${chosen.length} namespaces`) + where
}
