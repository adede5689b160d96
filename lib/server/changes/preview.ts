import 'server-only'
import type {
  ChangeBody,
  ChangePreview,
  DryRun,
  PreviewAnswer,
  Rights,
} from '@/lib/api/schemas/config/changes'
import type { Notice } from '@/lib/api/schemas/common'
import { contentOf } from '@/lib/changes/content'
import { deletionWait, isBeingDeleted } from '@/lib/changes/deletion'
import { contentYaml } from '@/lib/changes/text/content-yaml'
import { findingsChanged } from '@/lib/changes/findings'
import { ownerOf } from '@/lib/changes/owner'
import { unifiedDiff } from '@/lib/changes/text/unified-diff'
import { findUserName, mayDo } from '@/lib/kubernetes/patch'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { Finding } from '@/lib/validation/finding'
import { currentAccess, isVisible, withoutHidden } from '../session/access'
import { clientOf, currentSession } from '../session/current'
import { observeNow } from '../findings/observe'
import { forbiddenNotices } from '../snapshots/objects'
import type { Upstreams } from '../upstreams'
import { impactOf } from './impact'
import { planChanges, type PlannedChange } from './plan'
import { nameOf } from './targets'
import { problemOf, sendChange } from './write'

/**
 * What a change would do: differences, the API server's dry run, permission, owner, findings, traffic concerned.
 * What the API server refuses is part of the answer; throws Refusal as `planChanges` does, UpstreamError when the
 * API server does not answer.
 */
export async function previewChanges(
  up: Upstreams,
  body: ChangeBody,
  signal?: AbortSignal,
): Promise<PreviewAnswer> {
  const [planned, access] = await Promise.all([
    planChanges(up, body, signal),
    currentAccess(up),
    observeNow(up),
  ])
  const clusters = [...new Set(planned.map(({ target }) => target.source))].map((source) => ({
    source,
    inventory: source.current().inventory,
    steps: planned.filter(({ target }) => target.source === source),
  }))
  const known = clusters.flatMap(({ inventory, steps }) => (inventory ? [{ inventory, steps }] : []))
  const [changes, rights, impact] = await Promise.all([
    Promise.all(planned.map((change) => previewOne(change, signal))),
    rightsOf(planned, signal),
    impactOf(
      up,
      known.map(({ inventory, steps }) => ({
        inventory,
        objects: steps.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()),
      })),
    ),
  ])
  const notices = clusters.flatMap(({ inventory, source }): Notice[] =>
    inventory
      ? forbiddenNotices({ inventories: [source] })
      : [
          {
            code: 'objects-not-read',
            message: `The objects of cluster ${source.cluster} have not been read yet: findings and impact there are not known.`,
            upstream: 'kubernetes',
          },
        ],
  )
  const found = known.map(({ inventory, steps }) => {
    const { added, resolved } = findingsChanged(inventory, steps, up.findings.known(inventory.cluster))
    const isSeen = ({ object }: Finding) => isVisible(access, inventory.cluster, object.namespace)
    const seen = { added: added.filter(isSeen), resolved: resolved.filter(isSeen) }
    return withoutHidden(up, access, inventory.cluster, seen)
  })
  const findings =
    known.length < clusters.length
      ? null
      : { added: found.flatMap((one) => one.added), resolved: found.flatMap((one) => one.resolved) }
  return {
    changes,
    findings,
    impact,
    rights,
    requiresReason: up.config.changes.requiresReason,
    isReadOnly: up.config.readOnly,
    notices,
  }
}

async function rightsOf(planned: readonly PlannedChange[], signal?: AbortSignal): Promise<Rights> {
  return { user: await authorOf(planned, signal), isShared: currentSession() === undefined }
}

/** The user whose rights a change uses, as the API server names it; null when it does not say. */
export async function authorOf(
  planned: readonly PlannedChange[],
  signal?: AbortSignal,
): Promise<string | null> {
  const source = planned[0]?.target.source
  try {
    return source ? await findUserName(clientOf(source), signal) : null
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return null
  }
}

async function previewOne(change: PlannedChange, signal?: AbortSignal): Promise<ChangePreview> {
  const { target, op, before, after, patch } = change
  const [dryRun, allowed] = await Promise.all([dryRunOf(change, signal), isAllowed(change, signal)])
  const owned = before ?? after
  return {
    ref: target.ref,
    op,
    diff: diffOf(target, before, after),
    patch,
    resourceVersion: before?.metadata.resourceVersion ?? null,
    before: before && { ...contentOf(before) },
    after: after && { ...contentOf(after) },
    dryRun,
    owner: owned && ownerOf(owned),
    allowed,
  }
}

/** A unified diff of what people write of an object, named by the object. */
export function diffOf(
  target: Pick<PlannedChange['target'], 'ref'>,
  before: ConfigObject | null,
  after: ConfigObject | null,
): string {
  const name = nameOf(target)
  return unifiedDiff(contentYaml(before), contentYaml(after), {
    before: before === null ? '/dev/null' : name,
    after: after === null ? '/dev/null' : name,
  })
}

async function dryRunOf(change: PlannedChange, signal?: AbortSignal): Promise<DryRun> {
  try {
    const { warnings } = await sendChange(change, { dryRun: true, ...(signal ? { signal } : {}) })
    return { ok: true, code: null, message: null, warnings: [...deletionNotes(change), ...warnings] }
  } catch (error) {
    const problem = problemOf(error)
    if (!problem) throw error
    return { ok: false, ...problem, warnings: [] }
  }
}

function deletionNotes({ before, after }: PlannedChange): string[] {
  if (before === null) return []
  if (after === null) return [deletionWait(before) ?? []].flat()
  return isBeingDeleted(before)
    ? ['It is being deleted: what is changed goes with it, once its finalizers are removed.']
    : []
}

async function isAllowed(
  { target, before, after }: PlannedChange,
  signal?: AbortSignal,
): Promise<boolean | null> {
  const verb = before === null ? 'create' : after === null ? 'delete' : 'patch'
  try {
    return await mayDo(clientOf(target.source), verb, target.at, signal)
  } catch (error) {
    // a user who may not even ask; the dry run still tells
    if (isUpstreamError(error) && error.status !== undefined && error.status < 500) return null
    throw error
  }
}
