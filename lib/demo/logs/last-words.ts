/** What a container wrote before it ended: requests as ever, and then what led to the end. */
import { createRandom, type Random } from '@/lib/statistics/random'
import type { LogLine, LogRange } from '../kubernetes/http/pods/logs'
import { stableNumber } from '../kubernetes/names'
import type { KubernetesObject } from '../model'

const SLOT_MS = 10_000
/** Of what was written long ago the runtime keeps so much. */
const KEPT_MS = 1_800_000

/** Seconds before the end, and what was said then. */
const SIGNS: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  OOMKilled: [
    [94, 'level=warn msg="heap is 78 % full" used=399MiB limit=512MiB'],
    [41, 'level=warn msg="heap is 91 % full, shedding caches" used=466MiB limit=512MiB'],
    [12, 'level=error msg="garbage collector cannot keep up" pause=1.84s used=503MiB limit=512MiB'],
    [3, 'level=error msg="allocation of 16 MiB failed" used=511MiB limit=512MiB'],
  ],
}
const CRASH = [[1, 'level=error msg="unhandled failure, the process ends" exit_code=1']] as const

/** Newest first. `served` writes a request of the time. */
export function* lastWords(
  pod: KubernetesObject,
  container: string,
  { sinceMs, untilMs, ended }: LogRange & { ended: { reason: string; atMs: number } },
  served: (atMs: number, random: Random) => readonly string[],
): Iterable<LogLine> {
  const from = Math.max(sinceMs, ended.atMs - KEPT_MS)
  const isWanted = ({ atMs }: LogLine) => atMs >= from && atMs < untilMs
  const signs = (SIGNS[ended.reason] ?? CRASH).map(([before, text]) => {
    const atMs = ended.atMs - before * 1000
    return { atMs, text: `time=${new Date(atMs).toISOString()} ${text}` }
  })
  for (let slot = Math.floor(ended.atMs / SLOT_MS); (slot + 1) * SLOT_MS > from; slot -= 1) {
    const random = createRandom(stableNumber(`${pod.metadata.uid ?? pod.metadata.name}/${container}/${slot}`))
    const lines = signs.filter(({ atMs }) => Math.floor(atMs / SLOT_MS) === slot)
    for (let nth = random.poisson(3); nth > 0; nth -= 1) {
      const atMs = slot * SLOT_MS + random.int(0, SLOT_MS - 1)
      for (const text of served(atMs, random)) lines.push({ atMs, text })
    }
    yield* lines.sort((a, b) => b.atMs - a.atMs).filter(isWanted)
  }
}
