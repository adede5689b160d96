/**
 * What the ports of a workload accept: plain text, mutual TLS, or both.
 * Rules: istio/istio pilot/pkg/security/authn/policy_applier.go and
 * https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isSelected } from '@/lib/mesh/labels'
import { dataPlaneOf } from './data-plane'
import { readObjects, type Read } from './objects'
import type { PeerAuthenticationSpec } from './schemas/security'
import { isUnread, MODE_UNREAD } from './unread'

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE'

export interface PolicyRef {
  namespace: string
  name: string
}

export interface EffectiveMtls {
  mode: MtlsMode
  /** as the policies have it, before what the data plane makes of it */
  configured: MtlsMode
  /** the PeerAuthentication that decided; null: Istio's default */
  source: PolicyRef | null
  /** who decided and why, in a sentence */
  reason: string
  /** container ports that differ or are set by themselves */
  perPort: { port: number; mode: MtlsMode }[]
  /** policies of the same level that lost to an older one */
  ignored: PolicyRef[]
}

type Policy = Read<PeerAuthenticationSpec>

interface Level {
  policy: Policy | undefined
  ignored: Policy[]
  words: string
}

/**
 * The effective mode of a workload, or of one of its container ports. Mesh-wide, then namespace, then workload
 * policy, each overriding the one before unless it leaves the mode unset; of several at one level the oldest
 * counts. Ports are set by policies with a selector only.
 */
export function effectiveMtls(
  workload: WorkloadInventory,
  index: InventoryIndex,
  port?: number,
): EffectiveMtls {
  const levels = levelsOf(workload, index)
  let { mode, source, words } = decide(levels)
  const isAmbient = dataPlaneOf(workload, index) === 'ambient'
  const asWritten = portModes(levels.at(-1)?.policy, mode)
  let configured = mode
  const perPort = asWritten.map((each) => ({
    port: each.port,
    mode: isAmbient ? ambientMode(each.mode) : each.mode,
  }))
  if (isAmbient && mode === 'DISABLE') words += '; ambient workloads treat DISABLE as PERMISSIVE'
  if (isAmbient) mode = ambientMode(mode)

  const own = asWritten.find((each) => each.port === port)
  const decider = levels.at(-1)?.policy
  if (own?.isSet && decider) {
    configured = own.mode
    mode = isAmbient ? ambientMode(own.mode) : own.mode
    source = decider
    words = `${own.mode} on port ${own.port} by the workload's PeerAuthentication ${nameOf(decider)}`
    if (mode !== configured) words += '; ambient workloads treat DISABLE as PERMISSIVE'
  } else if (port === undefined && decider) {
    const others = asWritten.filter((each) => each.isSet && each.mode !== configured)
    for (const other of others) words += `; port ${other.port} ${other.mode} by ${nameOf(decider)}`
  }
  return {
    mode,
    configured,
    source: source && { namespace: source.namespace, name: source.name },
    reason: `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`,
    perPort,
    ignored: ignoredOf(levels),
  }
}

/**
 * The mode of workloads of a namespace that no policy selects, or of the whole mesh (null): what a namespace
 * without a say of its own inherits. Null where PeerAuthentications may not be read.
 */
export function scopeMtls(
  index: InventoryIndex,
  namespace: string | null,
): Pick<EffectiveMtls, 'source' | 'reason' | 'ignored'> & { mode: MtlsMode | null } {
  if (isUnread(index, 'PeerAuthentication')) {
    return { mode: null, source: null, reason: MODE_UNREAD, ignored: [] }
  }
  const levels = wideLevels(index, namespace)
  const { mode, source, words } = decide(levels)
  return {
    ignored: ignoredOf(levels),
    mode,
    source: source && { namespace: source.namespace, name: source.name },
    reason: `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`,
  }
}

/**
 * The policy that counts at one level, whether it sets a mode or not: mesh-wide without a namespace, of the whole
 * namespace, or selecting the workload. Undefined when there is none: a change then needs a new object.
 */
export function policyAt(
  index: InventoryIndex,
  scope: { namespace: string | null } | { workload: WorkloadInventory },
): Policy | undefined {
  if ('workload' in scope) return levelsOf(scope.workload, index)[2].policy
  const { rootNamespace } = index.inventory
  const [mesh, namespace] = wideLevels(index, scope.namespace)
  return scope.namespace === null || scope.namespace === rootNamespace ? mesh.policy : namespace.policy
}

