/** The world as it would be with another mTLS mode somewhere. */
import type { ClusterInventory, ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { isSelected } from '@/lib/mesh/labels'
import {
  hasSelector,
  newPeerAuthentication,
  withPeerMode,
  withUnsetMode,
  type ModeChoice,
} from '../edit/peer-authentication'
import { effectiveMtls, policyAt, rivalsOf, type MtlsMode } from '../mtls'
import { isGoverned, isProxied } from './enforced'
import { servedPorts } from './ports'

/** Where a mode is to be set: the mesh (null), a namespace, a workload or a port of it, or in a policy by name. */
export type ModeTarget =
  | { namespace: string | null; workload?: undefined; port?: undefined }
  | { namespace: string; workload: WorkloadInventory; port: number | null }
  | { policy: ConfigObject; port: number | null }

/** What of the cluster's objects changes: null before: made; null after: deleted; both the same: nothing. */
export interface PolicyEdit {
  before: ConfigObject | null
  after: ConfigObject | null
}

/**
 * The edit that sets a mode: in the policy that counts at that place, or in a new one. Inheriting takes the setting
 * out, and the policy with it when nothing is left; where a younger policy would come into force by that, the
 * inheritance is written down instead.
 */
export function policyEdit(
  index: InventoryIndex,
  target: ModeTarget,
  mode: ModeChoice,
): PolicyEdit | { problem: string } {
  const before = policyOf(index, target) ?? null
  const port = target.port ?? null
  if (before === null && mode === 'UNSET') return { before, after: null }
  const base = before ?? newPolicy(index, target)
  // an empty selector selects all: such a policy would hold for the whole namespace
  if (before === null && !('policy' in target) && target.workload && !hasSelector(base)) {
    return {
      problem: `The pods of ${target.workload.name} have no labels by which a policy could select them.`,
    }
  }
  const edited = withPeerMode(base, { mode, port })
  if ('problem' in edited) return edited
  if (edited.object !== null || before === null) return { before, after: edited.object }
  return { before, after: isNeeded(index, before) ? withUnsetMode(before) : null }
}

/** The cluster's objects after an edit. */
export function withEdit(inventory: ClusterInventory, { before, after }: PolicyEdit): ClusterInventory {
  const config = inventory.config.flatMap((object) => (object !== before ? [object] : after ? [after] : []))
  if (before === null && after !== null) config.push(after)
  return { ...inventory, config }
}

function policyOf(index: InventoryIndex, target: ModeTarget): ConfigObject | undefined {
  if ('policy' in target) return target.policy
  return policyAt(index, target.workload ? { workload: target.workload } : { namespace: target.namespace })
    ?.object
}

/** True where a younger policy stands behind this one. */
function isNeeded(index: InventoryIndex, policy: ConfigObject): boolean {
  const { namespace = '', name } = policy.metadata
  if (!hasSelector(policy)) {
    const [next] = rivalsOf(index, { namespace })
    return next !== undefined && !(next.namespace === namespace && next.name === name)
  }
  return selectedBy(index, policy).some((workload) =>
    rivalsOf(index, { workload }).some((rival) => rival.name !== name),
  )
}

/** Workloads whose pods a policy selects, itself in force or not; empty for policies without a selector. */
export function selectedBy(index: InventoryIndex, policy: ConfigObject): WorkloadInventory[] {
  const labels = (policy.spec as { selector?: { matchLabels?: Record<string, string> } } | undefined)
    ?.selector?.matchLabels
  return index.inventory.workloads.filter(
    (workload) => workload.namespace === policy.metadata.namespace && isSelected(labels, workload.podLabels),
  )
}

function newPolicy(index: InventoryIndex, target: ModeTarget): ConfigObject {
  if ('policy' in target) return target.policy
  const namespace = target.namespace ?? index.inventory.rootNamespace
  const name = freeName(index, namespace, target.workload?.name ?? 'default')
  return newPeerAuthentication(
    { namespace, name },
    target.workload ? narrowLabels(index, target.workload) : null,
  )
}

function freeName(index: InventoryIndex, namespace: string, wanted: string): string {
  const taken = new Set(
    (index.config.get('PeerAuthentication') ?? []).flatMap(({ metadata }) =>
      metadata.namespace === namespace ? [metadata.name] : [],
    ),
  )
  if (!taken.has(wanted)) return wanted
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? `${wanted}-mtls` : `${wanted}-mtls-${count}`
    if (!taken.has(name)) return name
  }
}

/** The fewest labels by which its pods are told from those of other workloads; versions come and go. */
const NAMING = [
  ['app'],
  ['app.kubernetes.io/name'],
  ['k8s-app'],
  ['app.kubernetes.io/name', 'app.kubernetes.io/instance'],
  ['app', 'version'],
  ['app.kubernetes.io/name', 'app.kubernetes.io/version'],
]
/** They say how pods join the mesh, not what they are. */
const OF_THE_MESH = /(^|\.)istio\.io\//

function narrowLabels(index: InventoryIndex, workload: WorkloadInventory): Record<string, string> {
  const others = index.inventory.workloads.filter(
    (each) => each !== workload && each.namespace === workload.namespace,
  )
  for (const keys of NAMING) {
    const labels = Object.fromEntries(
      keys.flatMap((key) => {
        const value = workload.podLabels[key]
        return value === undefined ? [] : [[key, value]]
      }),
    )
    if (Object.keys(labels).length < keys.length) continue
    if (!others.some((other) => isSelected(labels, other.podLabels))) return labels
  }
  return Object.fromEntries(Object.entries(workload.podLabels).filter(([key]) => !OF_THE_MESH.test(key)))
}

/** A workload, or one of its ports, whose mode is not the same before and after. */
export interface ModeChange {
  workload: WorkloadInventory
  /** null: the ports that no policy names and no service leads to */
  port: number | null
  before: MtlsMode
  after: MtlsMode
  /** false: its pods have no proxy, so nothing changes in truth */
  isEnforced: boolean
}

/** What changes between two states of one cluster, by namespace, workload and port. */
export function modeChanges(before: InventoryIndex, after: ClusterInventory): ModeChange[] {
  const next = indexInventory(after)
  return before.inventory.workloads.filter(isGoverned).flatMap((workload) => {
    const was = effectiveMtls(workload, before)
    const will = effectiveMtls(workload, next)
    const ports = new Set([
      ...[...was.perPort, ...will.perPort].map(({ port }) => port),
      ...servedPorts(before, workload).flatMap(({ port }) => port ?? []),
    ])
    const isEnforced = isProxied(workload, before)
    return [null, ...[...ports].sort((a, b) => a - b)].flatMap((port): ModeChange[] => {
      const from = modeOn(was, port)
      const to = modeOn(will, port)
      return from === to ? [] : [{ workload, port, before: from, after: to, isEnforced }]
    })
  })
}

/** The mode of a port, or of all that are not set by themselves. */
export function modeOn(
  of: { mode: MtlsMode; perPort: readonly { port: number; mode: MtlsMode }[] },
  port: number | null,
): MtlsMode {
  return of.perPort.find((each) => each.port === port)?.mode ?? of.mode
}
