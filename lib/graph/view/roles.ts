/** What a node is to the graph: where traffic begins, what carries none, what has nothing behind it. */
import type { Drafts, NodeDraft } from './drafts'
import type { NodeFacts } from './facts'
import { isCarrying } from './tally'

/**
 * Gives nodes their roles and answers the ids of those that carried nothing. A waypoint without traffic of its
 * own is left out altogether: what it forwards is drawn from caller to workload. Where nothing was measured,
 * nothing is known to have carried nothing.
 */
export function markRoles(
  drafts: Drafts,
  facts: Map<NodeDraft, NodeFacts>,
  isMeasured: boolean,
): Set<string> {
  const called = new Set<NodeDraft>()
  const carrying = new Set<NodeDraft>()
  const touched = new Set<NodeDraft>()
  for (const { source, target, tally } of drafts.edges) {
    touched.add(source).add(target)
    if (!isCarrying(tally)) continue
    carrying.add(source).add(target)
    // who calls only itself is still where traffic begins
    if (source !== target) called.add(target)
  }
  const quiet = new Set<string>()
  for (const [node, known] of facts) {
    if (carrying.has(node)) {
      if (!called.has(node)) node.roles.push('root')
      continue
    }
    if (node.roles.includes('waypoint') && !touched.has(node)) {
      drafts.nodes.delete(node.id)
      facts.delete(node)
      continue
    }
    if (!isMeasured) continue
    quiet.add(node.id)
    if (node.kind !== 'unknown') node.roles.push(known.isDead ? 'dead' : 'idle')
  }
  return quiet
}
