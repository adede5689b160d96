/**
 * What the mesh itself costs a request: both proxies of a call time it, the caller's from when it took the request
 * from its application, the called side's from when the request reached it. The difference is what lies between:
 * the caller's proxy, the network, and the called side's proxy up to where it begins to count.
 */

/** Clean requests (no response flag) of one pair and protocol as one side timed them. */
export interface TimedRow {
  /** node ids of the ends */
  source: string
  target: string
  protocol: 'http' | 'grpc'
  side: 'source' | 'destination'
  requestsPerSecond: number
  /** summed time of them, milliseconds per second */
  sumMsPerSecond: number
}

/**
 * Why there is no figure: a side did not report, the two counted different requests, or the called side's mean is the
 * longer one, which no request can be: the two were read at different moments, and what lies between is less than that.
 */
export type OverheadGap = 'caller-silent' | 'called-silent' | 'counts-differ' | 'too-small'

export interface EdgeOverhead {
  source: string
  target: string
  protocol: 'http' | 'grpc'
  requestsPerSecond: number
  /** means; null where that side did not report */
  sourceMs: number | null
  destinationMs: number | null
  /** mean of the difference, milliseconds; null with a gap */
  overheadMs: number | null
  gap: OverheadGap | null
}

/** Scrapes of two proxies fall on different instants; beyond this the two sides counted different requests. */
const SAME_COUNT = 0.1
/** Below this many requests per second one request more or less is beyond that share. */
const TOO_FEW = 1e-9

/**
 * One figure per pair and protocol, dearest first. The mean of differences is the difference of means only over the
 * same requests: where tries again or copies make one side count more, there is none.
 */
export function edgeOverheads(rows: readonly TimedRow[]): EdgeOverhead[] {
  const pairs = new Map<string, { first: TimedRow; source: Side; destination: Side }>()
  for (const row of rows) {
    const key = `${row.source}>${row.target}|${row.protocol}`
    let pair = pairs.get(key)
    if (!pair) pairs.set(key, (pair = { first: row, source: emptySide(), destination: emptySide() }))
    pair[row.side].requestsPerSecond += row.requestsPerSecond
    pair[row.side].sumMsPerSecond += row.sumMsPerSecond
  }
  return [...pairs.values()]
    .flatMap(({ first, source, destination }): EdgeOverhead[] => {
      const sourceMs = meanOf(source)
      const destinationMs = meanOf(destination)
      if (sourceMs === null && destinationMs === null) return []
      const isBelow = sourceMs !== null && destinationMs !== null && sourceMs < destinationMs
      const gap = gapOf(source, destination) ?? (isBelow ? 'too-small' : null)
      return [
        {
          source: first.source,
          target: first.target,
          protocol: first.protocol,
          requestsPerSecond: Math.max(source.requestsPerSecond, destination.requestsPerSecond),
          sourceMs,
          destinationMs,
          overheadMs:
            gap === null && sourceMs !== null && destinationMs !== null ? sourceMs - destinationMs : null,
          gap,
        },
      ]
    })
    .sort(
      (a, b) =>
        (b.overheadMs ?? -Infinity) - (a.overheadMs ?? -Infinity) ||
        b.requestsPerSecond - a.requestsPerSecond ||
        (`${a.source}>${a.target}` < `${b.source}>${b.target}` ? -1 : 1),
    )
}

/**
 * Mean of several edges, each counted by its requests; null where none has a figure, or the sum is too small to be
 * told. Edges that are too small by themselves count as they were measured: leaving them out would make the mean dearer.
 */
export function meanOverheadMs(edges: readonly EdgeOverhead[]): number | null {
  let requests = 0
  let sum = 0
  for (const { sourceMs, destinationMs, requestsPerSecond, gap } of edges) {
    if (sourceMs === null || destinationMs === null || (gap !== null && gap !== 'too-small')) continue
    requests += requestsPerSecond
    sum += (sourceMs - destinationMs) * requestsPerSecond
  }
  return requests > TOO_FEW && sum >= 0 ? sum / requests : null
}

interface Side {
  requestsPerSecond: number
  sumMsPerSecond: number
}

function emptySide(): Side {
  return { requestsPerSecond: 0, sumMsPerSecond: 0 }
}

function meanOf(side: Side): number | null {
  return side.requestsPerSecond > TOO_FEW ? side.sumMsPerSecond / side.requestsPerSecond : null
}

function gapOf(source: Side, destination: Side): OverheadGap | null {
  if (source.requestsPerSecond <= TOO_FEW) return 'caller-silent'
  if (destination.requestsPerSecond <= TOO_FEW) return 'called-silent'
  const most = Math.max(source.requestsPerSecond, destination.requestsPerSecond)
  const differs = Math.abs(source.requestsPerSecond - destination.requestsPerSecond) / most > SAME_COUNT
  return differs ? 'counts-differ' : null
}
