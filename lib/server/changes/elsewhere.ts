import 'server-only'
import { createHash } from 'node:crypto'
import type { ChangeDetail, KnownRef } from '@/lib/api/schemas/config/changes'
import { contentOf } from '@/lib/changes/content'
import { changesBetween, readingOf, type ObservedChange, type Reading } from '@/lib/changes/observe'
import { writerBetween, writersOf } from '@/lib/changes/writers'
import { FIELD_MANAGER } from '@/lib/kubernetes/patch'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { groupOf } from '@/lib/validation/world'
import type { Clock } from '../clock'
import { diffOf } from './preview'
import type { ChangeRecord } from './records'
import { isSupported } from './targets'
import { unrecorded, type SeenChange } from './unrecorded'

/** In memory only: what somebody else changed is theirs to keep. */
const MOST_SEEN = 200
const MOST_FROM_FIELDS = 200

/** Changes made with other tools, as far as the cluster tells. */
export interface Elsewhere {
  /** seen happen since this process watches, newest first */
  seen(): ChangeDetail[]
  /** the same without those that `records` tell of: not every write leaves its name on the object */
  seenBeside(records: readonly ChangeRecord[]): ChangeDetail[]
  /** last write of each manager before that, newest first; without difference */
  fromFields(): ChangeDetail[]
  close(): void
}

/** Watches the configuration of all clusters for changes that Heddle did not make. */
export function createElsewhere(inventories: readonly InventorySource[], clock: Clock): Elsewhere {
  const seen: SeenChange[] = []
  const stops = inventories.map((source) => {
    let last: { config: readonly ConfigObject[]; unread: readonly string[]; reading: Reading } | null = null
    const look = () => {
      const { inventory } = source.current()
      if (!inventory) return
      const { config, unread = [] } = inventory
      if (last && config === last.config) {
        last.unread = unread
        return
      }
      const reading = readingOf(config)
      if (last) {
        for (const change of changesBetween(last.reading, reading, [...last.unread, ...unread])) {
          const made = seenChange(change, source.cluster, clock.now())
          if (made) seen.unshift(made)
        }
        seen.length = Math.min(seen.length, MOST_SEEN)
      }
      last = { config, unread, reading }
    }
    look()
    return source.subscribe(look)
  })
  const startedAt = clock.now()
  // every viewer asks every few seconds, and a large mesh has tens of thousands of objects
  const ofConfig = new WeakMap<readonly ConfigObject[], ChangeDetail[]>()
  const newest = (changes: ChangeDetail[]) => changes.sort((a, b) => b.at - a.at).slice(0, MOST_FROM_FIELDS)
  const fromFieldsOf = ({ cluster, config }: ClusterInventory) => {
    const known =
      ofConfig.get(config) ?? newest(config.flatMap((object) => fieldChanges(object, cluster, startedAt)))
    ofConfig.set(config, known)
    return known
  }
  return {
    seen: () => seen.map(({ change }) => change),
    seenBeside: (records) => unrecorded(seen, records),
    fromFields: () =>
      newest(
        inventories.flatMap((source) => {
          const { inventory } = source.current()
          return inventory ? fromFieldsOf(inventory) : []
        }),
      ),
    close() {
      for (const stop of stops) stop()
    },
  }
}

function seenChange({ before, after }: ObservedChange, cluster: string, now: number): SeenChange | undefined {
  const object = after ?? before
  if (!object) return undefined
  const ref = refOf(object, cluster)
  if (!isSupported(ref.group, ref.kind)) return undefined
  // who deleted an object goes with it
  const writer = after && writerBetween(before, after)
  if (writer?.manager === FIELD_MANAGER) return undefined
  const [was, is] = [before && contentOf(before), after && contentOf(after)]
  const change = changeOf(ref, {
    id: `seen-${shortHash([ref, object.metadata.uid, object.metadata.resourceVersion, after === null])}`,
    // within the second that the object tells, as late as it can be: what was seen before it lies before it
    at: writer ? Math.max(writer.at, Math.min(now, writer.at + 999)) : now,
    author: writer?.manager ?? null,
    knownBy: 'watch',
    op: before === null ? 'create' : after === null ? 'delete' : 'update',
    resourceVersion: after?.metadata.resourceVersion ?? null,
    before: was,
    after: is,
    diff: diffOf({ ref }, was, is),
  })
  const createdAt = Date.parse(object.metadata.creationTimestamp ?? '')
  return { change, createdAt: Number.isNaN(createdAt) ? null : createdAt }
}

/** The last write of each manager before `until`; what it wrote is not known any more. */
function fieldChanges(object: ConfigObject, cluster: string, until: number): ChangeDetail[] {
  const ref = refOf(object, cluster)
  if (!isSupported(ref.group, ref.kind)) return []
  const createdAt = Date.parse(object.metadata.creationTimestamp ?? '')
  return writersOf(object)
    .filter(({ manager, at }) => manager !== FIELD_MANAGER && at < until)
    .map(({ manager, at }) =>
      changeOf(ref, {
        id: `fields-${shortHash([ref, manager, at])}`,
        at,
        author: manager,
        knownBy: 'fields',
        op: at === createdAt ? 'create' : 'update',
        resourceVersion: null,
        before: null,
        after: null,
        diff: '',
      }),
    )
}

type ObjectPart = 'op' | 'resourceVersion' | 'before' | 'after' | 'diff'

function changeOf(
  ref: KnownRef,
  {
    op,
    resourceVersion,
    before,
    after,
    diff,
    ...change
  }: Pick<ChangeDetail, 'id' | 'at' | 'author' | 'knownBy'> &
    Pick<ChangeDetail['objects'][number], ObjectPart>,
): ChangeDetail {
  const object = { ref, op, status: 'applied' as const, resourceVersion, error: null, diff, before, after }
  return { ...change, reason: null, token: null, status: 'applied', reverts: null, objects: [object] }
}

function refOf({ apiVersion, kind, metadata }: ConfigObject, cluster: string): KnownRef {
  const group = groupOf(apiVersion)
  return {
    cluster,
    group,
    version: apiVersion.slice(group.length + 1),
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
  }
}

function shortHash(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
