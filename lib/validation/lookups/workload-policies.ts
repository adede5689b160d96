/** Objects that choose pods of their own namespace by labels, and what goes wrong when they do. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { fullName, listed } from '../read'
import { append, namespaceOf, type KindKey, type World } from '../world'
import { podsWith, selectorText, type Labels } from './selectors'

export interface Selection {
  /** selectors that no pod has */
  unmatched: { object: ConfigObject; selector: Labels }[]
  /** objects that choose a pod which others choose too, with the others and one such pod */
  overlapping: { object: ConfigObject; others: readonly ConfigObject[]; pod: ConfigObject }[]
  /** pods that each object chooses */
  pods: ReadonlyMap<ConfigObject, readonly ConfigObject[]>
}

/** Which pods objects of a kind choose; `selectorOf` answers undefined for one that chooses none by labels. */
export function selectPods(
  world: World,
  kind: KindKey,
  selectorOf: (object: ConfigObject) => Labels | undefined,
): Selection {
  const byPod = new Map<ConfigObject, ConfigObject[]>()
  const pods = new Map<ConfigObject, readonly ConfigObject[]>()
  const unmatched: Selection['unmatched'] = []
  for (const object of world.list(kind)) {
    const selector = selectorOf(object)
    if (!selector) continue
    const chosen = podsWith(world, selector, namespaceOf(object))
    pods.set(object, chosen)
    if (chosen.length === 0) unmatched.push({ object, selector })
    for (const pod of chosen) append(byPod, pod, object)
  }
  const overlapping: Selection['overlapping'] = []
  const told = new Set<ConfigObject>()
  for (const [pod, choosers] of byPod) {
    if (choosers.length < 2) continue
    for (const object of choosers) {
      if (told.has(object)) continue
      told.add(object)
      overlapping.push({ object, others: choosers.filter((other) => other !== object), pod })
    }
  }
  return { unmatched, overlapping, pods }
}

export function noPods(kind: string, { object, selector }: Selection['unmatched'][number]): string {
  return `No pod of namespace ${namespaceOf(object)} has the labels ${selectorText(selector)}, so this ${kind} applies to nothing. Correct the selector, or create the object beside its pods.`
}

export function overlap(kind: string, { others, pod }: Selection['overlapping'][number]): string {
  return `The pod ${pod.metadata.name} is also selected by ${listed(others.map(fullName).sort())}; which ${kind} it follows is not defined. Make the selectors exclude each other, or merge the objects.`
}

/** Objects by namespace, where a namespace has several. */
export function crowded(objects: readonly ConfigObject[]): ConfigObject[][] {
  const byNamespace = new Map<string, ConfigObject[]>()
  for (const object of objects) append(byNamespace, namespaceOf(object), object)
  return [...byNamespace.values()].filter((list) => list.length > 1)
}
