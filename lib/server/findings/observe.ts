import 'server-only'
import { isTrafficKnown } from '@/lib/graph/observed/known'
import type { Notice } from '@/lib/api/schemas/common'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { UNOBSERVED } from '@/lib/validation/observed'
import { steady } from '@/lib/validation/observed-steady'
import { append } from '@/lib/validation/world'
import { within } from '../clock'
import { errorFacts } from '../log'
import type { Snapshot } from '../snapshots/snapshot'
import type { Upstreams } from '../upstreams'
import { resolveTime } from '../use-cases/resolve-time'
import { readBeside, type Beside } from './beside'
import { measure } from './measure'

/** Webhooks, definitions, nodes and Secrets change rarely: they are read this often while somebody looks. */
const BESIDE_MS = 2 * 60_000
/** Findings do not wait longer than this for what they are compared with; it joins the next time. */
const PATIENCE_MS = 2_000

interface Memory {
  beside: Map<string, { at: number; read: Promise<void>; known: Beside | null }>
  /** what each cluster was last observed from */
  from: Map<string, readonly unknown[]>
  accounts: { of: readonly ClusterInventory[]; elsewhere: Map<string, Map<string, string[]>> } | null
}

const memories = new WeakMap<Upstreams, Memory>()

/**
 * Brings what findings compare configuration with up to date: the snapshot that all viewers share (no queries of its
 * own beside that), and what is read of the clusters beside their inventories. Tells what is missing.
 */
export async function observeNow(up: Upstreams): Promise<Notice[]> {
  const memory: Memory = memories.get(up) ?? { beside: new Map(), from: new Map(), accounts: null }
  memories.set(up, memory)
  const [snapshot] = await Promise.all([
    readPresent(up),
    ...up.inventories.map((source) => within(up.clock, PATIENCE_MS, refreshBeside(up, memory, source))),
  ])
  const inventories = up.inventories.flatMap((source) => source.current().inventory ?? [])
  const accounts = accountsElsewhere(memory, inventories)
  for (const inventory of inventories) {
    const { cluster } = inventory
    const beside = memory.beside.get(cluster)?.known ?? null
    const elsewhere = accounts.get(cluster) ?? null
    const from = [snapshot, inventory, beside, elsewhere]
    if (memory.from.get(cluster)?.every((one, at) => one === from[at])) continue
    memory.from.set(cluster, from)
    const before = up.findings.known(cluster)
    const observed = steady(before.observed, {
      ...UNOBSERVED,
      ...(snapshot ? measure(snapshot.topology, inventory) : {}),
      accountsElsewhere: elsewhere,
      ...(beside ? { certificates: beside.certificates, unread: beside.unread } : {}),
    })
    up.findings.observe(cluster, observed, beside?.objects ?? [])
  }
  return [
    ...(snapshot ? [] : [NOT_MEASURED]),
    ...inventories.flatMap(({ cluster }) => besideNotices(cluster, memory.beside.get(cluster)?.known)),
  ]
}

const NOT_MEASURED: Notice = {
  code: 'checks-without-traffic',
  message: 'Traffic is not known now, so checks that compare configuration with it say nothing.',
  upstream: 'prometheus',
}

async function readPresent(up: Upstreams): Promise<Snapshot | null> {
  try {
    return (
      (await within(
        up.clock,
        PATIENCE_MS,
        (async () => {
          const { windowSeconds } = await resolveTime(up, {})
          const line = up.snapshots.live(windowSeconds)
          const read = await line.read()
          const snapshot = line.state.snapshot ?? read
          // of a mesh that is scraped no more nothing is known
          return isTrafficKnown(snapshot.topology) ? snapshot : null
        })(),
      )) ?? null
    )
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return null
  }
}

/** Ends when something is known of the cluster; what is already known is renewed behind the reader's back. */
function refreshBeside(up: Upstreams, memory: Memory, source: InventorySource): Promise<void> {
  const last = memory.beside.get(source.cluster)
  const { inventory } = source.current()
  if (!inventory || (last && up.clock.now() - last.at < BESIDE_MS)) return last?.read ?? Promise.resolve()
  const entry = { at: up.clock.now(), read: Promise.resolve(), known: last?.known ?? null }
  entry.read = readBeside(source.client, inventory, entry.known).then(
    (known) => {
      entry.known = known
    },
    (error: unknown) => {
      // what was known stays; the next look after the pause asks again
      up.log.write('warn', 'webhooks and Secrets could not be read', {
        cluster: source.cluster,
        ...errorFacts(error),
      })
    },
  )
  memory.beside.set(source.cluster, entry)
  return last?.known ? Promise.resolve() : entry.read
}

function besideNotices(cluster: string, known: Beside | null | undefined): Notice[] {
  if (!known) {
    return [
      {
        code: 'checks-without-webhooks',
        message: `Webhooks, nodes and Secrets of cluster ${cluster} have not been read, so checks about them say nothing.`,
        upstream: 'kubernetes',
      },
    ]
  }
  const refusedKinds = new Set([...known.unread].map((kind) => kind.slice(kind.indexOf('/') + 1)))
  if (known.certificates === null) refusedKinds.add('Secret')
  const kinds = [...refusedKinds]
  const refused: Notice[] =
    kinds.length === 0
      ? []
      : [
          {
            code: 'checks-not-allowed',
            message: `Heddle's account may not read ${kinds.join(', ')} in cluster ${cluster}, so checks about them say nothing. Grant it get and list to have them; of Secrets only the dates of certificates are kept.`,
            upstream: 'kubernetes',
          },
        ]
  const cut: Notice[] =
    known.leftOut === 0
      ? []
      : [
          {
            code: 'certificates-left-out',
            message: `Gateways of cluster ${cluster} name ${known.leftOut} more Secrets than are looked at.`,
            upstream: 'kubernetes',
          },
        ]
  return [...refused, ...cut]
}

/** By cluster, the service accounts that others have, by `namespace/name`; empty with one cluster. */
function accountsElsewhere(
  memory: Memory,
  inventories: readonly ClusterInventory[],
): ReadonlyMap<string, Map<string, string[]>> {
  if (inventories.length < 2) return new Map()
  const { accounts } = memory
  const isSame =
    accounts?.of.length === inventories.length &&
    accounts.of.every((one, at) => one.serviceAccounts === inventories[at]?.serviceAccounts)
  if (accounts && isSame) return accounts.elsewhere
  const all = new Map<string, string[]>()
  for (const { cluster, serviceAccounts } of inventories) {
    for (const { namespace, name } of serviceAccounts) append(all, `${namespace}/${name}`, cluster)
  }
  const elsewhere = new Map(
    inventories.map(({ cluster }) => {
      const own = [...all].flatMap(([key, clusters]): [string, string[]][] => {
        const others = clusters.filter((one) => one !== cluster)
        return others.length > 0 ? [[key, others]] : []
      })
      return [cluster, new Map(own)]
    }),
  )
  memory.accounts = { of: inventories, elsewhere }
  return elsewhere
}
