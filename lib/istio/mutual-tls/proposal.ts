/** The world as it would be with another mTLS mode somewhere. */
import type { ClusterInventory, ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { effectiveMtls, policyAt, type MtlsMode } from '../mtls'
import { isGoverned, isProxied } from './enforced'
import { servedPorts } from './ports'

/** Where a mode is to be set: the mesh (null), a namespace, a workload or a port of it, or in a policy by name. */
export type ModeTarget =
  | { namespace: string | null; workload?: undefined; port?: undefined }
  | { namespace: string; workload: WorkloadInventory; port: number | null }
  | { policy: ConfigObject; port: number | null }

/** UNSET inherits. */
export type ProposedMode = MtlsMode | 'UNSET'

/**
 * The cluster's objects with the mode set: in the policy that counts at that place, or in a new one. A new policy
 * of a workload selects by all labels of its pods.
 */
export function withMode(index: InventoryIndex, target: ModeTarget, mode: ProposedMode): ClusterInventory {
  const { inventory } = index
  const existing = policyOf(index, target)
  const port = target.port ?? null
  const edited = setMode(existing ?? newPolicy(inventory, target), port, mode)
  const config = existing
    ? inventory.config.map((object) => (object === existing ? edited : object))
    : [...inventory.config, edited]
  return { ...inventory, config }
}

function policyOf(index: InventoryIndex, target: ModeTarget): ConfigObject | undefined {
  if ('policy' in target) return target.policy
  return policyAt(index, target.workload ? { workload: target.workload } : { namespace: target.namespace })
    ?.object
}

function newPolicy(inventory: ClusterInventory, target: ModeTarget): ConfigObject {
  if ('policy' in target) return target.policy
  const { namespace, workload } = target
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: workload?.name ?? 'default', namespace: namespace ?? inventory.rootNamespace },
    spec: workload ? { selector: { matchLabels: workload.podLabels } } : {},
  }
}

function setMode(object: ConfigObject, port: number | null, mode: ProposedMode): ConfigObject {
  const spec = (object.spec ?? {}) as { portLevelMtls?: Record<string, unknown> | null }
  if (port === null) return { ...object, spec: { ...spec, mtls: { mode } } }
  return { ...object, spec: { ...spec, portLevelMtls: { ...spec.portLevelMtls, [port]: { mode } } } }
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
