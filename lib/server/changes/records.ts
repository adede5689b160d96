import 'server-only'
import { randomBytes } from 'node:crypto'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import {
  ChangeProblem,
  ChangeStatus,
  KnownRef,
  Operation,
  type ChangeDetail,
  type ChangeSummary,
} from '@/lib/api/schemas/config/changes'
import type { KubernetesClient } from '@/lib/kubernetes/client'
import { FIELD_MANAGER } from '@/lib/kubernetes/patch'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { Refusal, sentence } from '../errors'
import type { Upstreams } from '../upstreams'
import { diffOf } from './preview'
import { clusterNamed, nameOf } from './targets'

/** A ConfigMap holds 1 MiB. */
const MOST_BYTES = 1_000_000
const LABEL = 'heddle.io/change'
const STATUS_LABEL = 'heddle.io/status'
const NAME_PREFIX = 'heddle-change-'
const KEY = 'change.yaml'

const AnyObject = z
  .looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.looseObject({ name: z.string() }),
  })
  .transform((object) => object as unknown as ConfigObject)

export const RecordedObject = z.object({
  ref: KnownRef,
  op: Operation,
  status: z.enum(['pending', 'applied', 'failed', 'skipped', 'unknown']),
  resourceVersion: z.string().nullable(),
  error: ChangeProblem.nullable(),
  /** what people write of the object, before and after; null: it does not exist */
  before: AnyObject.nullable(),
  after: AnyObject.nullable(),
})
export type RecordedObject = z.infer<typeof RecordedObject>

/** A change as it is kept: enough to tell whether it was applied and to take it back. */
export const ChangeRecord = z.object({
  id: z.string(),
  /** epoch milliseconds */
  at: z.number(),
  author: z.string().nullable(),
  reason: z.string().nullable(),
  /** the name the caller gave the request; absent in records of older versions */
  token: z.string().nullable().default(null),
  status: ChangeStatus,
  reverts: z.string().nullable(),
  objects: z.array(RecordedObject),
})
export type ChangeRecord = z.infer<typeof ChangeRecord>

/** A record with the state of its ConfigMap, which guards later writes of it. */
export interface StoredRecord {
  record: ChangeRecord
  resourceVersion: string
}

/** An id that sorts by time: `20260820-120002-3f2a1c`. */
export function newChangeId(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${time}-${randomBytes(3).toString('hex')}`
}

/**
 * Records of changes, one ConfigMap each in Heddle's own namespace of the home cluster:
 * `kubectl get configmaps -n heddle -l heddle.io/change`.
 */
export interface RecordStore {
  /** Makes the namespace when it is missing. Throws Refusal when the record cannot be kept: then nothing may be applied. */
  create(record: ChangeRecord): Promise<StoredRecord>
  /** Throws UpstreamError; with status 409 when another process wrote the record meanwhile. */
  update(stored: StoredRecord, record: ChangeRecord): Promise<StoredRecord>
  /** Newest first; `broken` names ConfigMaps that hold no record. Throws UpstreamError. */
  list(signal?: AbortSignal): Promise<{ records: StoredRecord[]; broken: string[] }>
  find(id: string, signal?: AbortSignal): Promise<StoredRecord | undefined>
  /** Deletes what is older or more than is kept; what is pending stays. Throws UpstreamError. */
  prune(now: number): Promise<void>
}

// every viewer asks for the list every few seconds, and to read its YAML takes milliseconds a record
const decodedOf = new WeakMap<Upstreams, Map<string, StoredRecord>>()

export function recordStore(up: Upstreams): RecordStore {
  const { client } = clusterNamed(up)
  const { namespace, keep } = up.config.changes
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`
  const at = (id: string) => `${path}/${encodeURIComponent(NAME_PREFIX + id)}`

  async function post(record: ChangeRecord): Promise<StoredRecord> {
    const body = configMapOf(record, namespace)
    const answer = await client.write(path, { method: 'POST', body, query: { fieldManager: FIELD_MANAGER } })
    return { record, resourceVersion: versionOf(answer.body) }
  }

  async function list(signal?: AbortSignal): Promise<{ records: StoredRecord[]; broken: string[] }> {
    const answer = ConfigMapList.parse(
      await client.read(path, {
        query: { labelSelector: LABEL },
        attempts: 3,
        ...(signal ? { signal } : {}),
      }),
    )
    const before = decodedOf.get(up)
    const now = new Map<string, StoredRecord>()
    const decoded = answer.items.map((item) => {
      const { name, resourceVersion } = item.metadata
      const known = before?.get(name)
      const record = known?.resourceVersion === resourceVersion ? known : decodeRecord(item)
      if (record) now.set(name, record)
      return record ?? name
    })
    decodedOf.set(up, now)
    const records = decoded.filter((one) => typeof one !== 'string')
    return {
      records: records.sort((a, b) => b.record.at - a.record.at || (a.record.id < b.record.id ? 1 : -1)),
      broken: decoded.filter((one) => typeof one === 'string'),
    }
  }

  return {
    list,
    async create(record) {
      try {
        return await post(record).catch(async (error: unknown) => {
          if (!isUpstreamError(error) || error.status !== 404) throw error
          await createNamespace(client, namespace)
          return post(record)
        })
      } catch (error) {
        if (!isUpstreamError(error)) throw error
        const isForbidden = error.status === 403
        throw new Refusal(
          isForbidden ? 'forbidden' : 'unavailable',
          `The change could not be recorded in namespace ${namespace}, so nothing was applied: ${sentence(error.message)}`,
          { code: 'change-not-recorded' },
        )
      }
    },
    async update(stored, record) {
      const { data, metadata } = configMapOf(record, namespace)
      const answer = await client.write(at(record.id), {
        method: 'PATCH',
        contentType: 'application/merge-patch+json',
        body: {
          data,
          metadata: {
            labels: metadata.labels,
            annotations: metadata.annotations,
            resourceVersion: stored.resourceVersion,
          },
        },
        query: { fieldManager: FIELD_MANAGER },
      })
      return { record, resourceVersion: versionOf(answer.body) }
    },
    async find(id, signal) {
      try {
        const body = await client.read(at(id), { attempts: 3, ...(signal ? { signal } : {}) })
        return decodeRecord(ConfigMap.parse(body))
      } catch (error) {
        if (isUpstreamError(error) && error.status === 404) return undefined
        throw error
      }
    },
    async prune(now) {
      const { records } = await list()
      const done = records.filter(({ record }) => record.status !== 'pending')
      const surplus = done.filter(({ record }, index) => index >= keep.count || record.at < now - keep.ms)
      for (const { record } of surplus) await client.write(at(record.id), { method: 'DELETE' })
    },
  }
}

