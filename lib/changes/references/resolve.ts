/** What an object points to and what points to it, as the cluster has it. */
import { parseServiceHost } from '@/lib/istio/hosts'
import { unreadAmong, WORKLOADS } from '@/lib/istio/unread'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { asText, asTexts, items, specOf } from '@/lib/validation/read'
import { groupOf, namespaceOf } from '@/lib/validation/world'
import { indexByHost, type ByHost } from './by-host'
import { mentionsOf, type Mention, type Target } from './mentions'

/** One end of a reference. */
export interface Reference {
  /** a clause: "sends requests to"; of what points here the other object is its subject */
  why: string
  /** fields that say so, in the object that refers */
  paths: string[]
  /** the object at the other end; null for hosts and pods that are none */
  object: { apiVersion: string; kind: string; namespace: string; name: string } | null
  /** what is named where it is no object: a host, a subset, labels */
  text: string | null
  /** `namespace/name` of workloads the labels select; null where none are selected by labels */
  workloads: string[] | null
  /** false: named and not there; null: Heddle does not read such objects, or may not */
  exists: boolean | null
}

export interface References {
  to: Reference[]
  from: Reference[]
}

/** Both ways, each other end once with all the fields that name it, in the order of the fields and of the objects. */
export function referencesOf(object: ConfigObject, inventory: ClusterInventory): References {
  const index = indexInventory(inventory)
  const to = mentionsOf(object, inventory.rootNamespace).flatMap((mention) => resolve(mention, index))
  return { to: merged(to), from: merged(pointingAt(object, index)) }
}

function merged(list: readonly Reference[]): Reference[] {
  const seen = new Map<string, Reference>()
  for (const each of list) {
    const { object } = each
    const end = object && [groupOf(object.apiVersion), object.kind, object.namespace, object.name]
    const key = JSON.stringify([each.why, each.text, end])
    const known = seen.get(key)
    if (known) known.paths = [...new Set([...known.paths, ...each.paths])]
    else seen.set(key, { ...each })
  }
  return [...seen.values()]
}

function resolve({ target, path, why }: Mention, index: InventoryIndex): Reference[] {
  const said = {
    why,
    paths: [path],
    text: null,
    object: null,
    workloads: null,
    exists: true as boolean | null,
  }
  if (target.type === 'workloads') {
    const selected = index.inventory.workloads.filter(
      ({ namespace, podLabels }) =>
        (target.namespace === null || namespace === target.namespace) &&
        Object.entries(target.labels).every(([key, value]) => podLabels[key] === value),
    )
    const isForAll = Object.keys(target.labels).length === 0
    return [
      {
        ...said,
        text: workloadWords(target),
        workloads: selected.map(({ namespace, name }) => `${namespace}/${name}`),
        exists: isForAll || selected.length > 0 || missing(index, WORKLOADS),
      },
    ]
  }
  if (target.type === 'object') {
    const found = findObject(target, index)
    // the credential of a Gateway lies beside its proxies, whose namespace the object does not say
    const apiVersion = found?.apiVersion ?? (target.group === '' ? 'v1' : `${target.group}/v1`)
    const { kind, namespace, name } = target
    return [
      {
        ...said,
        object: { apiVersion, kind, namespace, name },
        exists: isRead(target) ? !!found || missing(index, [qualified(target)]) : null,
      },
    ]
  }
  if (target.type === 'subset') {
    const rules = rulesWithSubset(target, index)
    const text = `subset ${target.subset}`
    if (rules.length === 0) {
      const exists = missing(index, ['DestinationRule'])
      return [{ ...said, text: `${text} of ${target.host}`, exists }]
    }
    return rules.map((rule) => ({ ...said, text, object: nameOf(rule) }))
  }
  const ends = hostEnds(target.host, index)
  if (ends.length > 0) return ends.map((object) => ({ ...said, object }))
  // "*" and hosts of gateways are no one's own; a short name that is no service is missing
  const isService = parseServiceHost(target.host) !== undefined
  return [
    { ...said, text: target.host, exists: isService ? missing(index, ['Service', 'ServiceEntry']) : null },
  ]
}

/** Of what is not found: it is not there, or nobody knows as it may be of a kind that may not be read. */
function missing({ inventory }: InventoryIndex, kinds: readonly string[]): false | null {
  return unreadAmong(inventory, kinds).length > 0 ? null : false
}

function qualified({ group, kind }: { group: string; kind: string }): string {
  return group === '' ? kind : `${kind}.${group}`
}

function workloadWords({ namespace, labels }: Extract<Target, { type: 'workloads' }>): string {
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  const where = namespace === null ? 'all namespaces' : `namespace ${namespace}`
  return words.length === 0 ? `all workloads of ${where}` : `workloads with ${words.join(', ')} in ${where}`
}

