import 'server-only'
import type { FindingsQuery, LiveFinding, LiveFindingList } from '@/lib/api/schemas/analyze'
import type { Entry } from '@/lib/validation/analyze'
import { groupOf, namespaceOf } from '@/lib/validation/world'
import { observeNow } from '../findings/observe'
import type { Upstreams } from '../upstreams'
import { isInScope, unreadNotices } from './config-scope'

/** What is wrong with the objects of all clusters as they are now, sorted by id; with what could not be checked. */
export async function getFindings(up: Upstreams, query: FindingsQuery): Promise<LiveFindingList> {
  const missing = await observeNow(up)
  const items = up.findings.read().flatMap(({ cluster, entries }) => {
    const repeats = new Map<string, number>()
    return (entries ?? [])
      .filter(
        ({ object, finding }) =>
          isInScope(query, cluster, namespaceOf(object)) &&
          (query.severities.length === 0 || query.severities.includes(finding.severity)) &&
          (query.codes.length === 0 || query.codes.includes(finding.code)),
      )
      .map((entry) => itemOf(cluster, entry, repeats))
  })
  return { items: items.sort((a, b) => (a.id < b.id ? -1 : 1)), notices: [...unreadNotices(up), ...missing] }
}

function itemOf(cluster: string, { finding, object }: Entry, repeats: Map<string, number>): LiveFinding {
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
  }
}
