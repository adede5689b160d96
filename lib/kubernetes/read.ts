import 'server-only'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import type { KubernetesClient } from './client'
import { decodeEvent } from './watching/decode'
import type { KubernetesEvent } from './watching/decode'
import { configObject, objectList } from './schema'

export interface ObjectAddress {
  /** '' for the core group */
  group: string
  version: string
  plural: string
  /** left out for cluster-wide kinds */
  namespace?: string
  name: string
}

/**
 * One object as the API server holds it, every field kept; null when it does not exist. Throws UpstreamError.
 */
export async function getObject(
  client: KubernetesClient,
  at: ObjectAddress,
  signal?: AbortSignal,
): Promise<ConfigObject | null> {
  const path = objectPath(at)
  let body: unknown
  try {
    body = await client.read(path, { signal, attempts: 3 })
  } catch (error) {
    if (isUpstreamError(error) && error.status === 404) return null
    throw error
  }
  const parsed = configObject.safeParse(body)
  if (!parsed.success) {
    throw new UpstreamError('kubernetes', 'decode', `the answer of ${path} is not an object`, {
      cause: parsed.error,
    })
  }
  // checked above: metadata with a name; apiVersion and kind are always there on single objects
  return body as ConfigObject
}

export function objectPath(at: ObjectAddress): string {
  const root = at.group === '' ? '/api' : `/apis/${encodeURIComponent(at.group)}`
  const where = at.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(at.namespace)}`
  return `${root}/${encodeURIComponent(at.version)}${where}/${encodeURIComponent(at.plural)}/${encodeURIComponent(at.name)}`
}

/** Events of a namespace, or of one object in it, newest first, at most `limit`. Throws UpstreamError. */
export async function listEvents(
  client: KubernetesClient,
  options: {
    cluster: string
    namespace?: string
    object?: { kind: string; name: string }
    limit?: number
    signal?: AbortSignal
  },
): Promise<KubernetesEvent[]> {
  const where = options.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(options.namespace)}`
  const { object } = options
  const body = await client.read(`/api/v1${where}/events`, {
    query: {
      limit: options.limit ?? 500,
      fieldSelector: object
        ? `involvedObject.kind=${object.kind},involvedObject.name=${object.name}`
        : undefined,
    },
    signal: options.signal,
    attempts: 3,
  })
  const parsed = objectList.safeParse(body)
  if (!parsed.success) {
    throw new UpstreamError('kubernetes', 'decode', 'the answer is not a list of events', {
      cause: parsed.error,
    })
  }
  return (parsed.data.items ?? [])
    .flatMap((item) => decodeEvent(item, options.cluster) ?? [])
    .sort((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0))
}

export interface LogOptions {
  namespace: string
  pod: string
  /** needed where the pod has several */
  container?: string
  /** lines from the end; default 1,000 */
  tailLines?: number
  sinceSeconds?: number
  /** of the container's life before its last restart */
  previous?: boolean
  /** most bytes the server sends; default 5 MiB */
  limitBytes?: number
  signal?: AbortSignal
}

/** Lines of a container's log, oldest first, each opened by its RFC 3339 instant. Throws UpstreamError. */
export async function readPodLogs(client: KubernetesClient, options: LogOptions): Promise<string[]> {
  const text = await client.readText(logPath(options), {
    query: logQuery(options),
    signal: options.signal,
    attempts: 3,
    cutBytes: options.limitBytes ?? LOG_BYTES,
  })
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** The same lines as they come, until the container ends (resolves) or the signal aborts (throws its reason). */
export async function followPodLogs(
  client: KubernetesClient,
  options: LogOptions & { signal: AbortSignal; onLine: (line: string) => void },
): Promise<void> {
  await client.stream(logPath(options), {
    query: { ...logQuery(options), follow: true },
    signal: options.signal,
    onLine: options.onLine,
    accept: '*/*',
    // nobody reads a following log longer without a reload
    maxMs: 4 * 3_600_000,
  })
}

const LOG_BYTES = 5 * 1024 * 1024

function logPath({ namespace, pod }: LogOptions): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`
}

function logQuery(options: LogOptions): Record<string, string | number | boolean | undefined> {
  return {
    container: options.container,
    tailLines: options.tailLines ?? 1_000,
    sinceSeconds: options.sinceSeconds,
    previous: options.previous,
    limitBytes: options.limitBytes ?? LOG_BYTES,
    timestamps: true,
  }
}
