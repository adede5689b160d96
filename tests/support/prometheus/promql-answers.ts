/** Whether two Prometheus answers say the same. */

type Point = [number, string]

export interface Answer {
  status: number
  body: {
    status: string
    errorType?: string
    error?: string
    data?: {
      resultType: string
      result: { metric: Record<string, string>; value?: Point; values?: Point[] }[]
    }
  }
}

const RELATIVE_ERROR = 1e-9

/**
 * The first difference in words; null when there is none. Values may differ by 1e-9 of their size, NaN equals NaN;
 * vectors are compared as sets unless `ordered`.
 */
export function compareAnswers(ours: Answer, theirs: Answer, ordered: boolean): string | null {
  if (ours.status !== theirs.status || ours.body.errorType !== theirs.body.errorType) {
    return `ours: ${describe(ours)}; theirs: ${describe(theirs)}`
  }
  const [own, other] = [ours.body.data, theirs.body.data]
  if (!own || !other) return own === other ? null : 'one has data, the other not'
  if (own.resultType !== other.resultType) return `${own.resultType} is not ${other.resultType}`
  if (own.resultType === 'scalar' || own.resultType === 'string') {
    return comparePoints(own.result as unknown as Point, other.result as unknown as Point)
  }
  const keyed = ({ metric }: { metric: Record<string, string> }) =>
    JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)))
  const arrange = (result: typeof own.result) => {
    const rows = result.map((row) => ({
      key: keyed(row),
      points: row.values ?? (row.value ? [row.value] : []),
    }))
    return ordered ? rows : rows.sort((a, b) => (a.key < b.key ? -1 : 1))
  }
  const [mine, yours] = [arrange(own.result), arrange(other.result)]
  for (let i = 0; i < Math.max(mine.length, yours.length); i++) {
    const [a, b] = [mine[i], yours[i]]
    if (!a || !b || a.key !== b.key)
      return `row ${i} of ${mine.length}/${yours.length}: ours ${a?.key}; theirs ${b?.key}`
    const difference = compareSeries(a.points, b.points)
    if (difference) return `${a.key}: ${difference}`
  }
  return null
}

function describe({ status, body }: Answer): string {
  return `${status} ${body.errorType ?? ''} ${body.error ?? JSON.stringify(body.data).slice(0, 300)}`
}

function compareSeries(ours: readonly Point[], theirs: readonly Point[]): string | null {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const [a, b] = [ours[i], theirs[i]]
    if (!a || !b) return `point ${i}: ours ${a?.join(' ')}; theirs ${b?.join(' ')}`
    const difference = comparePoints(a, b)
    if (difference) return `point ${i}: ${difference}`
  }
  return null
}

function comparePoints([ourTime, ours]: Point, [theirTime, theirs]: Point): string | null {
  const same = ourTime === theirTime && (ours === theirs || isClose(number(ours), number(theirs)))
  return same ? null : `ours ${ours} at ${ourTime}; theirs ${theirs} at ${theirTime}`
}

function number(text: string): number {
  return /^[+-]?Inf$/.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text)
}

function isClose(a: number, b: number): boolean {
  // nothing is near an infinity, though its share of one is infinite too
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false
  // a sum of differences may end as rounding dust where the other ends at 0
  return Math.abs(a - b) <= Math.max(RELATIVE_ERROR * Math.max(Math.abs(a), Math.abs(b)), 1e-12)
}