const summaries = new WeakMap<ChangeRecord, ChangeSummary>()

/** What lists and pages show of a record: made once, as a difference costs as much as to read it. */
export function summaryOf(record: ChangeRecord): ChangeSummary {
  const { objects, ...rest } = record
  const made = summaries.get(record) ?? {
    ...rest,
    knownBy: 'record',
    objects: objects.map(({ before, after, ...object }) => ({
      ...object,
      diff: diffOf(object, before, after),
    })),
  }
  summaries.set(record, made)
  return made
}

/** The same with the objects before and after. */
export function detailOf(record: ChangeRecord): ChangeDetail {
  const { objects, ...summary } = summaryOf(record)
  return {
    ...summary,
    objects: objects.map((object, index) => {
      const { before = null, after = null } = record.objects[index] ?? {}
      return { ...object, before: before && { ...before }, after: after && { ...after } }
    }),
  }
}

const ConfigMap = z.object({
  metadata: z.object({ name: z.string(), resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).nullish(),
})
const ConfigMapList = z.object({ items: z.array(ConfigMap) })

/** Throws Refusal('too-large') that names the bound. */
function configMapOf(record: ChangeRecord, namespace: string) {
  const text = stringify(record, { lineWidth: 0, aliasDuplicateObjects: false })
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new Refusal(
      'too-large',
      `The objects before and after the change are larger than ${MOST_BYTES} bytes together, the most that can be recorded; change fewer at once.`,
      { code: 'change-too-large' },
    )
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${NAME_PREFIX}${record.id}`,
      namespace,
      labels: {
        'app.kubernetes.io/managed-by': 'heddle',
        [LABEL]: 'true',
        [STATUS_LABEL]: record.status,
      },
      annotations: {
        'heddle.io/objects': record.objects.map(({ op, ref }) => `${op} ${nameOf({ ref })}`).join(', '),
      },
    },
    data: { [KEY]: text },
  }
}

function decodeRecord({ metadata, data }: z.infer<typeof ConfigMap>): StoredRecord | undefined {
  let value: unknown
  try {
    value = parse(data?.[KEY] ?? '', { maxAliasCount: 0 })
  } catch {
    return undefined
  }
  const parsed = ChangeRecord.safeParse(value)
  if (!parsed.success || metadata.name !== `${NAME_PREFIX}${parsed.data.id}`) return undefined
  return { record: parsed.data, resourceVersion: metadata.resourceVersion }
}

function versionOf(body: unknown): string {
  return ConfigMap.parse(body).metadata.resourceVersion
}

async function createNamespace(client: KubernetesClient, name: string): Promise<void> {
  const labels = { 'app.kubernetes.io/managed-by': 'heddle' }
  try {
    await client.write('/api/v1/namespaces', {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
      query: { fieldManager: FIELD_MANAGER },
    })
  } catch (error) {
    // another replica was first
    if (!isUpstreamError(error) || error.status !== 409) throw error
  }
}
