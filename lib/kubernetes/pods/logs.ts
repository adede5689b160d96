import 'server-only'
import type { KubernetesClient } from '../client'
import { parseStamped, type StampedLine } from '@/lib/logs/line'

export interface LogQuestion {
  namespace: string
  pod: string
  container: string
  /** newest lines; absent: from `sinceMs` on */
  tailLines?: number
  sinceMs?: number
  /** only lines before; without `tailLines` */
  untilMs?: number
  /** of the container before its last restart */
  previous?: boolean
  limitBytes: number
  signal?: AbortSignal
}

export interface ContainerLog {
  /** oldest first */
  lines: StampedLine[]
  /** what was left out: older lines beyond `tailLines`, or lines beyond `limitBytes` */
  cut: 'lines' | 'bytes' | null
}

/** Beyond the limit: an answer that reaches it is cut, whoever cut it. */
const SPARE_BYTES = 16 * 1024

/** How often fewer lines are asked for when those asked for do not fit. */
const TRIES = 4

/**
 * Lines of one container, bounded by the API server itself, the newest kept. The server cuts a too long answer at its
 * end: with `tailLines` fewer lines are asked for until they fit; before an instant (`untilMs`) a later beginning is
 * tried, as far back as what fits reached. Where the server does not cut, reading stops there all the same.
 * Throws UpstreamError.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#http-request-2 (read log)
 */
export async function readLog(client: KubernetesClient, question: LogQuestion): Promise<ContainerLog> {
  let { tailLines, sinceMs } = question
  let isNarrowed = false
  for (let attempt = 1; ; attempt += 1) {
    const text = await askLog(client, { ...question, tailLines, sinceMs })
    const isFull = Buffer.byteLength(text) >= question.limitBytes
    const raw = text.split('\n')
    // after the last line break is nothing, or a line that was cut
    const rest = raw.pop() ?? ''
    const lines = (rest === '' ? raw : [...raw, rest]).flatMap((line) => parseStamped(line) ?? [])
    const next = isFull && attempt < TRIES ? narrower({ tailLines, sinceMs }, lines, question.untilMs) : null
    if (next) {
      ;({ tailLines, sinceMs } = next)
      isNarrowed = true
      continue
    }
    const isEarlyEnd =
      isFull && (question.untilMs === undefined || (lines.at(-1)?.atMs ?? 0) < question.untilMs)
    const cut =
      isEarlyEnd || isNarrowed ? 'bytes' : tailLines !== undefined && raw.length >= tailLines ? 'lines' : null
    return { lines: lines.filter(({ atMs }) => atMs < (question.untilMs ?? Infinity)), cut }
  }
}

interface Reach {
  tailLines: number | undefined
  sinceMs: number | undefined
}

/** A smaller question after one whose answer was cut; null where what is wanted is there, or nothing smaller is. */
function narrower(
  { tailLines, sinceMs }: Reach,
  lines: readonly StampedLine[],
  untilMs: number | undefined,
): Reach | null {
  if (tailLines !== undefined) {
    if (tailLines <= 1) return null
    return { tailLines: Math.max(1, Math.min(Math.floor(lines.length * 0.8), tailLines >> 1)), sinceMs }
  }
  const last = lines.at(-1)?.atMs
  if (untilMs === undefined || last === undefined || last >= untilMs) return null
  const first = lines[0]?.atMs ?? last
  // the server takes whole seconds
  const later = untilMs - Math.max(1_000, (last - first) * 0.8)
  return later > (sinceMs ?? 0) ? { tailLines, sinceMs: later } : null
}

function askLog(client: KubernetesClient, question: Omit<LogQuestion, keyof Reach> & Reach): Promise<string> {
  const { namespace, pod, container, tailLines, sinceMs, previous, limitBytes, signal } = question
  return client.readText(
    `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
    {
      query: {
        container,
        timestamps: true,
        tailLines,
        limitBytes,
        sinceTime: sinceMs === undefined ? undefined : new Date(sinceMs).toISOString(),
        previous: previous || undefined,
      },
      // not every API server keeps to the limit: a proxy of its own may leave it out
      cutBytes: limitBytes + SPARE_BYTES,
      timeoutMs: 15_000,
      ...(signal ? { signal } : {}),
    },
  )
}
