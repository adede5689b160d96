/** What a helper beside an application writes: it forwards what the application leaves in a shared folder. */
import { createRandom } from '@/lib/statistics/random'
import { asRecord, asRecords, asText } from '../kubernetes/json'
import type { LogLine, LogRange } from '../kubernetes/http/pods/logs'
import { stableNumber } from '../kubernetes/names'
import type { KubernetesObject } from '../model'

const ROUND_MS = 15_000
const PROXY = 'istio-proxy'

/** Whether a container is neither the application, which is named first, nor the proxy. */
export function isHelper(pod: KubernetesObject, container: string): boolean {
  const names = asRecords(asRecord(pod.spec).containers).map((one) => asText(one.name))
  return names.filter((name) => name !== PROXY).indexOf(container) > 0
}

/** Newest first. */
export function* helperLines(
  pod: KubernetesObject,
  container: string,
  { sinceMs, untilMs }: LogRange,
): Iterable<LogLine> {
  for (let round = Math.floor(untilMs / ROUND_MS); (round + 1) * ROUND_MS > sinceMs; round -= 1) {
    const random = createRandom(
      stableNumber(`${pod.metadata.uid ?? pod.metadata.name}/${container}/${round}`),
    )
    const atMs = round * ROUND_MS + random.int(0, 1_500)
    const records = random.int(18, 64)
    const tookMs = Math.round(random.lognormal(24, 160))
    const sent = {
      atMs: atMs + tookMs,
      text: `time=${new Date(atMs + tookMs).toISOString()} level=info msg="batch forwarded" records=${records} bytes=${records * random.int(240, 320)} took=${tookMs}ms`,
    }
    const opened = {
      atMs,
      text: `time=${new Date(atMs).toISOString()} level=debug msg="batch read" file=audit-${round % 100_000}.ndjson records=${records}`,
    }
    for (const line of [sent, opened]) if (line.atMs >= sinceMs && line.atMs < untilMs) yield line
  }
}
