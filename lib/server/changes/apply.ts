import 'server-only'
import type { AppliedObject, ApplyAnswer, ChangeBody, ChangeProblem } from '@/lib/api/schemas/config/changes'
import { contentOf } from '@/lib/changes/content'
import { DELETION_PENDING, deletionWait } from '@/lib/changes/deletion'
import { getObject } from '@/lib/kubernetes/read'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { invalid, Refusal, sentence, upstreamCode, type RefusalKind } from '../errors'
import { errorFacts } from '../log'
import { clientOf } from '../session/current'
import type { Upstreams } from '../upstreams'
import { conflictOf } from './conflict'
import { planChanges, type PlannedChange } from './plan'
import { authorOf } from './preview'
import { newChangeId, recordStore, type ChangeRecord, type RecordedObject } from './records'
import { settleRecord, statusOf } from './settle'
import { problemOf, sendChange } from './write'

const KINDS: Readonly<Record<string, RefusalKind>> = {
  forbidden: 'forbidden',
  'object-not-found': 'not-found',
  'name-taken': 'conflict',
}

/** Why an object was not sent, by how the one before it ended. */
const SKIPPED = {
  failed: 'It was not sent, because the change of another object failed first.',
  pending: 'It was not sent, because the change of the object before it had not ended.',
}

export interface ApplyOptions {
  /** of the request; ends the preparations, never what is under way */
  signal?: AbortSignal
}

/**
 * Applies a change: each object tried on the server, the whole recorded, then written one after the other until one
 * fails, and the record marked. Nothing is tried twice; a write whose outcome is not known is told by the object,
 * or stays `pending`.
 * Throws Refusal when nothing was applied (read-only, conflict with the versions, what the API server refuses, no
 * record), UpstreamError when the API server does not answer beforehand.
 */
export async function applyChanges(
  up: Upstreams,
  body: ChangeBody,
  { signal }: ApplyOptions = {},
): Promise<ApplyAnswer> {
  requireWritable(up)
  const reason = body.reason?.trim() || null
  if (reason === null && up.config.changes.requiresReason) {
    throw invalid('reason', 'Say why: a reason is required for every change here.', 'missing-reason')
  }
  const planned = await planChanges(up, body, signal)
  const tried = await Promise.all(planned.map((change) => tryChange(change, signal)))
  const store = recordStore(up)
  const first: ChangeRecord = {
    id: newChangeId(up.clock.now()),
    at: up.clock.now(),
    author: await authorOf(planned, signal),
    reason,
    status: 'pending',
    token: body.token ?? null,
    reverts: body.reverts ?? null,
    objects: planned.map(({ target, op, before }, index) => ({
      ref: target.ref,
      op,
      status: 'pending',
      resourceVersion: null,
      error: null,
      before: before && contentOf(before),
      // with the server's defaults: how it will be found
      after: tried[index] ? contentOf(tried[index]) : null,
    })),
  }
  const stored = await store.create(first)
  const { objects, conflict } = await writeAll(planned, first.objects)
  let record: ChangeRecord = { ...first, objects, status: statusOf(objects) }
  try {
    // a connection that broke says nothing about the write; the object does, once it has come
    if (record.status === 'pending') record = await settleRecord(up, record, { mayStillCome: true })
  } catch (error) {
    if (!isUpstreamError(error)) throw error
  }
  try {
    await store.update(stored, record)
    await store.prune(up.clock.now())
  } catch (error) {
    // what was applied stays applied; the record is settled when it is read next
    up.log.write('error', 'the record of a change could not be marked', {
      id: record.id,
      ...errorFacts(error),
    })
  }
  if (conflict && objects.every(({ status }) => status !== 'applied')) throw conflict
  return { id: record.id, status: record.status, changes: record.objects.map(answerOf) }
}

/** Throws Refusal('forbidden') where Heddle is set to change nothing. */
export function requireWritable(up: Upstreams): void {
  if (!up.config.readOnly) return
  throw new Refusal('forbidden', 'Heddle is set to read-only (HEDDLE_READ_ONLY); nothing was changed.', {
    code: 'read-only',
  })
}

/** The object as the server would store it. Throws Refusal with what it says against it. */
async function tryChange(change: PlannedChange, signal?: AbortSignal): Promise<ConfigObject | null> {
  try {
    const { object } = await sendChange(change, { dryRun: true, ...(signal ? { signal } : {}) })
    return change.after === null ? null : object
  } catch (error) {
    const problem = problemOf(error)
    if (!problem) throw error
    if (problem.code === 'conflict') throw await conflictNow(change)
    throw new Refusal(KINDS[problem.code] ?? 'invalid', problem.message, {
      code: problem.code,
      parameter: change.parameter,
    })
  }
}

async function conflictNow(change: PlannedChange): Promise<Refusal> {
  const { target, before, after, parameter } = change
  const theirs = await getObject(clientOf(target.source), target.at)
  return conflictOf(target, { base: before, theirs, mine: after }, parameter)
}

/** Writes in order until one is not done; never throws, since what was written must be marked. */
async function writeAll(
  planned: readonly PlannedChange[],
  recorded: readonly RecordedObject[],
): Promise<{ objects: RecordedObject[]; conflict: Refusal | null }> {
  const objects: RecordedObject[] = []
  let conflict: Refusal | null = null
  let ended: keyof typeof SKIPPED | null = null
  for (const [index, change] of planned.entries()) {
    const object = recorded[index] as RecordedObject
    if (ended !== null) {
      objects.push({ ...object, status: 'skipped', error: { code: 'skipped', message: SKIPPED[ended] } })
      continue
    }
    try {
      const written = await sendChange(change, { dryRun: false })
      const wait = change.after === null ? written.object && deletionWait(written.object) : null
      if (wait !== null) {
        ended = 'pending'
        objects.push({ ...object, status: 'pending', error: { code: DELETION_PENDING, message: wait } })
        continue
      }
      objects.push({
        ...object,
        status: 'applied',
        resourceVersion: (change.after && written.object?.metadata.resourceVersion) ?? null,
        after: change.after && written.object && contentOf(written.object),
      })
    } catch (error) {
      const problem = problemOf(error) ?? turnedAway(error)
      ended = problem ? 'failed' : 'pending'
      objects.push({
        ...object,
        // without the API server's word the write may have happened
        status: problem ? 'failed' : 'pending',
        error: problem ?? failureOf(error),
      })
      if (problem?.code === 'conflict') conflict = await conflictNow(change).catch(() => null)
    }
  }
  return { objects, conflict }
}

/**
 * Of a server that has too many requests: it says so instead of doing anything, so the write never comes.
 * https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
function turnedAway(error: unknown): ChangeProblem | undefined {
  return isUpstreamError(error) && error.status === 429 ? failureOf(error) : undefined
}

function failureOf(error: unknown): ChangeProblem {
  if (isUpstreamError(error)) return { code: upstreamCode(error), message: sentence(error.message) }
  return { code: 'internal', message: 'Something went wrong in Heddle itself while the change was sent.' }
}

function answerOf({ ref, status, resourceVersion, error }: RecordedObject): AppliedObject {
  return { ref, status, resourceVersion, error }
}
