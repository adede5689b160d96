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

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE'

export interface PolicyRef {
  namespace: string
  name: string
}

export interface EffectiveMtls {
  mode: MtlsMode
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
  const isAmbient = dataPlaneOf(workload, index) === 'ambient'
  const perPort = portModes(levels.at(-1)?.policy, mode).map((each) => ({
    ...each,
    mode: isAmbient ? ambientMode(each.mode) : each.mode,
  }))
  if (isAmbient && mode === 'DISABLE') words += '; ambient workloads treat DISABLE as PERMISSIVE'
  if (isAmbient) mode = ambientMode(mode)

  const own = port === undefined ? undefined : perPort.find((each) => each.port === port)
  const decider = levels.at(-1)?.policy
  if (own && decider) {
    mode = own.mode
    source = decider
    words = `${own.mode} on port ${own.port} by the workload's PeerAuthentication ${nameOf(decider)}`
  }
  return {
    mode,
    source: source && { namespace: source.namespace, name: source.name },
    reason: `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`,
    perPort,
    ignored: levels.flatMap((level) => level.ignored.map(({ namespace, name }) => ({ namespace, name }))),
  }
}

/** Mesh, namespace, workload: in the order in which they override. */
function levelsOf(workload: WorkloadInventory, index: InventoryIndex): [Level, Level, Level] {
  const { root, byNamespace } = policiesOf(index)
  const own = workload.namespace === index.inventory.rootNamespace ? [] : byNamespace(workload.namespace)
  const mesh = root.filter((policy) => !hasSelector(policy))
  const namespace = own.filter((policy) => !hasSelector(policy))
  // with a selector in the root namespace a policy reaches nobody, not even the workloads there
  const selecting = own.filter(
    (policy) => hasSelector(policy) && isSelected(policy.spec.selector?.matchLabels, workload.podLabels),
  )
  return [level(mesh, 'mesh-wide'), level(namespace, "namespace's"), level(selecting, "workload's")]
}

function level(policies: readonly Policy[], words: string): Level {
  const [policy, ...ignored] = policies
  return { policy, ignored, words }
}

function portModes(policy: Policy | undefined, inherited: MtlsMode): { port: number; mode: MtlsMode }[] {
  const ports = Object.entries(policy?.spec.portLevelMtls ?? {})
  return ports
    .map(([port, settings]) => {
      const set = settings?.mode
      return { port: Number(port), mode: set === undefined || set === 'UNSET' ? inherited : set }
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