function hostEnds(host: string, index: InventoryIndex): NonNullable<Reference['object']>[] {
  const service = parseServiceHost(host)
  const known = service && index.services.get(`${service.namespace}/${service.name}`)
  if (known) return [{ apiVersion: 'v1', kind: 'Service', namespace: known.namespace, name: known.name }]
  if (host === '*') return []
  return hostsOf(index).entries.covering(host).map(nameOf)
}

function rulesWithSubset(
  { host, subset }: Extract<Target, { type: 'subset' }>,
  index: InventoryIndex,
): ConfigObject[] {
  return hostsOf(index)
    .rules.covering(host)
    .filter((rule) => items(specOf(rule).subsets).some(([each]) => asText(each.name) === subset))
}

interface Hosts {
  rules: ByHost
  entries: ByHost
}

const hosts = new WeakMap<InventoryIndex, Hosts>()

function hostsOf(index: InventoryIndex): Hosts {
  const known = hosts.get(index)
  if (known) return known
  const made = {
    rules: indexByHost(istio(index, 'DestinationRule'), (rule) =>
      mentionsOf(rule).flatMap(({ target }) => (target.type === 'host' ? target.host : [])),
    ),
    entries: indexByHost(istio(index, 'ServiceEntry'), (entry) => asTexts(specOf(entry).hosts)),
  }
  hosts.set(index, made)
  return made
}

function istio(index: InventoryIndex, kind: string): ConfigObject[] {
  return (index.config.get(kind) ?? []).filter(
    ({ apiVersion }) => groupOf(apiVersion) === 'networking.istio.io',
  )
}

function isRead({ group, kind }: { group: string; kind: string }): boolean {
  return group === ''
    ? kind === 'Service' || kind === 'ServiceAccount'
    : group === 'gateway.networking.k8s.io' || group.endsWith('.istio.io')
}

function findObject(
  { group, kind, namespace, name }: Extract<Target, { type: 'object' }>,
  index: InventoryIndex,
): { apiVersion: string } | undefined {
  if (group === '') {
    const isThere =
      kind === 'Service'
        ? index.services.has(`${namespace}/${name}`)
        : index.inventory.serviceAccounts.some((each) => each.namespace === namespace && each.name === name)
    return isThere ? { apiVersion: 'v1' } : undefined
  }
  return index.config
    .get(kind)
    ?.find(
      (each) =>
        groupOf(each.apiVersion) === group && namespaceOf(each) === namespace && each.metadata.name === name,
    )
}

function nameOf(object: ConfigObject): NonNullable<Reference['object']> {
  const { apiVersion, kind, metadata } = object
  return { apiVersion, kind, namespace: namespaceOf(object), name: metadata.name }
}

/** What the objects of an inventory mention, by what they mention: one pass for every page that asks. */
interface Reverse {
  byEnd: ReadonlyMap<string, { from: ConfigObject; mention: Mention; text: string | null }[]>
}

const reversed = new WeakMap<InventoryIndex, Reverse>()

function reverseOf(index: InventoryIndex): Reverse {
  const known = reversed.get(index) ?? reverse(index)
  reversed.set(index, known)
  return known
}

/** `namespace/name` of the services that objects of configuration name. */
export function mentionedServices(inventory: ClusterInventory): ReadonlySet<string> {
  const prefix = '/Service/'
  const keys = [...reverseOf(indexInventory(inventory)).byEnd.keys()]
  return new Set(keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)))
}

function pointingAt(object: ConfigObject, index: InventoryIndex): Reference[] {
  return (reverseOf(index).byEnd.get(keyOf(nameOf(object))) ?? [])
    .filter(({ from }) => keyOf(nameOf(from)) !== keyOf(nameOf(object)))
    .map(({ from, mention, text }) => ({
      why: mention.why,
      paths: [mention.path],
      object: nameOf(from),
      text,
      workloads: null,
      exists: true,
    }))
}

function reverse(index: InventoryIndex): Reverse {
  const byEnd = new Map<string, { from: ConfigObject; mention: Mention; text: string | null }[]>()
  // many objects name the same few subsets and hosts
  const ends = new Map<string, Reference[]>()
  for (const from of index.inventory.config) {
    for (const mention of mentionsOf(from, index.inventory.rootNamespace)) {
      if (mention.target.type === 'workloads') continue
      const target = JSON.stringify(mention.target)
      const found = ends.get(target) ?? resolve(mention, index)
      ends.set(target, found)
      for (const { object, text } of found) {
        if (!object) continue
        const key = keyOf(object)
        const list = byEnd.get(key)
        if (list) list.push({ from, mention, text })
        else byEnd.set(key, [{ from, mention, text }])
      }
    }
  }
  return { byEnd }
}

function keyOf({ apiVersion, kind, namespace, name }: NonNullable<Reference['object']>): string {
  return `${groupOf(apiVersion)}/${kind}/${namespace}/${name}`
}
