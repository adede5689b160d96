/**
 * Who calls whom in a synthetic mesh. Shape after published figures of large systems (Alibaba's traces of 2021
 * and 2022, Meta at ATC'23): 13 % entries, 48 % in the middle, 39 % leaves; 5 % hubs with 16 callers or more;
 * three to four edges a service; wide and shallow.
 */
import { itemAt } from '@/lib/demo/item-at'
import type { WireProtocol } from '@/lib/demo/model'
import type { Random } from '@/lib/statistics/random'

export interface SyntheticNode {
  index: number
  namespace: number
  /** `ingress`: called through the gateway; `worker`: starts requests itself */
  role: 'ingress' | 'worker' | 'middle' | 'leaf'
  protocol: WireProtocol
  /** calls go from lower levels to higher ones; entries are 0, leaves above everything */
  level: number
  isHub: boolean
  /** 2 where a second version takes a share of the requests */
  versions: 1 | 2
  callees: number[]
  callers: number[]
}

/** Edges between workloads aimed at, per service. */
const EDGES_PER_SERVICE = 3.5
const ENTRY_SHARE = 0.13
const MIDDLE_SHARE = 0.48
const WORKER_SHARE_OF_ENTRIES = 0.4
const HUB_SHARE = 0.05
const HUB_CALLERS = 16
const MOST_CALLERS = 800
const MOST_CALLEES = 50
const VERSIONED_SHARE = 0.2
/** of edges that do not go to a hub; with those to hubs it makes 80 % */
const LOCAL_SHARE = 0.65
/** share of the middle by level, from 1 */
const LEVEL_SHARES = [0.25, 0.25, 0.2, 0.14, 0.09, 0.05, 0.02]
const LEAF_LEVEL = LEVEL_SHARES.length + 1
/** of all services that speak TCP they are all leaves: databases, caches, queues */
const TCP_SHARE_OF_LEAVES = 0.32
const GRPC_SHARE = 0.32
/** by rank: few hubs draw so many edges that chance would bend the mix of protocols */
const HUB_PROTOCOLS: WireProtocol[] = [
  'http',
  'grpc',
  'http',
  'tcp',
  'http',
  'grpc',
  'http',
  'http',
  'grpc',
  'tcp',
]
/** namespaces where shared services live */
const SHARED_NAMESPACES = 3

/** About 1 namespace for 20 services at 1,000, for 50 at 10,000. */
export function namespaceCount(services: number): number {
  return Math.max(4, Math.round(50 * Math.pow(services / 1000, 0.6)))
}

/** The nodes with their calls; calls never go back up, so the graph has no cycle yet. */
export function createGraph(random: Random, services: number): SyntheticNode[] {
  const { nodes, hubs } = createNodes(random, services)
  const links = new Links(random, nodes)
  for (const node of nodes) {
    if (node.level > 0 && !node.isHub) links.addCallerOf(node)
  }
  for (const [rank, hub] of hubs.entries()) {
    const wanted = HUB_CALLERS + Math.min(MOST_CALLERS, services * 0.13) / (rank + 1)
    links.addCallersOfHub(hub, Math.round(wanted))
  }
  for (const node of nodes) {
    if (node.role !== 'leaf' && node.callees.length === 0) links.addCalleeOf(node)
  }
  const callers = nodes.filter((node) => node.role !== 'leaf')
  // bounded: a small mesh can run out of pairs before it has the edges
  for (let tries = 0; tries < services * 20 && links.workloadEdges < services * EDGES_PER_SERVICE; tries++) {
    links.addCalleeOf(links.hungriest(callers))
  }
  return nodes
}

/** The nodes without calls, and the hubs among them by rank. */
function createNodes(random: Random, services: number): { nodes: SyntheticNode[]; hubs: SyntheticNode[] } {
  const entries = Math.max(2, Math.round(services * ENTRY_SHARE))
  const middles = Math.max(1, Math.round(services * MIDDLE_SHARE))
  const namespaces = namespaceCount(services)
  // uneven teams: some namespaces hold several times what others do
  const sizes = Array.from({ length: namespaces }, () => random.lognormal(1, 3))
  const levels = middleLevels(middles)
  const nodes: SyntheticNode[] = []
  for (let index = 0; index < services; index++) {
    const isEntry = index < entries
    const isMiddle = !isEntry && index < entries + middles
    const role = isEntry
      ? index < entries * WORKER_SHARE_OF_ENTRIES
        ? 'worker'
        : 'ingress'
      : isMiddle
        ? 'middle'
        : 'leaf'
    const level = isEntry ? 0 : isMiddle ? (levels[index - entries] ?? 1) : LEAF_LEVEL
    const isTcp = role === 'leaf' && random.chance(TCP_SHARE_OF_LEAVES)
    nodes.push({
      index,
      // the first ones go round, so that no namespace stays empty
      namespace: index >= entries && index < entries + namespaces ? index - entries : random.pickIndex(sizes),
      role,
      protocol: isTcp ? 'tcp' : role !== 'ingress' && random.chance(GRPC_SHARE) ? 'grpc' : 'http',
      level,
      isHub: false,
      versions: 1,
      callees: [],
      callers: [],
    })
  }
  const hubs = chooseHubs(random, nodes)
  const mayVary = nodes.filter((node) => !node.isHub && node.role !== 'worker' && node.protocol !== 'tcp')
  for (const node of random.shuffle(mayVary).slice(0, Math.round(services * VERSIONED_SHARE)))
    node.versions = 2
  return { nodes, hubs }
}

