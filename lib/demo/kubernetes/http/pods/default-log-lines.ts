import type { KubernetesObject } from '@/lib/demo/model'
import { createRandom } from '@/lib/statistics/random'
import type { Random } from '@/lib/statistics/random'
import { asNumber, asRecord, asRecords, asText, at } from '../../json'
import { stableNumber } from '../../names'
import type { LogLine, LogRange, LogSource } from './logs'

/** Lines are drawn per slot of this length, seeded by container and slot: any range repeats itself. */
const SLOT_MS = 10_000

/** Paths for the access log of a workload nothing is known of. */
const PATHS = ['/', '/health', '/api/v1/items', '/api/v1/items/42', '/status']

/** Believable application and access-log lines, where nobody provides those of the simulated traffic. */
export const defaultLogLines: LogSource = {
  *newestFirst(pod, container, { sinceMs, untilMs }: LogRange) {
    for (let slot = Math.floor(untilMs / SLOT_MS); (slot + 1) * SLOT_MS > sinceMs; slot -= 1) {
      for (const line of linesOfSlot(pod, container, slot).reverse()) {
        if (line.atMs >= sinceMs && line.atMs < untilMs) yield line
      }
    }
  },
}

function linesOfSlot(pod: KubernetesObject, container: string, slot: number): LogLine[] {
  const random = createRandom(stableNumber(`${pod.metadata.uid ?? pod.metadata.name}/${container}/${slot}`))
  const times = Array.from({ length: random.poisson(2) }, () => slot * SLOT_MS + random.int(0, SLOT_MS - 1))
  return times
    .sort((a, b) => a - b)
    .map((atMs) => ({
      atMs,
      text: container === 'istio-proxy' ? accessLogLine(pod, atMs, random) : applicationLine(atMs, random),
    }))
}

function applicationLine(atMs: number, random: Random): string {
  const isError = random.chance(0.01)
  return JSON.stringify({
    time: new Date(atMs).toISOString(),
    level: isError ? 'error' : 'info',
    msg: isError ? 'request failed' : 'request served',
    path: random.pick(PATHS),
    status: isError ? 500 : 200,
    durationMs: Math.round(random.lognormal(8, 60) * 10) / 10,
    trace_id: random.hex(32),
  })
}

/** One line in Istio's default access log format. */
function accessLogLine(pod: KubernetesObject, atMs: number, random: Random): string {
  const app = pod.metadata.labels?.app ?? pod.metadata.name
  const address = asText(asRecord(pod.status).podIP)
  const container = asRecords(asRecord(pod.spec).containers).find((item) => item.name !== 'istio-proxy')
  const port = asNumber(at(asRecords(container?.ports)[0], 'containerPort'), 8080)
  const ms = Math.max(1, Math.round(random.lognormal(8, 60)))
  const isError = random.chance(0.01)
  const host = `${app}.${pod.metadata.namespace ?? 'default'}:${port}`
  const caller = `10.${128 + random.int(0, 63)}.${random.int(0, 255)}.${random.int(1, 254)}`
  return [
    `[${new Date(atMs).toISOString()}]`,
    `"GET ${random.pick(PATHS)} HTTP/1.1"`,
    isError ? '503' : '200',
    isError ? 'UF' : '-',
    isError ? 'upstream_reset_before_response_started{connection_failure}' : 'via_upstream',
    '- "-"',
    `0 ${isError ? 91 : random.int(80, 4_000)} ${ms} ${isError ? '-' : ms - 1}`,
    `"-" "curl/8.9.1" "${random.uuid()}" "${host}" "${address}:${port}"`,
    `inbound|${port}|| 127.0.0.6:${random.int(32_768, 60_999)} ${address}:${port} ${caller}:${random.int(32_768, 60_999)}`,
    `outbound_.${port}_._.${app}.${pod.metadata.namespace ?? 'default'}.svc.cluster.local default`,
  ].join(' ')
}
