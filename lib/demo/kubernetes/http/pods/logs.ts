import type { ServerResponse } from 'node:http'
import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, asRecords, asText, at } from '../../json'
import { badRequest } from '../api-error'
import { wholeNumber } from '../reads'

export interface LogLine {
  atMs: number
  text: string
}

/** What containers wrote; the same range, the same lines. */
export interface LogSource {
  /** lines of later instants are still to come; absent: the present */
  writtenUntil?: () => number
  /** lines at or after `sinceMs` and before `untilMs`, made as they are read: a log can be long */
  newestFirst: (pod: KubernetesObject, container: string, range: LogRange) => Iterable<LogLine>
}

export interface LogRange {
  sinceMs: number
  untilMs: number
  /** of the container before its last restart, and why that one ended */
  ended?: { reason: string; atMs: number }
}

/** How far back a log reaches: containers' logs are rotated. */
const KEPT_MS = 3_600_000
const FOLLOW_MS = 1_000
/** Runtimes rotate what is longer. */
const MOST_LINES = 50_000

/**
 * Answers `pods/{name}/log`, with the parameters of the real API: container, follow, tailLines, sinceSeconds,
 * sinceTime, timestamps, limitBytes, previous. Throws ApiError 400 as the real one does.
 */
export function streamLogs(
  response: ServerResponse,
  pod: KubernetesObject,
  query: URLSearchParams,
  source: LogSource,
  now: () => number,
): void {
  const { name, startedMs, ended } = findContainer(pod, query)
  const present = () => Math.min(now(), source.writtenUntil?.() ?? Infinity)
  const untilMs = ended ? ended.atMs : present()
  const seconds = wholeNumber(query, 'sinceSeconds')
  const sinceTime = query.get('sinceTime')
  let sinceMs = Math.max(startedMs, untilMs - KEPT_MS)
  if (seconds !== undefined) sinceMs = Math.max(sinceMs, untilMs - seconds * 1000)
  if (sinceTime !== null) {
    const instant = Date.parse(sinceTime)
    if (Number.isNaN(instant)) throw badRequest(`invalid value for sinceTime: ${JSON.stringify(sinceTime)}`)
    sinceMs = Math.max(sinceMs, instant)
  }
  const tail = wholeNumber(query, 'tailLines')
  const limitBytes = wholeNumber(query, 'limitBytes') ?? Infinity
  const withTime = query.get('timestamps') === 'true'
  const format = (line: LogLine) =>
    withTime
      ? `${new Date(line.atMs).toISOString().replace('Z', '000000Z')} ${line.text}\n`
      : `${line.text}\n`

  const found = newest(
    source.newestFirst(pod, name, { sinceMs, untilMs, ...(ended ? { ended } : {}) }),
    tail ?? MOST_LINES,
  )
  let text = Buffer.from(found.map(format).join(''))
  if (text.length > limitBytes) text = text.subarray(0, limitBytes)
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' })
  // a container that ended writes nothing more
  if (query.get('follow') !== 'true' || ended) {
    response.end(text)
    return
  }
  response.flushHeaders()
  response.write(text)
  let from = untilMs
  const timer = setInterval(() => {
    const until = present()
    if (until <= from) return
    const fresh = newest(source.newestFirst(pod, name, { sinceMs: from, untilMs: until }), MOST_LINES)
    from = until
    if (fresh.length > 0) response.write(fresh.map(format).join(''))
  }, FOLLOW_MS)
  timer.unref()
  const end = () => clearInterval(timer)
  response.once('close', end)
}

/** At most so many of the newest lines, oldest first. */
function newest(lines: Iterable<LogLine>, most: number): LogLine[] {
  const taken: LogLine[] = []
  for (const line of lines) {
    if (taken.length >= most) break
    taken.push(line)
  }
  return taken.reverse()
}

interface Found {
  name: string
  startedMs: number
  ended?: { reason: string; atMs: number }
}

function findContainer(pod: KubernetesObject, query: URLSearchParams): Found {
  const spec = asRecord(pod.spec)
  const names = asRecords(spec.containers).map((container) => asText(container.name))
  const init = asRecords(spec.initContainers).map((container) => asText(container.name))
  const asked = query.get('container') ?? ''
  const podName = pod.metadata.name
  if (asked === '' && names.length !== 1) {
    const others = init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : ''
    throw badRequest(
      `a container name must be specified for pod ${podName}, choose one of: [${names.join(' ')}]${others}`,
    )
  }
  const name = asked === '' ? (names[0] ?? '') : asked
  if (![...names, ...init].includes(name)) {
    throw badRequest(`container ${name} is not valid for pod ${podName}`)
  }
  const status = asRecord(pod.status)
  const statuses = [...asRecords(status.containerStatuses), ...asRecords(status.initContainerStatuses)]
  const own = statuses.find((container) => container.name === name)
  if (query.get('previous') === 'true') {
    const last = at(own, 'lastState', 'terminated')
    if (last === undefined) {
      throw badRequest(
        `previous terminated container ${JSON.stringify(name)} in pod ${JSON.stringify(podName)} not found`,
      )
    }
    const atMs = Date.parse(asText(at(last, 'finishedAt'))) || 0
    return {
      name,
      startedMs: Date.parse(asText(at(last, 'startedAt'))) || 0,
      ended: { reason: asText(at(last, 'reason')), atMs },
    }
  }
  const waiting = asText(at(own, 'state', 'waiting', 'reason'))
  if (waiting === 'ContainerCreating' || waiting === 'PodInitializing' || waiting === 'ImagePullBackOff') {
    throw badRequest(
      `container ${JSON.stringify(name)} in pod ${JSON.stringify(podName)} is waiting to start: ${waiting}`,
    )
  }
  const started =
    at(own, 'state', 'running', 'startedAt') ?? status.startTime ?? pod.metadata.creationTimestamp
  return { name, startedMs: Date.parse(asText(started)) || 0 }
}
