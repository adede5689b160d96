import 'server-only'
import {
  SEVERITIES,
  type FindingsQuery,
  type LiveFinding,
  type LiveFindingList,
} from '@/lib/api/schemas/config/analyze'
import type { Notice } from '@/lib/api/schemas/common'
import { parseNodeId } from '@/lib/mesh/identity'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import type { Entry } from '@/lib/validation/analyze'
import { groupOf, namespaceOf } from '@/lib/validation/world'
import { concernedNodes, concernsNode } from '../../findings/concerned'
import { observeNow } from '../../findings/observe'
import { currentAccess, isVisible, withLeftOut, withoutHidden, type Access } from '../../session/access'
import { outdatedNotices } from '../../snapshots/objects'
import type { Upstreams } from '../../upstreams'
import { isInScope, unreadNotices } from '../config-scope'

/** A mesh that has more needs to be looked at in parts, and no browser needs to hold them all. */
const MOST_FINDINGS = 3_000

/** What is wrong with the objects of all clusters as they are now, sorted by id; with what could not be checked. */
export async function getFindings(up: Upstreams, query: FindingsQuery): Promise<LiveFindingList> {
  const [missing, access] = await Promise.all([observeNow(up), currentAccess(up)])
  const inventories = new Map(
    up.inventories.map((source) => [source.cluster, source.current().inventory ?? undefined]),
  )
  const node = query.node === undefined ? undefined : parseNodeId(query.node)
  const found = up.findings.read().flatMap(({ cluster, entries }) => {
    const inventory = inventories.get(cluster)
    const isOfNode = node && cluster === node.cluster && inventory ? concernsNode(node, inventory) : null
    return (entries ?? [])
      .filter(
        ({ object, finding }) =>
          isInScope(query, cluster, namespaceOf(object)) &&
          (query.severities.length === 0 || query.severities.includes(finding.severity)) &&
          (query.codes.length === 0 || query.codes.includes(finding.code)) &&
          (node === undefined || isOfNode?.(object) === true),
      )
      .map((entry) => ({ cluster, entry }))
  })
  const repeats = new Map<string, number>()
  const items = worstFirst(found)
    .slice(0, MOST_FINDINGS)
    .map(({ cluster, entry }) => {
      const item = itemOf(cluster, entry, repeats, inventories.get(cluster))
      const told = { ...item, concerns: item.concerns.filter((id) => isSeen(access, id)) }
      return withoutHidden(up, access, cluster, told)
    })
  const cut: Notice[] =
    found.length <= MOST_FINDINGS
      ? []
      : [
          {
            code: 'findings-cut',
            message: `There are ${found.length} findings; the ${MOST_FINDINGS} worst are listed. Choose namespaces to see the others.`,
          },
        ]
  return {
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)),
    notices: withLeftOut(access, [...unreadNotices(up), ...outdatedNotices(up), ...missing, ...cut]),
  }
}

/** Nodes of namespaces the reader may not see are not named. */
function isSeen(access: Access, id: string): boolean {
  const node = parseNodeId(id)
  return node !== undefined && isVisible(access, node.cluster, node.namespace)
}

function worstFirst<T extends { entry: Entry }>(found: readonly T[]): readonly T[] {
  if (found.length <= MOST_FINDINGS) return found
  return SEVERITIES.flatMap((severity) => found.filter(({ entry }) => entry.finding.severity === severity))
}

function itemOf(
  cluster: string,
  { finding, object }: Entry,
  repeats: Map<string, number>,
  inventory: ClusterInventory | undefined,
): LiveFinding {
  const { apiVersion, kind, metadata } = object
  const group = groupOf(apiVersion)
  const namespace = namespaceOf(object)
  const path = finding.path === null ? '' : `@${finding.path}`
  const id = `${[cluster, namespace, group, kind, metadata.name].join('/')}#${finding.code}${path}`
  // several findings of one code may be about one place
  const count = (repeats.get(id) ?? 0) + 1
  repeats.set(id, count)
  return {
    ...finding,
    id: count === 1 ? id : `${id}~${count}`,
    cluster,
    ref: {
      cluster,
      group,
      version: group === '' ? apiVersion : apiVersion.slice(group.length + 1),
      kind,
      namespace,
      name: metadata.name,
    },
    concerns: inventory ? concernedNodes(object, inventory) : [],
  }
}
