/** What one may want of a thing: `reviews logs` is the logs of reviews. Pure. */
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import type { SearchHit } from '@/lib/api/schemas/search'
import { wordsOf } from '@/lib/mesh/names/name-match'
import type { Entry } from './entries'

interface Verb {
  /** what is typed, from its third letter on */
  words: readonly string[]
  title: string
  leads: string
  hrefOf: (hit: SearchHit, scope: Scope) => string | undefined
}

const tab = (id: string) => (hit: SearchHit, scope: Scope) =>
  pagePaths.findNode(hit.id, { ...scope, tab: id })

const VERBS: readonly Verb[] = [
  { words: ['logs'], title: 'Logs of', leads: 'Its page, Logs', hrefOf: tab('logs') },
  { words: ['metrics', 'charts'], title: 'Metrics of', leads: 'Its page, Metrics', hrefOf: tab('metrics') },
  { words: ['traffic', 'callers'], title: 'Traffic of', leads: 'Its page, Traffic', hrefOf: tab('traffic') },
  { words: ['proxy', 'envoy'], title: 'Proxy of', leads: 'Its page, Proxy', hrefOf: tab('proxy') },
  {
    words: ['configuration'],
    title: 'Configuration of',
    leads: 'Its page, Configuration',
    hrefOf: tab('config'),
  },
  {
    words: ['traces', 'spans'],
    title: 'Traces of',
    leads: 'Traces',
    hrefOf: ({ id }, { window, at }) =>
      pagePaths.traces({ node: id, ...(window ? { window } : {}), at: at ?? null }),
  },
  {
    words: ['routing', 'routes'],
    title: 'Routing of',
    leads: 'Routing',
    hrefOf: (hit, scope) => (hit.type === 'service' ? pagePaths.routing(hit, scope) : undefined),
  },
  {
    words: ['baseline', 'shift', 'weights', 'rollback'],
    title: 'Send all traffic to the baseline of',
    leads: 'Traffic shifting',
    hrefOf: (hit, { at, window }) =>
      hit.type === 'object' || hit.type === 'namespace'
        ? undefined
        : pagePaths.splits({
            filter: hit.name,
            at: at ?? null,
            ...(window ? { window } : {}),
          }),
  },
]

const LEAST_LETTERS = 3

/** What was typed as the name of a thing and what is wanted of it; without a name it is all name. */
export function readWish(text: string): { name: string; verb: Verb | null } {
  const words = wordsOf(text)
  for (const [at, word] of words.entries()) {
    const verb = VERBS.find((each) =>
      each.words.some((full) => word.length >= LEAST_LETTERS && full.startsWith(word)),
    )
    const rest = words.filter((_, index) => index !== at && words[index] !== 'of')
    if (verb && rest.length > 0) return { name: rest.join(' '), verb }
  }
  return { name: text, verb: null }
}

/** That of each thing which has it. */
export function wishesOf(verb: Verb, hits: readonly SearchHit[], scope: Scope): Entry[] {
  return hits.flatMap((hit): Entry[] => {
    if (hit.type === 'object' || hit.type === 'namespace') return []
    const href = verb.hrefOf(hit, scope)
    if (href === undefined) return []
    return [
      {
        id: `${verb.title} ${hit.id}`,
        name: `${verb.title} ${hit.name}`,
        place: `${hit.type === 'app' ? 'application' : hit.type} in ${hit.cluster} / ${hit.namespace}`,
        alias: verb.words.join(' '),
        status: hit.status,
        leads: verb.leads,
        href,
      },
    ]
  })
}
