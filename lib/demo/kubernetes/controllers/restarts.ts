/** Restarts of single containers, as a workload's annotation tells them. */

/** On a workload: a JSON list of what happened to containers of its pods. */
export const PAST_RESTARTS_ANNOTATION = 'demo.heddle.dev/past-restarts'
export const DAY_MS = 86_400_000

export interface PastRestart {
  /** place of the pod among its workload's, in order of name */
  pod: number
  container: string
  /** of the pod's life; a younger pod has yet to see it */
  afterDays: number
  /** as the kubelet says it, e.g. `OOMKilled` */
  reason: string
  exitCode: number
}

/** Those of one pod, oldest first; what is no such list counts as none. */
export function pastRestarts(annotations: Record<string, string>, position: number): PastRestart[] {
  const text = annotations[PAST_RESTARTS_ANNOTATION]
  if (text === undefined) return []
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    return []
  }
  if (!Array.isArray(list)) return []
  return list
    .filter(isRestart)
    .filter(({ pod }) => pod === position)
    .sort((a, b) => a.afterDays - b.afterDays)
}

function isRestart(value: unknown): value is PastRestart {
  if (typeof value !== 'object' || value === null) return false
  const { pod, container, afterDays, reason, exitCode } = value as Record<keyof PastRestart, unknown>
  return (
    typeof pod === 'number' &&
    typeof container === 'string' &&
    typeof afterDays === 'number' &&
    typeof reason === 'string' &&
    typeof exitCode === 'number'
  )
}
