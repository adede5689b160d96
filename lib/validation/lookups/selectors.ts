/** Which pods a set of labels selects. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asTextMap, asTexts, items, labelsOf, type Fields } from '../read'
import { append, namespaceOf, type World } from '../world'
import { POD } from './kinds'

export type Labels = Readonly<Record<string, string>>

/** True when every pair of the selector is among the labels; the empty selector selects everything. */
export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value)
}

/** `app=a,version=v1`, in the order of keys: equal selectors have equal texts. */
export function selectorText(selector: Labels): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',')
}

/** Pods by `namespace key=value` and, for all namespaces, by ` key=value`. */
function indexPods(world: World): ReadonlyMap<string, readonly ConfigObject[]> {
  const byLabel = new Map<string, ConfigObject[]>()
  for (const pod of world.list(POD)) {
    for (const [key, value] of Object.entries(labelsOf(pod))) {
      append(byLabel, `${namespaceOf(pod)} ${key}=${value}`, pod)
      append(byLabel, ` ${key}=${value}`, pod)
    }
  }
  return byLabel
}

/** Pods with all these labels; of one namespace, or of all when `namespace` is null. */
export function podsWith(world: World, selector: Labels, namespace: string | null): readonly ConfigObject[] {
  const pairs = Object.entries(selector)
  if (pairs.length === 0) return namespace === null ? world.list(POD) : world.inNamespace(POD, namespace)
  let fewest: readonly ConfigObject[] | undefined
  for (const [key, value] of pairs) {
    const pods = world.lookup(indexPods, `${namespace ?? ''} ${key}=${value}`) ?? []
    if (!fewest || pods.length < fewest.length) fewest = pods
  }
  return pairs.length === 1
    ? (fewest ?? [])
    : (fewest ?? []).filter((pod) => selects(selector, labelsOf(pod)))
}

/** True when a Kubernetes label selector (matchLabels, matchExpressions) takes these labels; absent takes all. */
export function matchesLabelSelector(selector: unknown, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = asFields(selector)
  if (!selects(asTextMap(matchLabels), labels)) return false
  return items(matchExpressions).every(([expression]) => matchesExpression(expression, labels))
}

function matchesExpression({ key, operator, values }: Fields, labels: Labels): boolean {
  const value = typeof key === 'string' ? labels[key] : undefined
  const among = asTexts(values)
  switch (operator) {
    case 'In':
      return value !== undefined && among.includes(value)
    case 'NotIn':
      return value === undefined || !among.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}