/** Policies of a level that an older one puts out of force; once it is gone, the oldest of them counts. */
export function rivalsOf(
  index: InventoryIndex,
  scope: { namespace: string | null } | { workload: WorkloadInventory },
): PolicyRef[] {
  if ('workload' in scope) return ignoredOf(levelsOf(scope.workload, index).slice(2))
  const [mesh, namespace] = wideLevels(index, scope.namespace)
  const isMesh = scope.namespace === null || scope.namespace === index.inventory.rootNamespace
  return ignoredOf([isMesh ? mesh : namespace])
}

function ignoredOf(levels: readonly Level[]): PolicyRef[] {
  return levels.flatMap((level) => level.ignored.map(({ namespace, name }) => ({ namespace, name })))
}

function decide(levels: readonly Level[]): { mode: MtlsMode; source: Policy | null; words: string } {
  let mode: MtlsMode = 'PERMISSIVE'
  let source: Policy | null = null
  let words = 'no PeerAuthentication sets a mode; Istio accepts both plain text and mutual TLS by default'
  for (const level of levels) {
    const set = level.policy?.spec.mtls?.mode
    if (!level.policy || set === undefined || set === 'UNSET') continue
    mode = set
    source = level.policy
    words = `${set} by the ${level.words} PeerAuthentication ${nameOf(level.policy)}`
  }
  return { mode, source, words }
}

/** Mesh, namespace, workload: in the order in which they override. */
function levelsOf(workload: WorkloadInventory, index: InventoryIndex): [Level, Level, Level] {
  const own = ownPolicies(index, workload.namespace)
  // with a selector in the root namespace a policy reaches nobody, not even the workloads there
  const selecting = own.filter(
    (policy) => hasSelector(policy) && isSelected(policy.spec.selector?.matchLabels, workload.podLabels),
  )
  return [...wideLevels(index, workload.namespace), level(selecting, "workload's")]
}

function wideLevels(index: InventoryIndex, namespace: string | null): [Level, Level] {
  const mesh = policiesOf(index).root.filter((policy) => !hasSelector(policy))
  const own = ownPolicies(index, namespace).filter((policy) => !hasSelector(policy))
  return [level(mesh, 'mesh-wide'), level(own, "namespace's")]
}

/** In the root namespace policies are the mesh's, not the namespace's. */
function ownPolicies(index: InventoryIndex, namespace: string | null): Policy[] {
  if (namespace === null || namespace === index.inventory.rootNamespace) return []
  return policiesOf(index).byNamespace(namespace)
}

function level(policies: readonly Policy[], words: string): Level {
  const [policy, ...ignored] = policies
  return { policy, ignored, words }
}

/** `isSet` false: the port is named and inherits. */
function portModes(
  policy: Policy | undefined,
  inherited: MtlsMode,
): { port: number; mode: MtlsMode; isSet: boolean }[] {
  const ports = Object.entries(policy?.spec.portLevelMtls ?? {})
  return ports
    .map(([port, settings]) => {
      const set = settings?.mode
      const isSet = set !== undefined && set !== 'UNSET'
      return { port: Number(port), mode: isSet ? set : inherited, isSet }
    })
    .filter(({ port }) => Number.isInteger(port))
    .sort((a, b) => a.port - b.port)
}

/** ztunnel cannot refuse mutual TLS. */
function ambientMode(mode: MtlsMode): MtlsMode {
  return mode === 'DISABLE' ? 'PERMISSIVE' : mode
}

function hasSelector(policy: Policy): boolean {
  return Object.keys(policy.spec.selector?.matchLabels ?? {}).length > 0
}

function nameOf(policy: Policy): string {
  return `${policy.namespace}/${policy.name}`
}

interface Policies {
  root: Policy[]
  byNamespace(namespace: string): Policy[]
}

const sorted = new WeakMap<InventoryIndex, Policies>()

/** Oldest first, then by name, as Istio orders them. */
function policiesOf(index: InventoryIndex): Policies {
  const known = sorted.get(index)
  if (known) return known
  const byNamespace = new Map<string, Policy[]>()
  const all = [...readObjects(index).peerAuthentications].sort(
    (a, b) =>
      compare(a.createdAt, b.createdAt) || compare(a.name, b.name) || compare(a.namespace, b.namespace),
  )
  for (const policy of all) {
    byNamespace.set(policy.namespace, [...(byNamespace.get(policy.namespace) ?? []), policy])
  }
  const made: Policies = {
    root: byNamespace.get(index.inventory.rootNamespace) ?? [],
    byNamespace: (namespace) => byNamespace.get(namespace) ?? [],
  }
  sorted.set(index, made)
  return made
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