/** Hubs are mostly leaves (auth, config, caches); some sit deep in the middle. */
function chooseHubs(random: Random, nodes: SyntheticNode[]): SyntheticNode[] {
  const wanted = Math.round(nodes.length * HUB_SHARE)
  const deep = random.shuffle(nodes.filter((node) => node.role === 'middle' && node.level >= 3))
  const leaves = random.shuffle(nodes.filter((node) => node.role === 'leaf'))
  const chosen = [...deep.slice(0, Math.round(wanted * 0.2)), ...leaves].slice(0, wanted)
  const hubs = random.shuffle(chosen)
  for (const [rank, node] of hubs.entries()) {
    const protocol = HUB_PROTOCOLS[rank % HUB_PROTOCOLS.length] ?? 'http'
    node.isHub = true
    node.protocol = protocol === 'tcp' && node.role !== 'leaf' ? 'http' : protocol
    node.namespace = random.int(0, SHARED_NAMESPACES - 1)
  }
  return hubs
}

function middleLevels(count: number): number[] {
  const levels = LEVEL_SHARES.flatMap((share, index) =>
    Array.from({ length: Math.round(share * count) }, () => index + 1),
  )
  while (levels.length < count) levels.push(1)
  return levels.slice(0, count)
}

/** Adds edges and keeps count; a class for the indexes that every addition needs. */
class Links {
  workloadEdges = 0
  readonly #random: Random
  readonly #nodes: readonly SyntheticNode[]
  readonly #pairs = new Set<string>()
  /** how many callees each node would like to have: heavy-tailed */
  readonly #appetite: number[]
  readonly #byLevel = new Map<string, SyntheticNode[]>()
  readonly #callers: SyntheticNode[]

  constructor(random: Random, nodes: readonly SyntheticNode[]) {
    this.#random = random
    this.#nodes = nodes
    this.#appetite = nodes.map(() => Math.min(MOST_CALLEES, random.lognormal(2.6, 17)))
    this.#callers = nodes.filter((node) => node.role !== 'leaf')
    for (const node of nodes) {
      push(this.#byLevel, `${node.level}`, node)
      push(this.#byLevel, `${node.level}/${node.namespace}`, node)
      if (node.role === 'leaf') continue
      push(this.#byLevel, `caller/${node.namespace}`, node)
    }
    // the gateway's own edges
    for (const node of nodes) if (node.role === 'ingress') this.workloadEdges += node.versions
  }

  /** One caller: of the level just below for the middle (that makes the depth), of any for a leaf. */
  addCallerOf(node: SyntheticNode): void {
    const anywhere = node.role === 'leaf' ? this.#callers : (this.#byLevel.get(`${node.level - 1}`) ?? [])
    const local =
      this.#byLevel.get(
        node.role === 'leaf' ? `caller/${node.namespace}` : `${node.level - 1}/${node.namespace}`,
      ) ?? []
    const from = local.length > 0 && this.#random.chance(LOCAL_SHARE) ? local : anywhere
    // a pick may be full already
    for (let tries = 0; node.callers.length === 0 && tries < 50; tries++) {
      this.#add(this.hungriest(tries < 25 ? from : anywhere), node)
    }
  }

  addCallersOfHub(hub: SyntheticNode, wanted: number): void {
    const below = this.#callers.filter(({ level }) => level < hub.level)
    const count = Math.min(wanted, below.length)
    for (let tries = 0; hub.callers.length < count && tries < count * 20; tries++) {
      this.#add(this.hungriest(below), hub)
    }
  }

  /** One more callee, of a higher level; nothing when the pick is already called or appetite is gone. */
  addCalleeOf(node: SyntheticNode): void {
    if (node.callees.length > 0 && node.callees.length >= itemAt(this.#appetite, node.index)) return
    const level = this.#random.chance(0.55) ? LEAF_LEVEL : node.level + 1
    const local = this.#byLevel.get(`${level}/${node.namespace}`) ?? []
    const anywhere = this.#byLevel.get(`${level}`) ?? this.#byLevel.get(`${LEAF_LEVEL}`) ?? []
    const pool = local.length > 0 && this.#random.chance(LOCAL_SHARE) ? local : anywhere
    const target = this.#random.pick(pool)
    if (!target.isHub || node.callees.length === 0) this.#add(node, target)
  }

  /** The one of a few with most appetite left: makes fan-out follow the appetites. */
  hungriest(from: readonly SyntheticNode[]): SyntheticNode {
    const left = (node: SyntheticNode) => (this.#appetite[node.index] ?? 0) - node.callees.length
    let best = this.#random.pick(from)
    for (let round = 0; round < 2; round++) {
      const other = this.#random.pick(from)
      if (left(other) > left(best)) best = other
    }
    return best
  }

  #add(from: SyntheticNode, to: SyntheticNode): void {
    const pair = `${from.index}>${to.index}`
    if (from === to || from.level >= to.level || this.#pairs.has(pair)) return
    if (from.callees.length >= MOST_CALLEES || to.callers.length >= this.#nodes.length) return
    this.#pairs.add(pair)
    from.callees.push(to.index)
    to.callers.push(from.index)
    this.workloadEdges += from.versions * to.versions
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
