/** Things of the mesh as lines of the palette. Pure. */
import { kindWords } from '@/components/config/kind-words'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import type { SearchHit } from '@/lib/api/schemas/search'
import type { Entry } from './entries'

const OF_TYPE = {
  service: { words: 'service', graphType: 'service' },
  workload: { words: 'workload', graphType: 'workload' },
  app: { words: 'application', graphType: 'app' },
} as const

/** A thing leads to its place in the graph, with Ctrl to its page; an object to its page. */
export function meshEntry(hit: SearchHit, scope: Scope): Entry {
  const where = hit.namespace === '' ? hit.cluster : `${hit.cluster} / ${hit.namespace}`
  const base = { id: `${hit.type} ${hit.id}`, name: hit.name, status: hit.status }
  if (hit.type === 'namespace') {
    const own = { ...scope, namespaces: [hit.id] }
    return {
      ...base,
      place: `namespace in ${hit.cluster}`,
      leads: 'Graph of it alone',
      href: pagePaths.graph(own),
      other: { leads: 'Its page', href: pagePaths.namespace(hit, scope) },
    }
  }
  if (hit.type === 'object') {
    const { ref } = hit
    const kind = ref ? kindWords(ref) : 'Object'
    const alias = kind.replace(/([a-z])([A-Z])/g, '$1 $2')
    return {
      ...base,
      place: `${kind} in ${where}`,
      alias,
      leads: 'Its page',
      ...(ref ? { href: pagePaths.configObject(ref, scope) } : {}),
    }
  }
  const { words, graphType } = OF_TYPE[hit.type]
  const page = pagePaths.findNode(hit.id, scope)
  return {
    ...base,
    place: `${words} in ${where}`,
    leads: 'Graph',
    href: pagePaths.graph({
      ...scope,
      ...(isShown(hit, scope) ? {} : { namespaces: [], clusters: [] }),
      graphType,
      idle: hit.isIdle,
      selected: hit.id,
    }),
    ...(page === undefined ? {} : { other: { leads: 'Its page', href: page } }),
  }
}

/** A filter that hides what was looked for would make the search look broken. */
function isShown({ cluster, namespace }: SearchHit, { namespaces = [], clusters = [] }: Scope): boolean {
  return (
    (clusters.length === 0 || clusters.includes(cluster)) &&
    (namespaces.length === 0 ||
      namespaces.includes(namespace) ||
      namespaces.includes(`${cluster}/${namespace}`))
  )
}
