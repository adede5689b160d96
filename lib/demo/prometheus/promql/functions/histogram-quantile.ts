/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { labelValue } from '@/lib/demo/prometheus/label-set'
import { emptyFrame, type Frame } from '@/lib/demo/prometheus/promql/frame'
import { groupRows, type Grouper } from '@/lib/demo/prometheus/promql/grouping'
import { bucketQuantile, type Bucket } from '@/lib/demo/prometheus/promql/quantile'

/** φ-quantiles of the histograms whose buckets the rows are; `grouper` numbers rows without `le`. */
export function histogramQuantile(phi: Float64Array, frame: Frame, grouper: Grouper): Frame {
  const { steps, has, values } = frame
  const bounds = Float64Array.from(frame.rows, ({ labels }) => parseBound(labelValue(labels, 'le')))
  const { groupOf, groups } = groupRows(frame.rows, grouper)
  const members: number[][] = groups.map(() => [])
  frame.rows.forEach((_, row) => {
    // a row without a bound is no bucket
    if (!Number.isNaN(bounds[row]!)) members[groupOf[row]!]!.push(row)
  })
  const kept = groups.flatMap((_, group) => (members[group]!.length > 0 ? [group] : []))
  const out = emptyFrame(
    kept.map((group) => groups[group]!),
    steps,
  )
  kept.forEach((group, at) => {
    const rows = members[group]!.sort((a, b) =>
      bounds[a]! < bounds[b]! ? -1 : bounds[a]! > bounds[b]! ? 1 : 0,
    )
    for (let step = 0; step < steps; step++) {
      const buckets: Bucket[] = []
      for (const row of rows) {
        const cell = row * steps + step
        if (has[cell]) buckets.push({ upperBound: bounds[row]!, count: values[cell]! })
      }
      if (buckets.length === 0) continue
      out.has[at * steps + step] = 1
      out.values[at * steps + step] = bucketQuantile(phi[step]!, buckets)
    }
  })
  return out
}

function parseBound(text: string): number {
  if (/^[+]?inf(inity)?$/i.test(text)) return Infinity
  return text.trim() === '' ? NaN : Number(text)
}
