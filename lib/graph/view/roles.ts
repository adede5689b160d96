/** What a node is to the graph: where traffic begins, what carries none, what has nothing behind it. */
import type { Drafts, NodeDraft } from './drafts'
import type { NodeFacts } from './facts'
import { isCarrying } from './tally'

/**
 * Gives nodes their roles and answers the ids of those that carried nothing. A waypoint without traffic of its
 * own is left out altogether: what it forwards is drawn from caller to workload.
 */
export function markRoles(drafts: Drafts, facts: Map<NodeDraft, NodeFacts>): Set<string> {
  const called = new Set<string>()
  const carrying = new Set<string>()
  for (const { source, target, tally } of drafts.edges) {
    if (!isCarrying(tally)) continue
    carrying.add(source.id).add(target.id)
    // who calls only itself is still where traffic begins
    if (source !== target) called.add(target.id)
  }
  const quiet = new Set<string>()
  const touched = new Set<string>()
  for (const { source, target } of drafts.edges) touched.add(source.id).add(target.id)
  for (const [node, known] of facts) {
    if (carrying.has(node.id)) {
      if (!called.has(node.id)) node.roles.add('root')
      continue
    }
    if (node.roles.has('waypoint') && !touched.has(node.id)) {
      drafts.nodes.delete(node.id)
      facts.delete(node)
      continue
    }
    quiet.add(node.id)
    if (node.kind !== 'unknown') node.roles.add(known.isDead ? 'dead' : 'idle')
  }
  return quiet
}
