import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import { LOG_LIMITS, type LogAnswer, type LogLine, type LogsQuery } from '@/lib/api/schemas/telemetry/logs'
import { createLimiter } from '@/lib/http/limiter'
import { readLog, type ContainerLog } from '@/lib/kubernetes/pods/logs'
import { parseAccessLog } from '@/lib/logs/access-log'
import { levelOf, levelOfAccess } from '@/lib/logs/line'
import { nodeId } from '@/lib/mesh/identity'
import type { PodInventory } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { noticeOf } from '../../errors'
import { outdatedNotices, refusedKinds } from '../../snapshots/objects'
import { clientOf } from '../../session/current'
import type { Upstreams } from '../../upstreams'
import { unreadNotices } from '../config-scope'
import { namespacePods, nodeObjects } from '../details/node-objects'
import { findSpans } from './find-spans'
import { missingLogs } from './missing-logs'

const READS_AT_ONCE = 6
/** Without a `since`, what lies before an instant is read from so far back. */
const BEFORE_MS = 600_000
const PROXIES: ReadonlySet<string> = new Set(['istio-proxy', 'linkerd-proxy', 'consul-dataplane'])

interface Wanted {
  pod: PodInventory
  container: string
}

interface Subject {
  cluster: string
  /** null: the cluster's objects are not read */
  pods: PodInventory[] | null
  /** whose spans stand between the lines; null: those of several workloads would be too many questions */
  spansOf: string | null
}

/**
 * Newest lines of the containers of a node or a namespace, read with the rights of the request's user, merged by time. With `at` the
 * lines before that instant, from `since` on: the API server cannot read backwards from an instant.
 */
export async function getLogs(up: Upstreams, query: LogsQuery, signal?: AbortSignal): Promise<LogAnswer> {
  const subject = subjectOf(up, query)
  const source = up.inventories.find((one) => one.cluster === subject.cluster)
  const nothing: LogAnswer = {
    at: up.clock.now(),
    pods: null,
    lines: [],
    spans: null,
    cut: [],
    missingRight: null,
    notices: [],
  }
  if (!source || !subject.pods || refusedKinds(source).includes('Pod')) {
    return { ...nothing, notices: [...unreadNotices(up), ...outdatedNotices(up)] }
  }
  const pods = subject.pods.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const wanted = wantedContainers(query.node === undefined ? spread(pods) : pods, query)
  const read = wanted.slice(0, LOG_LIMITS.containers)
  const answer: LogAnswer = { ...nothing, pods: describe(pods, read) }
  const notices: Notice[] = []
  if (wanted.length > read.length) {
    notices.push({
      code: 'logs-containers',
      message: cutWords(read, wanted, query.node === undefined),
    })
  }
  const client = clientOf(source)
  const limit = createLimiter(READS_AT_ONCE)
  const sinceMs = query.since ?? (query.at === undefined ? undefined : query.at - BEFORE_MS)
  const failures: Parameters<typeof missingLogs>[0][number][] = []
  const logs = await Promise.all(
    read.map(async ({ pod, container }): Promise<ContainerLog | null> => {
      const leave = await limit.enter()
      try {
        return await readLog(client, {
          namespace: pod.namespace,
          pod: pod.name,
          container,
          ...(query.at === undefined ? { tailLines: query.lines } : { untilMs: query.at }),
          ...(sinceMs === undefined ? {} : { sinceMs }),
          previous: query.previous,
          limitBytes: LOG_LIMITS.bytes,
          ...(signal ? { signal } : {}),
        })
      } catch (error) {
        if (!isUpstreamError(error)) throw error
        if (error.status === 403) {
          answer.missingRight = { verb: 'get', resource: 'pods/log', namespace: pod.namespace }
        } else if (error.status === 400 && query.previous) {
          // most containers never restarted: that is no failure
        } else failures.push({ error, pod: pod.name, container })
        return null
      } finally {
        leave()
      }
    }),
  )
  notices.push(...missingLogs(failures, read.length))
  const lines = logs.flatMap((log, index) => {
    const of = read[index]
    if (!log || !of) return []
    if (log.cut) answer.cut.push({ pod: of.pod.name, container: of.container, by: log.cut })
    return linesOf(log, of)
  })
  lines.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
  answer.lines = bounded(lines, notices)
  const { spansOf } = subject
  if (query.spans && spansOf !== null) {
    const range = {
      startMs: sinceMs ?? answer.lines[0]?.atMs ?? answer.at - BEFORE_MS,
      // what a container of before wrote has its end there, not now
      endMs: query.at ?? (query.previous ? (answer.lines.at(-1)?.atMs ?? answer.at) : answer.at),
    }
    const names = new Set(read.map(({ pod }) => pod.name))
    try {
      const found = await findSpans(up, spansOf, range, signal)
      answer.spans = found?.filter((span) => span.pod === null || names.has(span.pod)) ?? null
    } catch (error) {
      notices.push(noticeOf(error, 'Spans are missing among the lines.'))
    }
  }
  return { ...answer, notices }
}

