/** How many alerts concern each node and namespace: the same for graph, lists and pages. Pure. */

export interface AlertMark {
  firing: number
  pending: number
}

interface Markable {
  state: 'firing' | 'pending'
  silenced: boolean | null
  /** ids of nodes */
  nodes: readonly string[]
  place: { cluster: string; namespace: string } | null
}

/** By node id, and by `{cluster}/{namespace}`. An alert somebody silenced counts nowhere. */
export function markAlerts(alerts: readonly Markable[]): Map<string, AlertMark> {
  const marks = new Map<string, AlertMark>()
  for (const { nodes, place, state, silenced } of alerts) {
    if (silenced) continue
    const keys = new Set(nodes)
    if (place) keys.add(`${place.cluster}/${place.namespace}`)
    for (const key of keys) {
      const mark = marks.get(key) ?? { firing: 0, pending: 0 }
      marks.set(key, { ...mark, [state]: mark[state] + 1 })
    }
  }
  return marks
}

/** `2 alerts fire, 1 is pending` */
export function alertMarkWords({ firing, pending }: AlertMark): string {
  const words: string[] = []
  if (firing > 0) words.push(firing === 1 ? '1 alert fires' : `${firing} alerts fire`)
  if (pending > 0) {
    const noun = firing > 0 ? '' : pending === 1 ? 'alert ' : 'alerts '
    words.push(`${pending} ${noun}${pending === 1 ? 'is' : 'are'} pending`)
  }
  return words.join(', ')
}
