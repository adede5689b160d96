import 'server-only'
import { backoffMs } from '@/lib/http/backoff'
import type { Limiter } from '@/lib/http/limiter'
import { parseJson } from '@/lib/http/parse-json'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import type { KubernetesClient } from '../client'
import { objectList, watchEvent } from '../schema'

export type ReflectorState = 'watching' | 'absent' | 'forbidden' | 'retrying'

export interface ReflectorOptions<T> {
  client: Pick<KubernetesClient, 'read' | 'stream'>
  path: string
  query?: Readonly<Record<string, string>>
  /** an object in the shape we keep; undefined when it cannot be read, null when it is none of ours */
  decode: (object: unknown) => T | undefined | null
  /** places for listing, shared by all kinds, so that a start does not ask everything at once */
  lists: Limiter
  /** keep no more than so many, the oldest go first; default all */
  maxObjects?: number
  /** rises with time; orders a list before it is cut */
  timeOf?: (value: T) => number
  now: () => number
  random: () => number
  delay: (ms: number, signal?: AbortSignal) => Promise<void>
  /** what is kept changed, or the state did */
  onChange: (what: 'objects' | 'state') => void
}

/** One kind's objects, kept equal to the cluster's by one list and one watch. */
export interface Reflector<T> {
  values(): Iterable<T>
  readonly size: number
  /** rises when what is kept changes */
  readonly revision: number
  readonly state: ReflectorState
  /** the first list came, or was refused, or failed */
  readonly hasAnswered: boolean
  /** a list came at least once */
  readonly hasSynced: boolean
  readonly lastHeardAt: number | null
  readonly error: UpstreamError | null
  /** `namespace/name` of objects that could not be read */
  readonly broken: ReadonlySet<string>
  /** ends list, watch and waiting; resolves when nothing is under way any more */
  stop(): Promise<void>
}

const PAGE_SIZE = 500
/** the server ends a watch after a time from here to twice as long, so that they do not all end together */
const WATCH_SECONDS = 240
/** a refused or missing kind is asked for again, since rights and CRDs come later */
const ASK_AGAIN_MS = 5 * 60_000
/** one that was read before sooner at first: an API server that has just started refuses for a moment */
const ASK_AGAIN_SOON_MS = 10_000
/** a watch that ends sooner than this counts as a failure, if none to speak of where it said something */
const SHORT_WATCH_MS = 1_000

interface Kept<T> {
  resourceVersion: string
  value: T
}

/**
 * Lists, then watches, for ever: after the server's regular end at once from where it was, after 410 from a new
 * list, after any other failure with growing, jittered delays. One request at a time per kind.
 */
