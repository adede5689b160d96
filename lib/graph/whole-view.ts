import type { GraphType, GraphView } from './types'

/** Everything there is, quiet or not, as a graph of one type: what lists, pages and analyses are made of. */
export function wholeView(graphType: GraphType): GraphView {
  return {
    graphType,
    namespaces: null,
    clusters: null,
    serviceNodes: false,
    idle: true,
    focus: null,
    hops: 1,
  }
}