function subjectOf(up: Upstreams, query: LogsQuery): Subject {
  const { node, cluster = '', namespace = '', workloads } = query
  if (node !== undefined) {
    const { ref, index, pods } = nodeObjects(up, node)
    return { cluster: ref.cluster, pods: index && pods, spansOf: node }
  }
  const [only, ...others] = workloads
  return {
    cluster,
    pods: namespacePods(up, { cluster, namespace }),
    spansOf:
      only === undefined || others.length > 0
        ? null
        : nodeId({ cluster, namespace, kind: 'workload', name: only }),
  }
}

/** Where not all can be read: what is not ready first, then one pod of every workload before a second of any. */
function spread(pods: readonly PodInventory[]): PodInventory[] {
  const seen = new Map<string, number>()
  return pods
    .map((pod) => {
      const key = pod.workload ?? `/${pod.name}`
      const nth = seen.get(key) ?? 0
      seen.set(key, nth + 1)
      return { pod, nth }
    })
    .sort((a, b) => Number(a.pod.ready) - Number(b.pod.ready) || a.nth - b.nth)
    .map(({ pod }) => pod)
}

function cutWords(read: readonly Wanted[], wanted: readonly Wanted[], isNamespace: boolean): string {
  const podsOf = (list: readonly Wanted[]) => new Set(list.map(({ pod }) => pod.name)).size
  const which = isNamespace
    ? `, of ${podsOf(read)} of ${podsOf(wanted)} pods: those that are not ready and one of each workload first`
    : ''
  return `${read.length} of ${wanted.length} containers are read at once${which}; choose ${
    isNamespace ? 'a workload or a pod' : 'fewer pods'
  } to see the others.`
}

function wantedContainers(pods: readonly PodInventory[], query: LogsQuery): Wanted[] {
  const { pods: names, containers, workloads } = query
  return pods
    .filter((pod) => workloads.length === 0 || (pod.workload !== null && workloads.includes(pod.workload)))
    .filter((pod) => names.length === 0 || names.includes(pod.name))
    .flatMap((pod) =>
      pod.containers
        .filter(({ name }) => containers.length === 0 || containers.includes(name))
        .map(({ name }) => ({ pod, container: name })),
    )
}

function describe(pods: readonly PodInventory[], read: readonly Wanted[]): LogAnswer['pods'] {
  const isRead = new Set(read.map(({ pod, container }) => `${pod.name}/${container}`))
  return pods.map((pod) => ({
    name: pod.name,
    workload: pod.workload,
    ready: pod.ready,
    containers: pod.containers.map(({ name, restarts, lastEnd }) => ({
      name,
      isProxy: PROXIES.has(name),
      restarts,
      ...(lastEnd ? { lastEnd } : {}),
      isRead: isRead.has(`${pod.name}/${name}`),
    })),
  }))
}

function linesOf(log: ContainerLog, { pod, container }: Wanted): LogLine[] {
  const seen = new Map<string, number>()
  return log.lines.map(({ stamp, atMs, text }) => {
    // lines of one nanosecond are told apart by their order, which is the same in every answer; the tenth sorts last
    const nth = seen.get(stamp) ?? 0
    seen.set(stamp, nth + 1)
    const access = parseAccessLog(text) ?? null
    return {
      id: `${pod.name}/${container}/${stamp}${nth === 0 ? '' : `#${String(nth).padStart(5, '0')}`}`,
      atMs,
      pod: pod.name,
      container,
      level: access ? levelOfAccess(access) : levelOf(text),
      text: text.length > LOG_LIMITS.lineChars ? `${text.slice(0, LOG_LIMITS.lineChars)}…` : text,
      access,
    }
  })
}

/** At most so many lines over all containers, the newest. */
function bounded(lines: LogLine[], notices: Notice[]): LogLine[] {
  const most = LOG_LIMITS.answered
  if (lines.length <= most) return lines
  notices.push({
    code: 'logs-cut',
    message: `Of ${lines.length} lines the newest ${most} are here; choose fewer containers to reach further back.`,
  })
  return lines.slice(-most)
}
