import type { ServerResponse } from 'node:http'
import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, asRecords, asText, at } from '../json'
import { badRequest } from './api-error'
import { wholeNumber } from './reads'

export interface LogLine {
  atMs: number
  text: string
}

/** Lines a container wrote at or after `sinceMs` and before `untilMs`, oldest first; the same range, the same lines. */
export type LogLines = (
  pod: KubernetesObject,
  container: string,
  range: { sinceMs: number; untilMs: number },
) => readonly LogLine[]

/** How far back a log reaches: containers' logs are rotated. */
const KEPT_MS = 3_600_000
const FOLLOW_MS = 1_000

/**
 * Answers `pods/{name}/log`, with the parameters of the real API: container, follow, tailLines, sinceSeconds,
 * sinceTime, timestamps, limitBytes, previous. Throws ApiError 400 as the real one does.
 */
export function streamLogs(
  response: ServerResponse,
  pod: KubernetesObject,
  query: URLSearchParams,
  lines: LogLines,
  now: () => number,
): void {
  const { name, startedMs } = findContainer(pod, query)
  const untilMs = now()
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

  let found = lines(pod, name, { sinceMs, untilMs })
  if (tail !== undefined) found = tail === 0 ? [] : found.slice(-tail)
  let text = Buffer.from(found.map(format).join(''))
  if (text.length > limitBytes) text = text.subarray(0, limitBytes)
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' })
  if (query.get('follow') !== 'true') {
    response.end(text)
    return
  }
  response.flushHeaders()
  response.write(text)
  let from = untilMs
  const timer = setInterval(() => {
    const until = now()
    const fresh = lines(pod, name, { sinceMs: from, untilMs: until })
    from = until
    if (fresh.length > 0) response.write(fresh.map(format).join(''))
  }, FOLLOW_MS)
  timer.unref()
  const end = () => clearInterval(timer)
  response.once('close', end)
}

function findContainer(pod: KubernetesObject, query: URLSearchParams): { name: string; startedMs: number } {
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
  if (query.get('previous') === 'true' && at(own, 'lastState', 'terminated') === undefined) {
    throw badRequest(
      `previous terminated container ${JSON.stringify(name)} in pod ${JSON.stringify(podName)} not found`,
    )
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
