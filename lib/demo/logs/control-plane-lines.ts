/** What istiod writes while little happens: a push now and then, and who is connected. */
import { stableNumber } from '../kubernetes/names'
import type { KubernetesObject } from '../model'
import type { LogLine } from '../kubernetes/http/pods/logs'
import { createRandom } from '@/lib/statistics/random'

/** A round of pushes about so often. */
const ROUND_MS = 20_000

/** Newest first. */
export function* controlPlaneLines(
  pod: KubernetesObject,
  { sinceMs, untilMs }: { sinceMs: number; untilMs: number },
): Iterable<LogLine> {
  for (let round = Math.floor(untilMs / ROUND_MS); round * ROUND_MS > sinceMs - ROUND_MS; round -= 1) {
    const random = createRandom(stableNumber(`${pod.metadata.uid ?? pod.metadata.name}/${round}`))
    const startMs = round * ROUND_MS + random.int(0, ROUND_MS - 2_000)
    const version = `${new Date(startMs).toISOString()}/${round % 1_000}`
    const node = `sidecar~10.128.${random.int(0, 9)}.${random.int(1, 254)}`
    const texts = [
      `info\tads\tPush debounce stable[${round % 10_000}] 1 for config EndpointSlice: 100.${random.int(100, 999)}ms since last change, full=false`,
      `info\tads\tXDS: Incremental Pushing ConnectedEndpoints:${random.int(30, 60)} Version:${version}`,
      `info\tads\tEDS: PUSH request for node:${node} resources:${random.int(20, 40)} size:${random.int(4, 12)}.${random.int(0, 9)}kB empty:0 cached:${random.int(10, 20)}/${random.int(20, 40)}`,
      ...(random.chance(0.04) ? [`warn\tads\tXDS: connection to ${node} closed: context canceled`] : []),
    ]
    const lines = texts.map((text, nth) => {
      const atMs = startMs + nth * 3
      return { atMs, text: `${new Date(atMs).toISOString().replace('Z', '000Z')}\t${text}` }
    })
    for (const line of lines.reverse()) if (line.atMs >= sinceMs && line.atMs < untilMs) yield line
  }
}
