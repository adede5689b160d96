'use client'

import { readerZone } from '@/components/layout/time/zone'
import { NAVIGATION } from '@/components/layout/navigation'
import { addressWords } from '@/components/saved-views/address-words'
import { useSavedViews } from '@/components/saved-views/store'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import type { SearchHit } from '@/lib/api/schemas/search'
import { type Entry, type Section, sectionsOf } from './entries'
import { meshEntry } from './mesh-entries'
import { useActions } from './use-actions'
import { useMeshSearch } from './use-mesh-search'
import { readWish, wishesOf } from './verbs'

/** Everything the palette shows for what was typed, and what is to be said when that is nothing or not all. */
export function useSections(text: string, scope: Scope): { sections: Section[]; saying: string | null } {
  const { name, verb } = readWish(text)
  const { answer, isSettled } = useMeshSearch(name, scope, true)
  const { views } = useSavedViews()
  const actions = useActions()
  const hits = answer.data?.items ?? []
  const isEmpty = text.trim() === ''
  const entriesOf = (some: readonly SearchHit[]) => some.map((hit) => meshEntry(hit, scope))
  const objects = hits.filter(({ type }) => type === 'object')
  const nodes = hits.filter(({ type }) => type !== 'object')
  // beyond what was sent it is not known which of them are objects
  const left = (answer.data?.total ?? 0) - hits.length
  const sections = sectionsOf(
    [
      ...(verb ? [{ title: titleOf(verb.words[0] ?? ''), entries: wishesOf(verb, hits, scope) }] : []),
      {
        title: isEmpty ? 'Failing or degraded' : 'In the mesh',
        entries: entriesOf(nodes),
        total: nodes.length + left,
      },
      { title: 'Configuration', entries: entriesOf(objects) },
      { title: 'Saved views', entries: viewEntries(views) },
      { title: 'Pages', entries: pageEntries(scope) },
      { title: 'Actions', entries: actions },
    ],
    text,
  )
  if (sections.length > 0) {
    const [notice] = answer.data?.notices ?? []
    return { sections, saying: answer.error?.message ?? notice?.message ?? null }
  }
  const near = entriesOf(answer.data?.near ?? [])
  if (isSettled && near.length > 0) {
    return {
      sections: [{ title: 'Did you mean', entries: near, more: 0 }],
      saying: `Nothing is called “${text.trim()}”; these are near.`,
    }
  }
  return {
    sections: [],
    saying: answer.error?.message ?? (isSettled ? `Nothing is called “${text.trim()}”.` : 'Reading names'),
  }
}

function titleOf(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function viewEntries(views: ReturnType<typeof useSavedViews>['views']): Entry[] {
  const zone = readerZone()
  return views.map(({ name, path }) => ({
    id: `view ${name}`,
    name,
    place: 'saved view',
    leads: addressWords(path, zone),
    href: path,
    isWhole: true,
  }))
}

function pageEntries(scope: Scope): Entry[] {
  const pages = [
    ...NAVIGATION.map(({ name, href, key }) => ({ name, href: href(scope), alias: '', keys: ['g', key] })),
    { name: 'New objects', href: pagePaths.newConfig(), alias: 'create add yaml', keys: undefined },
    { name: 'Analyze YAML', href: pagePaths.analyze(), alias: 'check validate', keys: undefined },
  ]
  return pages.map(({ name, href, alias, keys }) => ({
    id: `page ${name}`,
    name,
    place: 'page',
    alias,
    leads: href.split('?', 1)[0] ?? href,
    href,
    ...(keys ? { keys } : {}),
  }))
}