export function createReflector<T>(options: ReflectorOptions<T>): Reflector<T> {
  const { client, path, now, random, delay } = options
  const maxObjects = options.maxObjects ?? Infinity
  const ending = new AbortController()
  const { signal } = ending
  let kept = new Map<string, Kept<T>>()
  let broken = new Set<string>()
  let revision = 0
  let state: ReflectorState = 'retrying'
  let hasAnswered = false
  let hasSynced = false
  let lastHeardAt: number | null = null
  let error: UpstreamError | null = null
  /** where the watch goes on; null asks for a new list */
  let resourceVersion: string | null = null
  /** since a watch last stood */
  let failures = 0
  /** pages did not hold until the last: the next list is asked for whole */
  let isWhole = false
  /** refusals since the last list; Infinity while none came */
  let refusals = Infinity

  function setState(next: ReflectorState, because: UpstreamError | null): void {
    const isNews = next !== state || !hasAnswered || because?.message !== error?.message
    state = next
    error = because
    hasAnswered = true
    if (isNews) options.onChange('state')
  }

  function changed(): void {
    revision += 1
    options.onChange('objects')
  }

  async function list(): Promise<void> {
    const leave = await options.lists.enter(signal)
    try {
      let next = new Map<string, Kept<T>>()
      const unread = new Set<string>()
      let version: string | null = null
      let token: string | undefined
      do {
        const body = await client
          .read(path, {
            query: { ...options.query, limit: isWhole ? undefined : PAGE_SIZE, continue: token },
            signal,
            timeoutMs: 60_000,
          })
          .catch((cause: unknown) => {
            isWhole ||= token !== undefined && isUpstreamError(cause) && cause.status === 410
            throw cause
          })
        const page = objectList.safeParse(body)
        if (!page.success) {
          throw new UpstreamError('kubernetes', 'decode', `${path} did not answer with a list`, {
            cause: page.error,
          })
        }
        for (const item of page.data.items ?? []) {
          const { key, version: itemVersion } = identify(item)
          const before = kept.get(key)
          if (before && before.resourceVersion === itemVersion) next.set(key, before)
          else keep(next, unread, key, itemVersion, item)
        }
        version = page.data.metadata.resourceVersion ?? ''
        token = page.data.metadata.continue || undefined
        // page by page, so that a bound also bounds what is held meanwhile
        next = trimmedList(next)
      } while (token !== undefined)
      const isSame =
        next.size === kept.size && [...next].every(([key, one]) => kept.get(key)?.value === one.value)
      kept = next
      broken = unread
      resourceVersion = version
      lastHeardAt = now()
      const isFirst = !hasSynced
      hasSynced = true
      isWhole = false
      refusals = 0
      if (!isSame || isFirst) changed()
      setState('watching', null)
    } finally {
      leave()
    }
  }

  async function watch(): Promise<void> {
    let openedAt = Infinity
    const timeoutSeconds = Math.round(WATCH_SECONDS * (1 + random()))
    let events = 0
    try {
      await client.stream(path, {
        query: {
          ...options.query,
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion: resourceVersion ?? '',
          timeoutSeconds,
        },
        signal,
        maxMs: (timeoutSeconds + 60) * 1000,
        onOpen: () => {
          openedAt = now()
          lastHeardAt = openedAt
          setState('watching', null)
        },
        onLine: (line) => {
          events += 1
          lastHeardAt = now()
          take(line)
        },
      })
    } finally {
      // however it ended: what comes after a connection that stood is the first failure
      if (now() - openedAt >= SHORT_WATCH_MS) failures = 0
    }
    if (now() - openedAt >= SHORT_WATCH_MS) return
    failures += 1
    // what it said is progress; the same again and again may be none
    const waits = events > 0 ? failures - 1 : failures
    if (waits > 0) await delay(backoffMs(waits, random), signal)
  }

  function take(line: string): void {
    const event = watchEvent.safeParse(parseJson(line))
    if (!event.success) {
      throw new UpstreamError('kubernetes', 'decode', `${path} sent a watch event that is none`, {
        retryable: true,
      })
    }
    const { type, object } = event.data
    if (type === 'ERROR') {
      const { code, message } = object as { code?: number; message?: string }
      throw new UpstreamError('kubernetes', 'http', message ?? `${path} ended the watch`, {
        status: code ?? 500,
      })
    }
    const { key, version } = identify(object)
    if (version !== '') resourceVersion = version
    if (type === 'BOOKMARK') return
    if (type === 'DELETED') {
      broken.delete(key)
      if (kept.delete(key)) changed()
      return
    }
    const before = kept.get(key)
    broken.delete(key)
    keep(kept, broken, key, version, object)
    trim(kept)
    const after = kept.get(key)
    // most writes are status nobody reads: what decodes to the same is no change
    if (before && after && JSON.stringify(before.value) === JSON.stringify(after.value))
      after.value = before.value
    else if (before || after) changed()
  }

  function keep(
    into: Map<string, Kept<T>>,
    unread: Set<string>,
    key: string,
    version: string,
    object: unknown,
  ): void {
    const value = options.decode(object)
    if (value === undefined) unread.add(key)
    // what is heard of again is the newest of a bounded kind
    if (value === undefined || value === null || maxObjects !== Infinity) into.delete(key)
    if (value !== undefined && value !== null) into.set(key, { resourceVersion: version, value })
  }

  /** Lists come by name; the oldest shall go, not the first of the alphabet. */
  function trimmedList(map: Map<string, Kept<T>>): Map<string, Kept<T>> {
    const { timeOf } = options
    if (map.size <= maxObjects) return map
    const entries = [...map]
    if (timeOf) entries.sort(([, a], [, b]) => timeOf(a.value) - timeOf(b.value))
    return new Map(entries.slice(entries.length - maxObjects))
  }

  function trim(map: Map<string, Kept<T>>): void {
    for (const oldest of map.keys()) {
      if (map.size <= maxObjects) return
      map.delete(oldest)
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        if (resourceVersion === null) await list()
        await watch()
      } catch (cause) {
        if (signal.aborted) return
        const failure = isUpstreamError(cause)
          ? cause
          : new UpstreamError('kubernetes', 'decode', `${path}: ${String(cause)}`, { cause })
        await recover(failure)
      }
    }
  }

  async function recover(failure: UpstreamError): Promise<void> {
    failures += 1
    if (failure.status === 410) {
      // history is gone, nothing is wrong: a new list, at once unless that repeats
      resourceVersion = null
      if (failures === 1) return
      setState('retrying', failure)
      await delay(backoffMs(failures - 1, random), signal)
      return
    }
    if (failure.status === 403 || failure.status === 404) {
      resourceVersion = null
      // what we may not see any more must not stay on screen as if we did
      broken = new Set()
      if (kept.size > 0) {
        kept = new Map()
        changed()
      }
      setState(failure.status === 403 ? 'forbidden' : 'absent', failure)
      const againMs = Math.min(ASK_AGAIN_MS, ASK_AGAIN_SOON_MS * 2 ** refusals)
      refusals += 1
      await delay(againMs * (0.5 + random()), signal)
      return
    }
    // a version that the server refuses would be refused for ever
    if (failure.kind === 'query') resourceVersion = null
    setState('retrying', failure)
    await delay(backoffMs(failures, random), signal)
  }

  const running = run().catch(() => {
    // only a delay or a place ended by `stop` gets here
  })

  return {
    *values() {
      for (const one of kept.values()) yield one.value
    },
    get size() {
      return kept.size
    },
    get revision() {
      return revision
    },
    get state() {
      return state
    },
    get hasAnswered() {
      return hasAnswered
    },
    get hasSynced() {
      return hasSynced
    },
    get lastHeardAt() {
      return lastHeardAt
    },
    get error() {
      return error
    },
    get broken() {
      return broken
    },
    async stop() {
      ending.abort()
      await running
    },
  }
}

/** Names of an object whatever else is wrong with it. */
function identify(object: unknown): { key: string; version: string } {
  const metadata =
    typeof object === 'object' && object !== null && 'metadata' in object
      ? (object.metadata as { namespace?: unknown; name?: unknown; resourceVersion?: unknown } | null)
      : null
  const namespace = typeof metadata?.namespace === 'string' ? metadata.namespace : ''
  const name = typeof metadata?.name === 'string' ? metadata.name : '(no name)'
  const version = typeof metadata?.resourceVersion === 'string' ? metadata.resourceVersion : ''
  return { key: namespace === '' ? name : `${namespace}/${name}`, version }
}
