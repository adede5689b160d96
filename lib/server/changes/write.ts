import 'server-only'
import type { ChangeProblem } from '@/lib/api/schemas/config/changes'
import { createObject, deleteObject, patchObject, type WriteMode } from '@/lib/kubernetes/patch'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError, type UpstreamError } from '@/lib/mesh/upstream-error'
import { sentence } from '../errors'
import { clientOf } from '../session/current'
import type { PlannedChange } from './plan'

export interface WriteResult {
  /** as the API server has it, defaults included; after a deletion what finalizers keep, null when it is gone */
  object: ConfigObject | null
  warnings: string[]
}

/** Sends one planned change, once. Throws UpstreamError. */
export async function sendChange(
  { target, op, before, after, patch }: PlannedChange,
  mode: WriteMode,
): Promise<WriteResult> {
  const { source, at } = target
  const client = clientOf(source)
  if (before === null && after !== null) return createObject(client, at, after, mode)
  const resourceVersion = before?.metadata.resourceVersion ?? ''
  if (after === null) return { object: await deleteObject(client, at, resourceVersion, mode), warnings: [] }
  // a write that changes nothing would still make the object's managers ours
  if (patch.length === 0 && op !== 'create') return { object: before, warnings: [] }
  return patchObject(client, at, patch, resourceVersion, mode)
}

/** What the API server refuses, with a stable code; undefined for failures that say nothing about the change. */
export function problemOf(error: unknown): ChangeProblem | undefined {
  if (!isUpstreamError(error) || error.status === undefined) return undefined
  const saysNothing = error.status >= 500 || error.status === 429
  if (saysNothing && !isForWantOfWebhook(error)) return undefined
  return { code: codeOf(error.status, error.reason), message: sentence(error.message) }
}

/** Webhooks are asked before anything is stored: without one that must not fail nothing is (istiod away, say). */
function isForWantOfWebhook({ status, message }: UpstreamError): boolean {
  return status === 500 && message.includes('failed calling webhook')
}

function codeOf(status: number, reason: string | undefined): string {
  if (status === 401 || status === 403) return 'forbidden'
  if (status === 404) return 'object-not-found'
  if (status === 409) return reason === 'AlreadyExists' ? 'name-taken' : 'conflict'
  return 'rejected'
}
