/** The way of a namespace to mutual TLS only: where it stands, the next step, and the way back. */
import type { NamespaceInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { asList, isFields, specOf } from '@/lib/validation/read'
import type { ModeChoice } from '../edit/peer-authentication'
import { actionOf, isDryRun } from '../authorization'
import { readObjects, type Read } from '../objects'
import { whyReached } from '../policies'
import type { AuthorizationPolicySpec } from '../schemas/security'
import { scopeMtls } from '../mtls'
import { isUnread } from '../unread'
import { isProxied } from './enforced'

/** In the order of the way. */
export const STAGES = ['outside', 'sidecars', 'permissive', 'strict', 'authorized'] as const
export type Stage = (typeof STAGES)[number]

export interface Step {
  /** what to do, in a sentence */
  words: string
  /** the mode to set for the namespace; null: the step is none of mode */
  mode: ModeChoice | null
  /** for what Heddle does not do itself */
  commands: string[]
}

export interface NamespacePath {
  stage: Stage
  /** where it stands, in a sentence */
  words: string
  workloads: number
  withProxy: number
  /** workloads with a proxy that AuthorizationPolicies open to named callers only */
  authorized: number
  next: Step | null
  back: Step
}

/**
 * `workloads` are those of the namespace that a PeerAuthentication governs; null without any. `plaintextCallers`: how
 * many were seen; null: not measured. No way is told from a mode that is not known.
 */
export function namespacePath(
  index: InventoryIndex,
  namespace: string,
  workloads: readonly WorkloadInventory[],
  plaintextCallers: number | null,
): NamespacePath | null {
  const { mode, source } = scopeMtls(index, namespace)
  if (workloads.length === 0 || mode === null) return null
  const proxied = workloads.filter((workload) => isProxied(workload, index))
  const isOwn = source?.namespace === namespace
  const policies = allowPolicies(index, namespace)
  const authorized = proxied.filter((workload) => {
    const own = policies.filter((policy) => whyReached(policy, workload, index) !== null)
    // whoever one of them lets in is in
    return own.length > 0 && !own.some(allowsEverybody)
  }).length
  const counts = { workloads: workloads.length, withProxy: proxied.length, authorized }
  const by = source === null ? '' : ` (PeerAuthentication ${source.namespace}/${source.name})`
  const left = workloads.filter((workload) => !proxied.includes(workload))
  const some =
    left.length === 0 || proxied.length === 0
      ? ''
      : ` ${left.length} of its ${workloads.length} workloads ${left.length === 1 ? 'has' : 'have'} no proxy: ${names(left)}.`

  if (proxied.length === 0) {
    const isRefusing = mode === 'STRICT'
    return {
      ...counts,
      stage: 'outside',
      words: 'Not in the mesh: none of its workloads has a proxy.',
      next: {
        words: isRefusing
          ? `Set PERMISSIVE here first: STRICT${by} would hold as soon as a proxy is there. Then label the namespace and restart one workload at a time.`
          : 'Label the namespace and restart one workload at a time. Nobody is refused by that: proxies accept plain text too until a policy says otherwise.',
        mode: isRefusing ? 'PERMISSIVE' : null,
        commands: joinCommands(index, namespace, left),
      },
      back: {
        words: 'This is where the way begins. Without a policy of its own nothing is to be taken back.',
        mode: isOwn ? 'UNSET' : null,
        commands: [],
      },
    }
  }
  if (source === null) {
    return {
      ...counts,
      stage: 'sidecars',
      words: `Proxies without a policy: mutual TLS is used where both sides can, plain text is accepted.${some}`,
      next: {
        words:
          'Write PERMISSIVE down. It changes nothing today, and keeps a later change of the mesh from reaching this namespace unseen.',
        mode: 'PERMISSIVE',
        commands: [],
      },
      back: {
        words: 'Take the proxies out: remove the label and restart the workloads.',
        mode: null,
        commands: leaveCommands(index, namespace, proxied),
      },
    }
  }
  if (mode === 'DISABLE') {
    return {
      ...counts,
      stage: 'sidecars',
      words: `Mutual TLS is switched off${by}.${some}`,
      next: {
        words: 'Set PERMISSIVE: mutual TLS is used where both sides can, plain text is still accepted.',
        mode: 'PERMISSIVE',
        commands: [],
      },
      back: backToInherit(isOwn),
    }
  }
  if (mode === 'PERMISSIVE') {
    const ready =
      plaintextCallers === null
        ? 'What calls in plain text is not measured: check a long window first.'
        : plaintextCallers === 0
          ? 'No plain text was seen in this window: check a longer one, then set STRICT.'
          : `${plaintextCallers === 1 ? 'One caller still sends' : `${plaintextCallers} callers still send`} plain text: move them into the mesh, then set STRICT.`
    return {
      ...counts,
      stage: 'permissive',
      words: `PERMISSIVE${by}: mutual TLS and plain text are both accepted.${some}`,
      next: { words: ready, mode: 'STRICT', commands: [] },
      back: backToInherit(isOwn),
    }
  }
  const isAuthorized = authorized === proxied.length
  return {
    ...counts,
    stage: isAuthorized ? 'authorized' : 'strict',
    words: isAuthorized
      ? `STRICT${by}, and every workload with a proxy says who may call it.${some}`
      : `STRICT${by}: only callers with an identity of the mesh get in.${some}`,
    next: isAuthorized
      ? null
      : {
          words: isUnread(index, 'AuthorizationPolicy')
            ? 'Say who may call. Which workloads have an AuthorizationPolicy that does is not known: Heddle may not read them.'
            : `Say who may call: ${authorized} of ${proxied.length} workloads have an AuthorizationPolicy that allows named callers. STRICT proves who calls, it does not choose.`,
          mode: null,
          commands: [],
        },
    back: {
      words: isAuthorized
        ? 'Set PERMISSIVE. Policies that ask for an identity go on refusing plain text; take those out first where it must get in.'
        : 'Set PERMISSIVE: plain text is accepted again within seconds, nothing restarts.',
      mode: 'PERMISSIVE',
      commands: [],
    },
  }
}

function backToInherit(isOwn: boolean): Step {
  return isOwn
    ? {
        words: 'Let it inherit again: the policy of the namespace is taken out.',
        mode: 'UNSET',
        commands: [],
      }
    : {
        words: 'The mode comes from the whole mesh: change it there, or set another one here.',
        mode: null,
        commands: [],
      }
}

/** `rules: [{}]`: a rule that asks nothing matches every request. */
function allowsEverybody({ object }: Read<AuthorizationPolicySpec>): boolean {
  return asList(specOf(object).rules).some((rule) => isFields(rule) && Object.keys(rule).length === 0)
}

/** Policies that allow somebody and so refuse all others; those in a dry run refuse nobody. */
function allowPolicies(index: InventoryIndex, namespace: string): Read<AuthorizationPolicySpec>[] {
  const { rootNamespace } = index.inventory
  return readObjects(index).authorizationPolicies.filter(
    ({ namespace: own, object }) =>
      (own === namespace || own === rootNamespace) && actionOf(object) === 'ALLOW' && !isDryRun(object),
  )
}

const INJECTION = 'istio-injection'
const REVISION = 'istio.io/rev'
const AMBIENT = 'istio.io/dataplane-mode'

/** The label by which the namespaces of this mesh join it: the most usual one. */
function joiningLabel(index: InventoryIndex): string {
  const counts = new Map<string, number>()
  for (const { labels } of index.namespaces.values()) {
    const label = labelOf(labels)
    if (label) counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
  return most?.[0] ?? `${INJECTION}=enabled`
}

function labelOf(labels: NamespaceInventory['labels']): string | undefined {
  if (labels[INJECTION] === 'enabled') return `${INJECTION}=enabled`
  if (labels[REVISION]) return `${REVISION}=${labels[REVISION]}`
  return labels[AMBIENT] === 'ambient' ? `${AMBIENT}=ambient` : undefined
}

function joinCommands(
  index: InventoryIndex,
  namespace: string,
  workloads: readonly WorkloadInventory[],
): string[] {
  const label = joiningLabel(index)
  const restarts = label.startsWith(AMBIENT) ? [] : restartCommands(namespace, workloads)
  return [`kubectl label namespace ${namespace} ${label} --overwrite`, ...restarts]
}

function leaveCommands(
  index: InventoryIndex,
  namespace: string,
  workloads: readonly WorkloadInventory[],
): string[] {
  const label = labelOf(index.namespaces.get(namespace)?.labels ?? {})
  const key = label?.split('=')[0]
  if (key === undefined) return restartCommands(namespace, workloads)
  const restarts = key === AMBIENT ? [] : restartCommands(namespace, workloads)
  return [`kubectl label namespace ${namespace} ${key}-`, ...restarts]
}

const RESTARTABLE: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

function restartCommands(namespace: string, workloads: readonly WorkloadInventory[]): string[] {
  return workloads
    .filter(({ kind }) => RESTARTABLE.has(kind))
    .map(({ kind, name }) => `kubectl -n ${namespace} rollout restart ${kind.toLowerCase()}/${name}`)
}

const MOST_NAMES = 3

function names(workloads: readonly WorkloadInventory[]): string {
  const shown = workloads.slice(0, MOST_NAMES).map(({ name }) => name)
  const more = workloads.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
