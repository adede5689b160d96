import 'server-only'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import type { Notice } from '@/lib/api/schemas/common'
import type { ConfigListItem } from '@/lib/api/schemas/config/changes'
import type { SearchQuery } from '@/lib/api/schemas/requests'
import type { SearchAnswer, SearchHit } from '@/lib/api/schemas/search'
import { wholeView } from '@/lib/graph/whole-view'
import { compareStatus } from '@/lib/health/combine'
import { UNKNOWN } from '@/lib/mesh/identity'
import { rankNames, wordsOf } from '@/lib/mesh/names/name-match'
import { nearNames } from '@/lib/mesh/names/near-names'
import { listConfig } from '../../changes/objects'
import { isRefusal, noticeOf } from '../../errors'
import { currentAccess, withLeftOut } from '../../session/access'
import type { Upstreams } from '../../upstreams'
import { hidingOf, namesOf } from '../graph/get-graph'
import { GRAPH_OF_ITEMS } from './item-graphs'
import { namespacesOf } from './list-namespaces'
import { readSnapshotOrObjects } from '../read-snapshot'
import { resolveTime } from '../resolve-time'

interface Candidate {
  name: string
  place: string
  hit: SearchHit
}

/** Kinds whose objects are nodes, too. */
const SHOWN_AS_NODES = new Set(['Service'])

/**
 * Services, workloads, apps, namespaces and objects whose name, kind or place holds every word, best first. Without
 * words: what is in the worst state. Where Prometheus does not answer, what Kubernetes has is still found.
 */
export async function searchMesh(up: Upstreams, query: SearchQuery): Promise<SearchAnswer> {
  const { candidates: nodes, notices: missing } = await readNodes(up, query)
  const notices = withLeftOut(await currentAccess(up), missing)
  const objects = await readObjects(up, query)
  if (wordsOf(query.text).length === 0) {
    const ill = nodes
      .filter(
        ({ hit }) => hit.type !== 'namespace' && (hit.status === 'failing' || hit.status === 'degraded'),
      )
      .sort(
        (a, b) =>
          compareStatus(b.hit.status ?? 'unknown', a.hit.status ?? 'unknown') ||
          (a.hit.id < b.hit.id ? -1 : 1),
      )
    return { items: ill.slice(0, query.limit).map(({ hit }) => hit), total: ill.length, near: [], notices }
  }
  const all = [...nodes, ...objects]
  const { found, total } = rankNames(all, query.text, query.limit)
  return {
    items: found.map(({ hit }) => hit),
    total,
    near: total > 0 ? [] : near(all, query.text),
    notices,
  }
}

function near(candidates: readonly Candidate[], text: string): SearchHit[] {
  const name = text.trim()
  if (name.length < 3) return []
  const places = candidates.map(({ hit }) => ({ ...hit, hit }))
  return nearNames({ name, cluster: '', namespace: '' }, places).map(({ hit }) => hit)
}

async function readNodes(
  up: Upstreams,
  query: SearchQuery,
): Promise<{ candidates: Candidate[]; notices: Notice[] }> {
  const time = await resolveTime(up, query)
  try {
    // names and health do not wait for quantiles
    const { snapshot } = await readSnapshotOrObjects(up, time, 'later')
    const candidates = (['services', 'workloads', 'apps'] as const).flatMap((kind) => {
      const graph = up.projector.project(snapshot, {
        ...wholeView(GRAPH_OF_ITEMS[kind].graphType),
        namespaces: namesOf(query.namespaces),
        clusters: namesOf(query.clusters),
        ...hidingOf(),
      })
      return nodesOf(graph, GRAPH_OF_ITEMS[kind].nodeKind)
    })
    const namespaces = namespacesOf(up, query, snapshot, []).items.map(
      ({ id, cluster, name, health }): Candidate => ({
        name,
        place: `namespace in ${cluster}`,
        hit: {
          type: 'namespace',
          id,
          cluster,
          namespace: name,
          name,
          status: health.status,
          isIdle: false,
          ref: null,
        },
      }),
    )
    return { candidates: [...namespaces, ...candidates], notices: [] }
  } catch (error) {
    return { candidates: [], notices: [noticeOf(error, 'Only configuration is found by name.')] }
  }
}

// a graph is one object for all who ask while its snapshot is the newest
const known = new WeakMap<Graph, Candidate[]>()

const WORDS = { service: 'service', workload: 'workload', app: 'application' } as const

function nodesOf(graph: Graph, kind: keyof typeof WORDS): Candidate[] {
  const made = known.get(graph)
  if (made) return made
  const candidates = graph.nodes.flatMap((node): Candidate[] => {
    const { id, cluster, namespace, name, roles } = node
    if (node.kind !== kind || roles.includes('outside') || namespace === UNKNOWN) return []
    return [
      {
        name,
        place: `${WORDS[kind]} in ${cluster} ${namespace}`,
        hit: {
          type: kind,
          id,
          cluster,
          namespace,
          name,
          status: node.health.status,
          isIdle: roles.includes('idle') || roles.includes('dead'),
          ref: null,
        },
      },
    ]
  })
  known.set(graph, candidates)
  return candidates
}

async function readObjects(up: Upstreams, query: SearchQuery): Promise<Candidate[]> {
  try {
    const { namespaces, clusters } = query
    const { items } = await listConfig(up, { namespaces, clusters, kinds: [] })
    return items.flatMap(candidateOf)
  } catch (error) {
    // without Kubernetes there are none
    if (isRefusal(error)) return []
    throw error
  }
}

function candidateOf({ id, ref }: ConfigListItem): Candidate[] {
  if (SHOWN_AS_NODES.has(ref.kind)) return []
  const words = ref.kind.replace(/([a-z])([A-Z])/g, '$1 $2')
  return [
    {
      name: ref.name,
      place: `${ref.kind} ${words} in ${ref.cluster} ${ref.namespace}`,
      hit: {
        type: 'object',
        id,
        cluster: ref.cluster,
        namespace: ref.namespace,
        name: ref.name,
        status: null,
        isIdle: false,
        ref,
      },
    },
  ]
}
